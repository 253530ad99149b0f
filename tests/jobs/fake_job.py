"""A kind of long work that only counts, and breaks off where it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field

from carenet.agencies.actors import Actor
from carenet.core.errors import Invalid
from carenet.jobs.registry import Batch, Options, Part

PIECES = 4


@dataclass
class Counting:
    """Four pieces, one with each step; the second is refused. Each is written into the file."""

    takes_file: bool = False
    ability: str = "lists.import"
    name: str = "test.counting"
    label: str = "Counting"
    heads: dict[str, str] = field(default_factory=lambda: {"taken": "taken", "refused": "refused"})
    breaks_off_at: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    #: Abilities that the actor of each step had.
    actors: list[Actor] = field(default_factory=list)

    def begin(self, actor: Actor, options: Options, content: bytes) -> int:
        if options.get("wrong"):
            raise Invalid({"wrong": "Say something else."})
        return PIECES

    def run_batch(self, actor: Actor, part: Part) -> Batch:
        at = int(part.at or 0)
        self.asked.append(part.at)
        self.actors.append(actor)
        if part.at in self.breaks_off_at:
            raise self.breaks_off_at[part.at]
        refused = at == 1
        return Batch(
            done=1,
            at=str(at + 1) if at + 1 < PIECES else None,
            counts={"taken": int(not refused), "refused": int(refused)},
            told=[{"line": at + 1, "key": "", "words": "no"}] if refused else [],
            content=b"" if self.takes_file else f"{at}\n".encode(),
        )
