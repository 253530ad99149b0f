"""Who sees and changes consultations, cases and notes.

`visible_to` and `can_view` stand side by side and say the same; a property test holds them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from carenet.access.compiled_rules import CompiledRule
from carenet.access.models import Grant
from carenet.access.policy import shared_with
from carenet.access.registry import Standing
from carenet.agencies.actors import Actor
from carenet.cases.models import (
    Assessment,
    Case,
    CaseMember,
    CaseShare,
    Confidentiality,
    Consultation,
    ConsultationReader,
    NoteAudience,
    PlanGoal,
    ProgressNote,
    SupportPlan,
)
from carenet.cases.registry import consultation_guards
from carenet.cases.states import OPEN, PROGRESS
from carenet.core import clock
from carenet.core.decisions import ALLOWED, Decision, Denied, asked_once, needs_ability
from carenet.core.models import not_ended

VIEW, CO_SUPPORT = "view_case", "co_support_case"


# Consultations: the agency that took one.


def consultations_visible_to(actor: Actor) -> QuerySet[Consultation]:
    """Return the consultations that the actor's agency took, but for those that are for named people.

    The whole agency must not read there what an abuse report keeps apart, nor what is set apart for
    another desk.
    """
    if not actor.may("consultations.view"):
        return Consultation.objects.none()
    readable = Q(set_apart_at=None) | Q(pk__in=read_apart(actor))
    for guard in consultation_guards:
        readable = (guard.not_kept() & readable) | guard.readable(actor)
    return Consultation.objects.filter(readable, agency=actor.agency_id)


def read_apart(actor: Actor) -> QuerySet[ConsultationReader, UUID]:
    """Return the consultations that are set apart and name the actor, who must be a person."""
    readers = ConsultationReader.objects.filter(living(), user=actor.user_id, user__isnull=False)
    return readers.values_list("consultation", flat=True)


def can_view_consultation(actor: Actor, consultation: Consultation) -> Decision:
    """Whether the actor may read it; the object rule of `consultations_visible_to`."""
    return _own_consultation(actor, "consultations.view", consultation)


def can_edit_consultation(actor: Actor, consultation: Consultation) -> Decision:
    """Whether the actor may complete what was recorded."""
    return _own_consultation(actor, "consultations.record", consultation)


def can_triage(actor: Actor, consultation: Consultation) -> Decision:
    """Whether the actor may decide what becomes of it."""
    return _own_consultation(actor, "consultations.triage", consultation)


def can_join(actor: Actor, consultation: Consultation, case: Case) -> Decision:
    """Whether the actor may join it to this case: what came in is written into its record."""
    allowed = can_triage(actor, consultation)
    return can_write_note(actor, case) if allowed else allowed


def _own_consultation(actor: Actor, ability: str, consultation: Consultation) -> Decision:
    allowed = actor.may(ability)
    if allowed and consultation.agency_id != actor.agency_id:
        return Denied(_("Another agency took this consultation."), _("A referral from it."))
    for guard in consultation_guards if allowed else ():
        kept = guard.decide(actor, consultation)
        if kept is not None:
            return kept
    if allowed and consultation.set_apart_at and consultation.pk not in read_apart(actor):
        return Denied(
            _("This consultation is set apart for another desk: named persons alone read it."),
            _("To be named by whoever recorded it."),
            code="restricted",
        )
    return allowed


# Cases: the lead, and those with whom it is shared; restricted ones by name besides.


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Return the cases that the actor may see."""
    if not actor.may("cases.view"):
        return Case.objects.none()
    return Case.objects.filter(SEEN(actor))


def _reaches(actor: Actor) -> Q:
    """Return the condition "the agency leads it or has a share, and it is not closed to the actor"."""
    reach = Q(lead_agency=actor.agency_id) | shared_with(actor, "case", VIEW, CO_SUPPORT)
    return reach & _unrestricted_or_named(actor)


SEEN = CompiledRule(Case, _reaches)


@asked_once
@needs_ability("cases.view")
def can_view(actor: Actor, case: Case) -> Decision:
    """Whether the actor may see the case; the object rule of `visible_to`."""
    if not (_leads(actor, case) or _shares(actor, case, VIEW, CO_SUPPORT)):
        return Denied(
            _("Your agency has no part in this case."), _("A referral accepted, or a share given.")
        )
    if case.restricted and not is_named(actor, case.pk):
        return Denied(
            _("This case is restricted to named members."),
            _("To be named by a member of the case."),
            code="restricted",
        )
    return ALLOWED


def can_change(actor: Actor, case: Case, ability: str = "cases.edit") -> Decision:
    """Whether the actor may do what is the lead agency's alone."""
    allowed = actor.may(ability)
    if not allowed:
        return allowed
    seen = can_view(actor, case)
    if not seen:
        return seen
    if not _leads(actor, case):
        return Denied(
            _("Only the agency that leads the case may do this."),
            _("The lead of the case."),
            code="not_lead",
        )
    return ALLOWED


@needs_ability("cases.write_note")
def can_write_note(actor: Actor, case: Case) -> Decision:
    """Whether the actor may add to the record: the lead, and those who support with it."""
    return can_take_part(actor, case)


def written_in_by(actor: Actor) -> QuerySet[Case]:
    """Return the cases to whose record the actor may add; the list rule of `can_write_note`."""
    if not actor.may("cases.write_note"):
        return Case.objects.none()
    return visible_to(actor).filter(takes_part(actor))


@asked_once
def can_take_part(actor: Actor, case: Case) -> Decision:
    """Whether the actor's agency leads the case or supports in it, rather than only reads it."""
    seen = can_view(actor, case)
    if not seen or _leads(actor, case):
        return seen
    return _takes_part(part=_shares(actor, case, CO_SUPPORT))


def _takes_part(*, part: bool) -> Decision:
    if part:
        return ALLOWED
    return Denied(
        _("You may read this case, not write in it."), _("A part in the support of the case.")
    )


def takes_part(actor: Actor) -> Q:
    """Return the condition on visible cases "the actor takes part"; of `can_take_part`."""
    return Q(lead_agency=actor.agency_id) | shared_with(actor, "case", CO_SUPPORT)


def is_seen(actor: Actor, case: Case, *, part: bool) -> None:
    """Note of a case that `visible_to` has just found that it is seen, and what `takes_part` said."""
    can_view.is_known(actor, case, ALLOWED)
    can_take_part.is_known(actor, case, _takes_part(part=part))


def can_be_in_charge(actor: Actor, case: Case) -> Decision:
    """Whether a case may be put into this person's hands."""
    allowed = actor.may("cases.edit")
    if allowed and not _leads(actor, case):
        return Denied(_("The person in charge must be a member of the agency that leads."))
    return allowed


def decide(actor: Actor, codename: str, case: Case) -> Decision:
    """Answer `has_perm` for cases."""
    rules: dict[str, Callable[[Actor, Case], Decision]] = {
        VIEW: can_view,
        "change_case": can_change,
        CO_SUPPORT: can_write_note,
    }
    rule = rules.get(codename)
    return rule(actor, case) if rule else Denied(_("There is no such permission on cases."))


def is_named(actor: Actor, case_id: UUID) -> bool:
    """Whether the actor is a named member of a restricted case now."""
    return named_cases(actor).filter(case=case_id).exists()


def named_cases(actor: Actor) -> QuerySet[CaseMember]:
    """Return the live namings of the actor, who must be a person."""
    return CaseMember.objects.filter(living(), user=actor.user_id, user__isnull=False)


def live_members(case: Case) -> QuerySet[CaseMember]:
    """Return the live namings of a case."""
    return CaseMember.objects.filter(living(), case=case)


def living() -> Q:
    """Return the condition "this naming has not ended"."""
    return not_ended(clock.now())


def _unrestricted_or_named(actor: Actor) -> Q:
    named = named_cases(actor).filter(case=OuterRef("pk"))
    return Q(confidentiality=Confidentiality.NORMAL) | Q(Exists(named))


def _leads(actor: Actor, case: Case) -> bool:
    return case.lead_agency_id == actor.agency_id


def _shares(actor: Actor, case: Case, *codenames: str) -> bool:
    condition = shared_with(actor, "case", *codenames)
    return Case.objects.filter(condition, pk=case.pk).exists()


def standings(*, actor: Actor, resident_ids: Iterable[UUID]) -> Iterable[Standing]:
    """Return the cases of these people that the actor's agency leads: what WITHIN_PURPOSE needs."""
    led = Case.objects.filter(lead_agency=actor.agency_id, resident__in=resident_ids)
    return [Standing(*row) for row in led.values_list("resident", "id", "ended_at")]


# Notes: within a visible case, by author agency and audience.


def notes_visible_to(actor: Actor, case: Case) -> QuerySet[ProgressNote]:
    """Return the notes of a case that the actor may read; none of a case out of reach."""
    if not can_view(actor, case):
        return ProgressNote.objects.none()
    return ProgressNote.objects.filter(in_audience(actor), case=case)


def in_audience(actor: Actor) -> Q:
    """Return the condition on the notes of a visible case "the actor may read it"."""
    audience = Q(audience=NoteAudience.CASE) | Q(
        audience=NoteAudience.AGENCY, author_agency=actor.agency_id
    )
    if actor.user_id:
        audience |= Q(audience=NoteAudience.NAMED) & (
            Q(readers__contains=[actor.user_id]) | Q(author=actor.user_id)
        )
    return audience


def can_read_note(actor: Actor, note: ProgressNote) -> Decision:
    """Whether the actor may read the note; the object rule of `notes_visible_to`."""
    seen = can_view(actor, note.case)
    if not seen:
        return seen
    in_audience = {
        NoteAudience.CASE: True,
        NoteAudience.AGENCY: note.author_agency_id == actor.agency_id,
        NoteAudience.NAMED: actor.user_id is not None
        and actor.user_id in {*note.readers, note.author_id},
    }[NoteAudience(note.audience)]
    if in_audience:
        return ALLOWED
    return Denied(_("This note is for others."), _("To be in its audience."))


# Assessments and plans: whoever sees the case; a plan that is not agreed on is the lead's alone.


def assessments_visible_to(actor: Actor, case: Case) -> QuerySet[Assessment]:
    """Return the assessments of a case, all versions; none of a case out of reach."""
    return case.assessments.all() if can_view(actor, case) else case.assessments.none()


@needs_ability("cases.assess")
def can_assess(actor: Actor, case: Case) -> Decision:
    """Whether the actor may add an assessment: the lead, and those who support with it."""
    return can_take_part(actor, case)


def plans_visible_to(actor: Actor, case: Case) -> QuerySet[SupportPlan]:
    """Return the plans of a case that the actor may read; none of a case out of reach."""
    if not can_view(actor, case):
        return case.plans.none()
    return case.plans.filter(plan_is_read(actor))


def plan_is_read(actor: Actor) -> Q:
    """Return the condition on the plans of a visible case "the actor may read it"."""
    return plan_was_agreed() | Q(case__lead_agency=actor.agency_id)


def plan_was_agreed() -> Q:
    """Return the condition on the plans of a visible case "not the lead's alone"."""
    return Q(agreed_on__isnull=False)


def can_view_plan(actor: Actor, plan: SupportPlan) -> Decision:
    """Whether the actor may read the plan; the object rule of `plans_visible_to`."""
    seen = can_view(actor, plan.case)
    if seen and plan.agreed_on is None and not _leads(actor, plan.case):
        return Denied(_("This plan is not agreed on yet."), _("The lead of the case."))
    return seen


@needs_ability("cases.plan")
def can_settle_goal(actor: Actor, case: Case, goal: PlanGoal) -> Decision:
    """Whether the actor may say what became of a goal: the lead, and the agency that sees to it."""
    part = can_take_part(actor, case)
    if not part or _leads(actor, case) or goal.agency_id == actor.agency_id:
        return part
    return Denied(_("Another agency sees to this goal."), _("The lead of the case."))


# Residents, through a case.


def sees_resident(actor: Actor) -> Q:
    """Return the condition on residents "one of their cases is visible to the actor"."""
    return Q(Exists(visible_to(actor).filter(resident=OuterRef("pk"))))


def reaches(actor: Actor) -> Iterable[QuerySet[Any, Any]]:
    """Return the residents of the cases that the actor's agency leads or has a share in."""
    yield Case.objects.filter(lead_agency=actor.agency_id).values("resident")
    yield CaseShare.objects.filter(group=actor.group_id).values("content_object__resident")


def edits_resident(actor: Actor) -> Q:
    """Return the condition on residents "the actor's agency leads an open case of theirs"."""
    led = visible_to(actor).filter(
        resident=OuterRef("pk"),
        lead_agency=actor.agency_id,
        status__in=[status.value for status in OPEN],
    )
    return Q(Exists(led))


def heard_of_share(actor: Actor, case_id: UUID) -> bool:
    """Whether the actor's agency was let in to a case once: it knows the code, and may hear of it."""
    return (
        actor.does_casework
        and Grant.objects.filter(
            subject_kind="case", subject_id=case_id, group=actor.group_id
        ).exists()
    )


def has_case_in(actor: Actor, codes: Iterable[str]) -> Q:
    """Return the condition on residents "a case of theirs that the actor sees stands there"."""
    statuses = {status.value for code in codes for status in PROGRESS[code]}
    seen = visible_to(actor).filter(resident=OuterRef("pk"), status__in=statuses)
    return Q(Exists(seen))


def has_restricted_case() -> Q:
    """Return the condition on residents "one of their cases is for named members"."""
    secret = Case.objects.filter(
        resident=OuterRef("pk"), confidentiality=Confidentiality.RESTRICTED
    )
    return Q(Exists(secret))
