"""Reads: always from the visible set, with everything a page needs in a fixed number of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.access.actions import SHARE
from carenet.access.selectors import Key, listed
from carenet.cases import policy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor
    from carenet.cases.models import Case, Consultation, ProgressNote
    from carenet.cases.states import CaseStatus

LEAD = "lead"


def cases(actor: Actor) -> QuerySet[Case]:
    """Return the visible cases with what their representation shows."""
    return policy.visible_to(actor).select_related("resident", "lead_agency", "person_in_charge")


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
    keys = listed(
        actor,
        "case",
        ways=[(way, status.value) for way in (LEAD, SHARE) for status in statuses],
        named=policy.named_cases(actor).values("case") if actor.user_id else None,
        after=after,
        backwards=backwards,
        limit=limit,
    )
    found = cases(actor).in_bulk([object_id for _due, object_id in keys])
    return [found.get(object_id) for _due, object_id in keys], keys


def consultations(actor: Actor) -> QuerySet[Consultation]:
    """Return the visible consultations, with their subject and case."""
    visible = policy.consultations_visible_to(actor)
    return visible.select_related("subject", "case", "recorded_by")


def notes(actor: Actor, case: Case) -> QuerySet[ProgressNote]:
    """Return the notes of a case that the actor may read."""
    visible = policy.notes_visible_to(actor, case)
    return visible.select_related("author", "author_agency", "corrected_by")
