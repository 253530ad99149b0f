"""The list of an agency's cases, from the access index: a page of it, how many, which comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from carenet.access.actions import SHARE
from carenet.access.actor_queries import ActorQuery
from carenet.access.models import NO_DATE
from carenet.access.selectors import Key, listed
from carenet.agencies.actors import Actor
from carenet.cases import policy
from carenet.cases.models import Case
from carenet.cases.selectors import LEAD, cases
from carenet.cases.states import CaseStatus

#: As many entries of the index as are looked at for the next case that may be seen.
BESIDE = 20


def case_page(
    actor: Actor,
    *,
    statuses: Iterable[CaseStatus],
    after: Key | None,
    backwards: bool,
    limit: int,
) -> tuple[list[Case | None], list[Key]]:
    """Return one page of the agency's cases in these statuses, next due first, with their keys.

    None stands for a case that was hidden between index and look-up.
    """
    keys = _keys(actor, statuses, after=after, backwards=backwards, limit=limit)
    found = {each.pk: each for each in _LINES.rows(actor, ids=[pk for _due, pk in keys])}
    return [found.get(pk) for _due, pk in keys], keys


def case_count(actor: Actor, *, statuses: Iterable[CaseStatus], most: int) -> int:
    """Return how many visible cases of the agency stand in these statuses, counted up to `most`."""
    ids = [pk for _due, pk in _keys(actor, statuses, limit=most)]
    return len(_SEEN.rows(actor, ids=ids))


def next_to(
    actor: Actor, case: Case, *, statuses: Sequence[CaseStatus], backwards: bool
) -> UUID | None:
    """Return which visible case of the agency comes after one in the list, or before it.

    The index may name some that are hidden by now: those are passed over.
    """
    here: Key = (case.next_due or NO_DATE, case.pk)
    while keys := _keys(actor, statuses, after=here, backwards=backwards, limit=BESIDE):
        seen = {pk for (pk,) in _SEEN.rows(actor, ids=[pk for _due, pk in keys])}
        there = [pk for _due, pk in (reversed(keys) if backwards else keys) if pk in seen]
        if there:
            return there[0]
        here = keys[0] if backwards else keys[-1]
    return None


def _keys(actor: Actor, statuses: Iterable[CaseStatus], *, limit: int, **place: Any) -> list[Key]:
    return listed(
        actor,
        "case",
        ways=[(way, status.value) for way in (LEAD, SHARE) for status in statuses],
        named=_NAMED.sql(actor) if actor.user_id else None,
        limit=limit,
        **place,
    )


def _lines(actor: Actor, ids: list[UUID]) -> QuerySet[Case]:
    """Return the visible cases among these with what a line of the list shows, and no more."""
    of_case = (
        "version", "number", "consultation", "status", "confidentiality", "summary", "plan",
        "next_action", "next_action_on", "opened_at", "ended_at", "end_reason", "end_note",
    )  # fmt: skip
    of_person = (
        "family_name", "given_name", "family_kana", "given_kana", "birth_date", "birth_year",
        "ended_on", "ended_because",
    )  # fmt: skip
    return (
        cases(actor)
        .filter(pk__any_of=ids)
        .only(
            *of_case,
            *(f"resident__{name}" for name in of_person),
            "lead_agency__name",
            "lead_agency__kind",
            "person_in_charge__name",
        )
    )


def _seen(actor: Actor, ids: list[UUID]) -> QuerySet[Case, tuple[UUID]]:
    """Return which of these cases are visible."""
    return policy.visible_to(actor).filter(pk__any_of=ids).values_list("pk")


_LINES = ActorQuery(_lines, ids=[UUID(int=1)])
_SEEN: ActorQuery[tuple[UUID]] = ActorQuery(_seen, ids=[UUID(int=1)])
_NAMED: ActorQuery[Any] = ActorQuery(lambda actor: policy.named_cases(actor).values("case"))
