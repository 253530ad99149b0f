"""What upper rooms hang onto a case: onto its end, its restriction, its handover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from carenet.core.hooks import Hook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import User
    from carenet.cases.models import Case


@Hook
def case_ended(*, actor: Actor, case: Case) -> None:
    """Settle what an upper room has open on a case that ends, in the same transaction."""


@Hook
def restriction_changed(*, actor: Actor, case: Case) -> None:
    """Adapt what an upper room has on a case that was restricted, or opened again."""


@Hook
def case_handed_over(
    *, actor: Actor, case: Case, from_person: UUID | None, to_person: User
) -> None:
    """Pass what an upper room has on a case from one person of its lead to another."""


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


#: What the upper rooms keep of reporters' words; each adds its own in `hooks.register()`.
reporter_texts: list[ReporterText] = []
#: The parts of the handover pack that upper rooms add in `hooks.register()`.
handover_sections: list[HandoverSection] = []
