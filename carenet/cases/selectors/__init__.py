"""Reads: always from the visible set, with everything a page needs in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField as Boolean
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Prefetch, QuerySet

from carenet.access.actor_queries import ActorQuery, Rows
from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.cases import policy
from carenet.cases.models import (
    Assessment,
    AssessmentFinding,
    Case,
    CaseHandover,
    Consultation,
    ConsultationReader,
    NoteAudience,
    PlanGoal,
    PlanReview,
    ProgressNote,
    SupportPlan,
)
from carenet.cases.states import OPEN, ConsultationStatus, PlanStatus
from carenet.core.compiled_queries import hang_on
from carenet.core.decisions import Decision
from carenet.core.errors import NotFound
from carenet.residents.policy import visible_to as visible_residents
from carenet.tasks.models import Task
from carenet.tasks.states import TaskStatus

LEAD = "lead"


def cases(actor: Actor) -> QuerySet[Case]:
    """Return the visible cases with what their representation shows."""
    return policy.visible_to(actor).select_related("resident", "lead_agency", "person_in_charge")


def _in_full(actor: Actor, *, case: UUID) -> QuerySet[Case]:
    person = visible_residents(actor).filter(pk=OuterRef("resident"))
    part = ExpressionWrapper(policy.takes_part(actor), output_field=Boolean())
    return cases(actor).filter(pk=case).annotate(in_full=Exists(person), part=part)


_IN_FULL = ActorQuery(_in_full, "case")


def seen_case(actor: Actor, case_id: UUID) -> Case:
    """Return a visible case, `in_full` if its person is visible besides; raises `NotFound`."""
    case = _IN_FULL(actor, case=case_id).one()
    if case is None:
        raise NotFound
    policy.is_seen(actor, case, part=case.part)  # type: ignore[attr-defined]  # annotated
    return case


def consultations(actor: Actor) -> QuerySet[Consultation]:
    """Return the visible consultations, with their subject and case."""
    visible = policy.consultations_visible_to(actor)
    return visible.select_related("subject", "case", "joined_case", "recorded_by")


#: The visible cases of a person, the latest first.
of_resident = ActorQuery(
    lambda actor, *, resident: cases(actor).filter(resident=resident).order_by("-pk"), "resident"
)
#: The visible consultations about a person, the latest first, each by itself.
calls_about = ActorQuery(
    lambda actor, *, resident: (
        policy.consultations_visible_to(actor).filter(subject=resident).order_by("-pk")
    ),
    "resident",
)


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


def consultation_readers(consultation: Consultation) -> QuerySet[ConsultationReader]:
    """Return who reads a visible consultation that is set apart."""
    return consultation.readers.filter(until=None).select_related("user").order_by("id")


def notes(actor: Actor, case: Case) -> QuerySet[ProgressNote]:
    """Return the notes of a case that the actor may read."""
    visible = policy.notes_visible_to(actor, case)
    return visible.select_related("author", "author_agency", "corrected_by")


def _current_notes(actor: Actor, *, case: UUID) -> QuerySet[ProgressNote]:
    current = ProgressNote.objects.filter(policy.in_audience(actor), case=case, corrected_by=None)
    return current.select_related("author_agency", "author").order_by("-happened_at", "-id")


_CURRENT_NOTES = ActorQuery(_current_notes, "case")


def current_notes(actor: Actor, case: Case) -> Rows[ProgressNote]:
    """Return the notes of a case that the actor may read and nobody has corrected, latest first."""
    return _CURRENT_NOTES(actor, case=case.pk).only_if(policy.can_view(actor, case))


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


_CURRENT_ASSESSMENTS, _CURRENT_FINDINGS = (
    ActorQuery(
        lambda _actor, *, case: (
            Assessment.objects.filter(case=case, replaced_by=None)
            .select_related("author_agency")
            .order_by("id")
        ),
        "case",
    ),
    ActorQuery(
        lambda _actor, *, case: AssessmentFinding.objects.filter(
            assessment__case=case, assessment__replaced_by=None
        ),
        "case",
    ),
)


def current_assessments(
    actor: Actor, case: Case
) -> tuple[Rows[Assessment], Rows[AssessmentFinding]]:
    """Return the assessments of a visible case that hold, and all that they found."""
    seen, of = policy.can_view(actor, case), {"case": case.pk}
    return (
        _CURRENT_ASSESSMENTS(actor, **of).only_if(seen),
        _CURRENT_FINDINGS(actor, **of).only_if(seen),
    )


def plans(actor: Actor, case: Case) -> QuerySet[SupportPlan]:
    """Return the visible plans of a case with their goals and reviews."""
    goals = PlanGoal.objects.select_related("agency", "person")
    reviews = PlanReview.objects.select_related("by_agency", "by_user")
    return (
        policy.plans_visible_to(actor, case)
        .select_related("written_by", "written_by_agency")
        .prefetch_related(Prefetch("goals", goals), Prefetch("reviews", reviews))
    )


def _agreed_plan(_actor: Actor, *, case: UUID) -> QuerySet[SupportPlan]:
    agreed = policy.plan_was_agreed()
    return SupportPlan.objects.filter(agreed, case=case, status=PlanStatus.AGREED)


def _agreed_goals(actor: Actor, *, case: UUID) -> QuerySet[PlanGoal]:
    goals = PlanGoal.objects.filter(plan__in=_agreed_plan(actor, case=case))
    return goals.select_related("agency", "person")


_AGREED_PLAN, _AGREED_GOALS = (
    ActorQuery(_agreed_plan, "case"),
    ActorQuery(_agreed_goals, "case"),
)


def agreed_plan(actor: Actor, case: Case) -> tuple[Rows[SupportPlan], Rows[PlanGoal]]:
    """Return the plan that holds now, if there is one, and its goals: for `with_goals`."""
    seen, ids = policy.can_view(actor, case), {"case": case.pk}
    return (
        _AGREED_PLAN(actor, **ids).only_if(seen),
        _AGREED_GOALS(actor, **ids).only_if(seen),
    )


def with_goals(plans: Iterable[SupportPlan], goals: Iterable[PlanGoal]) -> SupportPlan | None:
    """Return the only plan of these with its goals, None without one."""
    plan = next(iter(plans), None)
    if plan:
        hang_on(plan, "goals", goals)
    return plan


def own_entries(agency_id: UUID) -> QuerySet[ProgressNote]:
    """Return the current entries of records that an agency has written for itself alone."""
    return ProgressNote.objects.filter(
        audience=NoteAudience.AGENCY, author_agency=agency_id, corrected_by=None
    )


def goals(actor: Actor, case: Case) -> QuerySet[PlanGoal]:
    """Return the goals of the visible plans of a case."""
    visible = policy.plans_visible_to(actor, case)
    return PlanGoal.objects.filter(plan__in=visible).select_related("agency", "person", "plan")


_HANDOVERS = ActorQuery(
    lambda _actor, *, case: (
        CaseHandover.objects.filter(case=case)
        .select_related("from_person", "to_person")
        .order_by("-id")
    ),
    "case",
)


def handovers(actor: Actor, case: Case) -> Rows[CaseHandover]:
    """Return through whose hands a visible case has gone, latest first."""
    return _HANDOVERS(actor, case=case.pk).only_if(policy.can_view(actor, case))


def _tasks(_actor: Actor, *, case: UUID) -> QuerySet[Task]:
    found = Task.objects.filter(case=case).select_related("agency", "person", "settled_by")
    return found.order_by(F("settled_at").desc(nulls_first=True), "due_on", "id")


def _open_tasks(_actor: Actor, *, case: UUID) -> QuerySet[Task]:
    found = Task.objects.filter(case=case, status=TaskStatus.OPEN)
    return found.select_related("agency", "person").order_by("due_on", "id")


_TASKS, _OPEN_TASKS = ActorQuery(_tasks, "case"), ActorQuery(_open_tasks, "case")


def tasks(actor: Actor, case: Case) -> Rows[Task]:
    """Return the tasks of a visible case: the open ones, soonest first, then what was settled last."""
    return _TASKS(actor, case=case.pk).only_if(_sees_tasks(actor, case))


def open_tasks(actor: Actor, case: Case) -> Rows[Task]:
    """Return the open tasks of a visible case, soonest due first."""
    return _OPEN_TASKS(actor, case=case.pk).only_if(_sees_tasks(actor, case))


def _sees_tasks(actor: Actor, case: Case) -> Decision:
    return actor.may("tasks.view") and policy.can_view(actor, case)


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


def live_grants(*case_ids: UUID) -> QuerySet[Grant]:
    """Return the grants by which cases are shared now, for `parts`."""
    live = Grant.objects.live().filter(subject_kind="case", subject_id__in=case_ids)
    return live.select_related("group__agency", "permission").order_by("id")


#: The same for a page of a case.
live_grants_on = ActorQuery(lambda _actor, *, case: live_grants(case), "case")


def parts(grants: Iterable[Grant]) -> list[Part]:
    """Return the agencies that have these grants on a case, those that came first in front."""
    found: dict[int, Part] = {}
    for grant in grants:
        found.setdefault(grant.group_id, Part(grant.group.agency, [])).grants.append(grant)
    return list(found.values())


def has_part(case: Case, agency: Agency) -> bool:
    """Whether an agency leads a case or has a live share in it."""
    shared = parts(live_grants(case.pk))
    return agency.pk == case.lead_agency_id or any(part.agency == agency for part in shared)
