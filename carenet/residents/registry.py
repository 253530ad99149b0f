"""What upper rooms hang onto a person: ways in, who is in charge, filters, what follows a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.core.hooks import Hook
from carenet.residents.models import Consent, Resident


@dataclass(frozen=True, slots=True)
class ResidentVisibility:
    """A room's conditions on `Resident`: an `Exists` correlated on the resident's `pk`.

    `sees(actor)` for reading, `edits(actor)` for correcting the record (None: this way never does).
    `reaches(actor)` returns ids of residents, each query found by an index: all whom `sees` lets
    through are among them, and perhaps others. `by_case`: it leads through a case that the actor
    sees.
    """

    sees: Callable[[Actor], Q]
    reaches: Callable[[Actor], Iterable[QuerySet[Any, Any]]]
    edits: Callable[[Actor], Q] | None = None
    by_case: bool = False


#: The ways to a resident; each room adds its own in `hooks.register()`.
resident_visibilities: list[ResidentVisibility] = []


@dataclass(frozen=True, slots=True)
class InCharge:
    """An agency that works with a person now, and who of it has that in hand, if anybody has."""

    agency: Agency
    person: User | None


@Hook
def resident_ended(*, actor: Actor, resident: Resident) -> None:
    """Settle what an upper room has open on a person who died or moved away, all in one go."""


@Hook
def consent_withdrawn(*, actor: Actor, consent: Consent) -> None:
    """End what an upper room rests on a consent that is withdrawn, in the same transaction."""


_in_charge: list[Callable[[UUID], Iterable[InCharge]]] = []


def add_those_in_charge(find: Callable[[UUID], Iterable[InCharge]]) -> None:
    """Register how a room finds who works with a person; called from its `hooks.register()`."""
    _in_charge.append(find)


def those_in_charge(resident_id: UUID) -> list[InCharge]:
    """Return everybody who works with a person now, as the rooms know it."""
    return [each for find in _in_charge for each in find(resident_id)]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was disclosed on a basis that does not hold, and why, as a code."""

    id: UUID
    reason: str


class Disclosures(Protocol):
    """What a room has disclosed on a lawful basis, and has not ended.

    `review` judges some of them, locked, in the caller's transaction; with `end` it ends those that do
    not hold, and tells who gave them. What was ended is not among `ids` any more.
    """

    @property
    def kind(self) -> str:
        """What the trail calls one."""

    def ids(self) -> Iterable[UUID]: ...

    def review(self, ids: Sequence[UUID], *, end: bool) -> Sequence[Finding]: ...


#: What every room discloses; each adds its own in `hooks.register()`.
disclosures: list[Disclosures] = []


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a room's work with a resident has come, as a filter of the search.

    `condition(actor, codes)` is a condition on `Resident`, through what the actor sees and nothing
    else; `codes` are those that may be asked for.
    """

    kind: str
    codes: frozenset[str]
    condition: Callable[[Actor, Iterable[str]], Q]


_progress: dict[str, Progress] = {}


def add_progress(progress: Progress) -> None:
    """Register a filter; called from a room's `hooks.register()`."""
    _progress[progress.kind] = progress


def progress_kind(kind: str) -> Progress:
    """Return the filter registered under `kind`; raises `KeyError` when none is."""
    return _progress[kind]


def progress_kinds() -> dict[str, frozenset[str]]:
    """Return the codes of every kind that a search may ask for."""
    return {kind: progress.codes for kind, progress in sorted(_progress.items())}


#: Who is never hinted at to another agency: conditions on `Resident`, added in `hooks.register()`.
conditions_of_concealment: list[Callable[[], Q]] = []


@dataclass(frozen=True, slots=True)
class PointsAtResident:
    """A column that points at a resident, and follows when two records become one.

    `versioned`: the row's version grows, so that nobody overwrites what they have not seen.
    `after` names the same fact one row further up (`case__resident`), which has moved before: the row
    follows it, whatever was noted.
    """

    model: type[Model]
    field: str
    versioned: bool = False
    after: str = ""

    @property
    def name(self) -> str:
        """A stable name, under which a merge notes what it has moved."""
        return f"{self.model._meta.label_lower}.{self.field}"

    @property
    def _rows(self) -> QuerySet[Model]:
        return QuerySet(self.model)

    def move(self, source: UUID, target: UUID, only: Iterable[str] | None = None) -> Sequence[str]:
        """Let the rows that point at `source` point at `target`; return their ids.

        `only` limits them: what no longer points at `source` stays where it is. Locks them in the
        order of their ids, within the caller's transaction.
        """
        rows = self._rows.filter(**{self.field: source})
        if self.after:
            rows = rows.filter(**{self.after: target})
        elif only is not None:
            rows = rows.filter(pk__in=list(only))
        ids = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        changes = {f"{self.field}_id": target}
        raised = {"version": F("version") + 1} if self.versioned else {}
        self._rows.filter(pk__in=ids).update(**changes, **raised)
        return [str(pk) for pk in ids]


#: The columns that follow a merge, in the order in which rows are locked: lower rooms add theirs first.
pointers_at_residents: list[PointsAtResident] = []
