"""What upper rooms hang onto a case (end, restriction, handover), keep from it or of a consultation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from carenet.access.actor_queries import Rows
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.cases.models import Case, CaseMember, Consultation
from carenet.core.decisions import Decision
from carenet.core.errors import Conflict
from carenet.core.hooks import Hook

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@Hook
def case_ended(*, actor: Actor, case: Case) -> None:
    """Settle what an upper room has open on a case that ends, in the same transaction."""


@Hook
def restriction_changed(*, actor: Actor, case: Case) -> None:
    """Adapt what an upper room has on a case that was restricted, or opened again."""


@Hook
def naming_ends(*, case: Case, remaining: QuerySet[CaseMember]) -> None:
    """Refuse the end of a naming to a case that an upper room needs; `remaining` are the others."""


@Hook
def case_handed_over(
    *, actor: Actor, case: Case, from_person: UUID | None, to_person: User
) -> None:
    """Pass what an upper room has on a case from one person of its lead to another."""


@dataclass(frozen=True, slots=True)
class CaseGuard:
    """Why an upper room keeps a case from ending, or from being open to others; None: it does not.

    A page says it beforehand; the room itself refuses it in `case_ended` and `restriction_changed`.
    """

    end_refusal: Callable[[Case], Conflict | None]
    opening_refusal: Callable[[Case], Conflict | None]


@dataclass(frozen=True, slots=True)
class ConsultationGuard:
    """For whom an upper room keeps consultations that are in its hands.

    `not_kept` is the condition "this room does not keep it", `readable` "it does, and the actor reads
    it"; `decide` says the same of one consultation, None for one that it does not keep.
    """

    not_kept: Callable[[], Q]
    readable: Callable[[Actor], Q]
    decide: Callable[[Actor, Consultation], Decision | None]


@dataclass(frozen=True, slots=True)
class PackLine:
    """One line of a handover pack; `kind` and `id` say where more of it is found."""

    text: str
    on: date | None = None
    kind: str = ""
    id: UUID | None = None


class HandoverSection(Protocol):
    """A part of the handover pack.

    `rows` is what the actor may see of the case anyway; it is asked for with the rest of the pack.
    `line` tells one of them, and notes that it is shown (`log_read`).
    """

    @property
    def name(self) -> str:
        """A stable name: "referrals"."""

    @property
    def title(self) -> StrOrPromise:
        """Its heading."""

    def rows(self, *, actor: Actor, case: Case) -> Rows[Any]: ...

    def line(self, row: Any) -> PackLine: ...


#: What upper rooms keep from being done with a case.
case_guards: list[CaseGuard] = []
#: Who reads a consultation beyond the rule of this room, or does not.
consultation_guards: list[ConsultationGuard] = []
#: Which cases stay open when the record of their person ends, although nobody may be told so.
outlives_record: list[Callable[[Case], bool]] = []
#: The parts of the handover pack that upper rooms add in `hooks.register()`.
handover_sections: list[HandoverSection] = []
