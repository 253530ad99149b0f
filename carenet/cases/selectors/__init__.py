"""Reads: always from the visible set, with everything a page needs in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from carenet.access.actions import SHARE
from carenet.access.actor_queries import ActorQuery
from carenet.access.models import Grant
from carenet.access.selectors import Key, listed
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.cases import policy
from carenet.cases.models import (
    Assessment,
    Case,
    CaseHandover,
    Consultation,
    ConsultationReader,
    PlanGoal,
    PlanReview,
    ProgressNote,
    SupportPlan,
)
from carenet.cases.states import OPEN, CaseStatus, ConsultationStatus, PlanStatus

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
        named=_NAMED.sql(actor) if actor.user_id else None,
        after=after,
        backwards=backwards,
        limit=limit,
    )
    found = {each.pk: each for each in _LINES.rows(actor, ids=[pk for _due, pk in keys])}
    return [found.get(pk) for _due, pk in keys], keys


def _lines(actor: Actor, ids: list[UUID]) -> QuerySet[Case]:
    """Return the visible cases among these with what a line of the list shows, and no more."""
    of_case = (
        "version", "number", "consultation", "status", "confidentiality", "summary", "plan",
        "next_action", "next_action_on", "opened_at", "ended_at", "end_reason", "end_note",
    )  # fmt: skip
    of_person = ("family_name", "given_name", "family_kana", "given_kana")
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


_LINES = ActorQuery(_lines, ids=[UUID(int=1)])
_NAMED: ActorQuery[Any] = ActorQuery(lambda actor: policy.named_cases(actor).values("case"))


def consultations(actor: Actor) -> QuerySet[Consultation]:
    """Return the visible consultations, with their subject and case."""
    visible = policy.consultations_visible_to(actor)
    return visible.select_related("subject", "case", "joined_case", "recorded_by")


def consultation_page(
    actor: Actor, *, untriaged_only: bool, after: UUID | None, backwards: bool, limit: int
) -> tuple[list[Consultation], list[UUID]]:
    """Return one page of the visible consultations, newest first; the untriaged ones oldest first.

    `after` is the consultation that the page follows, or goes before when it is turned back.
    """
    found = consultations(actor)
    if untriaged_only:
        found = found.filter(status=ConsultationStatus.RECEIVED)
    ascending = untriaged_only != backwards
    if after:
        found = found.filter(pk__gt=after) if ascending else found.filter(pk__lt=after)
    page = list(found.order_by("pk" if ascending else "-pk")[:limit])
    page = page[::-1] if backwards else page
    return page, [each.pk for each in page]


def joinable(actor: Actor, resident_id: UUID | None) -> QuerySet[Case]:
    """Return the open cases of a person to which the actor may join a consultation, newest first."""
    found = policy.written_in_by(actor).filter(resident=resident_id, status__in=sorted(OPEN))
    return found.select_related("resident", "lead_agency", "person_in_charge").order_by("-pk")


def untriaged(actor: Actor, *, limit: int) -> list[Consultation]:
    """Return the visible consultations that nobody has triaged yet, oldest first, without persons."""
    received = policy.consultations_visible_to(actor).filter(status=ConsultationStatus.RECEIVED)
    return list(received.order_by("received_at", "pk")[:limit])


def consultation_readers(consultation: Consultation) -> QuerySet[ConsultationReader]:
    """Return who reads a visible consultation that is set apart."""
    return consultation.readers.filter(until=None).select_related("user").order_by("id")


def notes(actor: Actor, case: Case) -> QuerySet[ProgressNote]:
    """Return the notes of a case that the actor may read."""
    visible = policy.notes_visible_to(actor, case)
    return visible.select_related("author", "author_agency", "corrected_by")


def without_person(actor: Actor) -> QuerySet[Case]:
    """Return the open cases that the actor's agency leads and that nobody there is in charge of."""
    statuses = sorted(OPEN)
    return cases(actor).filter(
        lead_agency=actor.agency_id, person_in_charge=None, status__in=statuses
    )


def assessments(actor: Actor, case: Case) -> QuerySet[Assessment]:
    """Return the assessments of a visible case, all versions, with what they found."""
    visible = policy.assessments_visible_to(actor, case)
    related = ("author", "author_agency", "replaced_by")
    return visible.select_related(*related).prefetch_related("findings")


def plans(actor: Actor, case: Case) -> QuerySet[SupportPlan]:
    """Return the visible plans of a case with their goals and reviews."""
    goals = PlanGoal.objects.select_related("agency", "person")
    reviews = PlanReview.objects.select_related("by_agency", "by_user")
    return (
        policy.plans_visible_to(actor, case)
        .select_related("written_by", "written_by_agency")
        .prefetch_related(Prefetch("goals", goals), Prefetch("reviews", reviews))
    )


def agreed_plan(actor: Actor, case: Case) -> SupportPlan | None:
    """Return the plan that holds now with its goals, as far as the actor may see it."""
    goals = PlanGoal.objects.select_related("agency", "person")
    agreed = policy.plans_visible_to(actor, case).filter(status=PlanStatus.AGREED)
    return agreed.prefetch_related(Prefetch("goals", goals)).first()


def goals(actor: Actor, case: Case) -> QuerySet[PlanGoal]:
    """Return the goals of the visible plans of a case."""
    visible = policy.plans_visible_to(actor, case)
    return PlanGoal.objects.filter(plan__in=visible).select_related("agency", "person", "plan")


def handovers(actor: Actor, case: Case) -> QuerySet[CaseHandover]:
    """Return through whose hands a visible case has gone, latest first."""
    found = case.handovers.all() if policy.can_view(actor, case) else case.handovers.none()
    return found.select_related("from_person", "to_person").order_by("-id")


@dataclass(slots=True)
class Part:
    """An agency's part in a case besides the lead's: by which grants, from when, until when."""

    agency: Agency
    grants: list[Grant]

    @property
    def supports(self) -> bool:
        """Whether it takes part, rather than only reads."""
        return any(grant.permission.codename == policy.CO_SUPPORT for grant in self.grants)

    @property
    def since(self) -> datetime:
        """When the first of them was given."""
        return min(grant.given_at for grant in self.grants)

    @property
    def until(self) -> datetime | None:
        """When the last of them ends; None: not by itself."""
        ends = [grant.until for grant in self.grants]
        return None if None in ends else max(end for end in ends if end)


def parts(case: Case) -> list[Part]:
    """Return the agencies with which a case is shared now, those that came first in front."""
    live = Grant.objects.live().filter(subject_kind="case", subject_id=case.pk)
    found: dict[int, Part] = {}
    for grant in live.select_related("group__agency", "permission").order_by("id"):
        found.setdefault(grant.group_id, Part(grant.group.agency, [])).grants.append(grant)
    return list(found.values())


def has_part(case: Case, agency: Agency) -> bool:
    """Whether an agency leads a case or has a live share in it."""
    return agency.pk == case.lead_agency_id or any(part.agency == agency for part in parts(case))
