"""How long a task takes whoever knows it: the keystroke-level model, with few and coarse operators.

The operators are fixed, so that a task can be compared with itself before and after a change. They
hold a person at a desk in Japanese: what is typed goes through an input method.
"""

from __future__ import annotations

from dataclasses import dataclass, field

CLICK_SECONDS, PAGE_SECONDS, CHOICE_SECONDS = 1.5, 1.0, 3.0
#: Of what is typed into one field, with the way there, and of each character of it.
GROUP_SECONDS, CHARACTER_SECONDS = 1.2, 0.35
#: So many options are seen at once; whoever chooses among more has to read.
SEEN_AT_ONCE = 7


@dataclass(slots=True)
class Strokes:
    """What a task has asked of a person so far."""

    clicks: int = 0
    pages: int = 0
    groups: int = 0
    characters: int = 0
    #: Where somebody had to read more than is seen at once, and how much.
    choices: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.without_text + self.characters * CHARACTER_SECONDS

    @property
    def without_text(self) -> float:
        """Seconds but for the characters: a note may be as long as it has to be."""
        return (
            self.clicks * CLICK_SECONDS
            + self.pages * PAGE_SECONDS
            + self.groups * GROUP_SECONDS
            + len(self.choices) * CHOICE_SECONDS
        )

    def add(self, others: Strokes) -> None:
        """Count what was done before, as somebody else."""
        self.clicks += others.clicks
        self.pages += others.pages
        self.groups += others.groups
        self.characters += others.characters
        self.choices = [*others.choices, *self.choices]

    def type(self, words: str) -> None:
        self.groups += 1
        self.characters += len(words)

    def choose(self, what: str, options: int, clicks: int) -> None:
        self.clicks += clicks
        if options > SEEN_AT_ONCE:
            self.choices.append(f"{what} {options}")

    def __str__(self) -> str:
        read = f", choices of {', '.join(self.choices)}" if self.choices else ""
        return (
            f"{self.pages} pages, {self.clicks} clicks, {self.groups} groups of "
            f"{self.characters} characters{read}"
        )
