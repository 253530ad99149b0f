"""What upper rooms hang onto a case: onto its end, its restriction, its handover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import User
    from carenet.cases.models import Case


class OnCaseEnding(Protocol):
    """Settles what an upper room has open on a case that ends, in the same transaction."""

    def __call__(self, *, actor: Actor, case: Case) -> None: ...


class OnRestriction(Protocol):
    """Keeps what an upper room holds on a case in step with its confidentiality."""

    def __call__(self, *, actor: Actor, case: Case) -> None: ...


class OnHandover(Protocol):
    """Passes what an upper room holds on a case from one person of its lead to another."""

    def __call__(
        self, *, actor: Actor, case: Case, from_person: UUID | None, to_person: User
    ) -> None: ...


class ReporterText(Protocol):
    """What an upper room keeps of the words of somebody who reports abuse.

    `callers` tells under which names and telephones it knows whoever said what became of these
    consultations (`name`, `phone`, `relationship`). `forget` takes them out of what it keeps on the
    case and its person; `strike` returns a text without them.
    """

    def callers(self, calls: Sequence[UUID]) -> Sequence[dict[str, str]]: ...

    def forget(
        self, *, actor: Actor, case: Case, calls: Sequence[UUID], strike: Callable[[str], str]
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class PackLine:
    """One line of a handover pack; `kind` and `id` say where more of it is found."""

    text: str
    on: date | None = None
    kind: str = ""
    id: UUID | None = None


class HandoverSection(Protocol):
    """A part of the handover pack.

    `lines` holds what the actor may see of the case anyway, notes what it shows (`saw`), and costs a
    fixed number of queries.
    """

    @property
    def name(self) -> str:
        """A stable name: "referrals"."""

    @property
    def title(self) -> StrOrPromise:
        """Its heading."""

    def lines(self, *, actor: Actor, case: Case) -> Sequence[PackLine]: ...


_on_case_ending: list[OnCaseEnding] = []
_on_restriction: list[OnRestriction] = []
_on_handover: list[OnHandover] = []
_words_of_reporter: list[ReporterText] = []
_handover_sections: list[HandoverSection] = []


def on_case_ending(settle: OnCaseEnding) -> None:
    """Register a room's settling; called from its `hooks.register()`."""
    _on_case_ending.append(settle)


def case_ended(*, actor: Actor, case: Case) -> None:
    """Let every room settle what it has open; whatever one of them raises stops the ending."""
    for settle in _on_case_ending:
        settle(actor=actor, case=case)


def on_restriction(adapt: OnRestriction) -> None:
    """Register a room's adapting; called from its `hooks.register()`."""
    _on_restriction.append(adapt)


def restriction_changed(*, actor: Actor, case: Case) -> None:
    """Let every room adapt to a case that was restricted, or opened again."""
    for adapt in _on_restriction:
        adapt(actor=actor, case=case)


def on_handover(hand_over: OnHandover) -> None:
    """Register a room's passing on; called from its `hooks.register()`."""
    _on_handover.append(hand_over)


def case_handed_over(
    *, actor: Actor, case: Case, from_person: UUID | None, to_person: User
) -> None:
    """Let every room pass on what somebody held on a case that is handed over."""
    for hand_over in _on_handover:
        hand_over(actor=actor, case=case, from_person=from_person, to_person=to_person)


def on_reporter_hidden(words: ReporterText) -> None:
    """Register what a room keeps of a reporter's words; called from its `hooks.register()`."""
    _words_of_reporter.append(words)


def reporter_texts() -> Sequence[ReporterText]:
    """Return what the upper rooms keep."""
    return tuple(_words_of_reporter)


def add_handover_section(section: HandoverSection) -> None:
    """Add a part to the handover pack; called from a room's `hooks.register()`."""
    _handover_sections.append(section)


def handover_sections() -> Sequence[HandoverSection]:
    """Return the parts of the handover pack that upper rooms have added."""
    return tuple(_handover_sections)
