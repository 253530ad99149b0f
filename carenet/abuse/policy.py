"""Who sees and moves abuse reports, who reads who reported, who sets deadlines.

A report is for persons named to its case, and of them only for those who act for the agency that
took it or for the ward office. `…_visible_to` and `can_view_…` stand side by side and say the same.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from carenet.abuse.models import (
    AbuseReport,
    DeskCall,
    ReporterIdentity,
    ReporterReader,
    Victim,
)
from carenet.abuse.states import ABUSE_MOVES, AbuseStatus, AbuseVerb
from carenet.access.registry import BasisObject
from carenet.agencies.actors import Actor
from carenet.agencies.models import ORGAN_KINDS
from carenet.cases.models import Consultation
from carenet.cases.policy import consultations_visible_to, is_named, living, named_cases
from carenet.core import clock
from carenet.core.decisions import ALLOWED, Decision, Denied, needs_ability

#: So long a call about a child carries what is disclosed because of it: then the desk has taken over.
CHILD_CALL_CARRIES = timedelta(days=30)


def has_report() -> Q:
    """Return the condition on residents "one of their cases has an abuse report", closed or open."""
    return Q(Exists(AbuseReport.objects.filter(case__resident=OuterRef("pk"))))


def reports_visible_to(actor: Actor) -> QuerySet[AbuseReport]:
    """Return the reports that the actor may see."""
    if not actor.may("abuse.view"):
        return AbuseReport.objects.none()
    part = Q(taken_by=actor.agency_id) | Q(ward_office=actor.agency_id)
    named = named_cases(actor).filter(case=OuterRef("case"))
    return AbuseReport.objects.filter(part, Exists(named))


@needs_ability("abuse.view")
def can_view_report(actor: Actor, report: AbuseReport) -> Decision:
    """Whether the actor may see the report; the object rule of `reports_visible_to`."""
    if actor.agency_id not in {report.taken_by_id, report.ward_office_id}:
        return Denied(
            _("Your agency has no part in this report."),
            _("Being the agency that took it, or the ward office."),
        )
    if not is_named(actor, report.case_id):
        return Denied(
            _("This report is for named persons."),
            _("To be named by a member of the case."),
            code="restricted",
        )
    return ALLOWED


def can_transition(
    actor: Actor, report: AbuseReport, verb: AbuseVerb, *, seen: Decision | None = None
) -> Decision:
    """Whether the actor may take this step; what is the municipality's is the ward office's alone.

    `seen`: whether they may see the report, where that was asked already.
    """
    move = ABUSE_MOVES[verb]
    allowed = actor.may(move.ability)
    if not allowed:
        return allowed
    if seen is None:
        seen = can_view_report(actor, report)
    if seen and move.ward_only and actor.agency_id != report.ward_office_id:
        return Denied(
            _("This is for the municipality to decide, as an organisation and with grounds."),
            _("To act for the ward office."),
            code="municipality_decides",
        )
    return seen


def can_confirm(
    actor: Actor, report: AbuseReport, verb: AbuseVerb, *, seen: Decision | None = None
) -> Decision:
    """Whether the actor may confirm or reject what another person proposed, as one who decides."""
    allowed = can_transition(actor, report, verb, seen=seen)
    if report.proposed_by_id is None:
        return allowed  # nothing is proposed: the table says so
    if allowed and report.proposed_by_id == actor.user_id:
        return Denied(
            _("Nobody decides alone: another person confirms what you proposed."),
            _("To be another one of those who decide."),
            code="decided_by_two",
        )
    if allowed and actor.user_id not in (report.proposed_deciders or []):
        return Denied(
            _("Those confirm or reject it who were named as deciders."),
            _("To be named as one of those who decide."),
            code="decided_by_two",
        )
    return allowed


def can_withdraw(actor: Actor, report: AbuseReport, *, seen: Decision | None = None) -> Decision:
    """Whether the actor may take a proposed decision back: whoever proposed it."""
    allowed = can_transition(actor, report, AbuseVerb.WITHDRAW_DECISION, seen=seen)
    if allowed and report.proposed_by_id not in {None, actor.user_id}:
        return Denied(
            _("Only whoever proposed it takes it back. You may reject it."),
            _("To have proposed it."),
            code="decided_by_two",
        )
    return allowed


def can_take(
    actor: Actor, report: AbuseReport, verb: AbuseVerb, *, seen: Decision | None = None
) -> Decision:
    """Whether the actor may take this step of the report, as far as a decision by two allows it."""
    if verb in {AbuseVerb.DECIDE, AbuseVerb.REJECT_DECISION}:
        return can_confirm(actor, report, verb, seen=seen)
    if verb is AbuseVerb.WITHDRAW_DECISION:
        return can_withdraw(actor, report, seen=seen)
    return can_transition(actor, report, verb, seen=seen)


def verbs_open_to(actor: Actor, report: AbuseReport) -> list[AbuseVerb]:
    """Return the steps that the actor may take now with a report of `reports_visible_to`."""
    return [
        verb
        for verb in ABUSE_MOVES
        if bool(report.elsewhere) == (verb is AbuseVerb.CLOSE_ELSEWHERE)
        and ABUSE_MOVES.leads(verb, report.status, report.situation)
        and can_take(actor, report, verb, seen=ALLOWED)
    ]


def lists_reports(actor: Actor) -> bool:
    """Whether there is a list of reports for the actor: nobody else is told that there might be any.

    It is for those who decide for a ward office, and for whoever is named to a report.
    """
    if not actor.may("abuse.view"):
        return False
    decides = bool(actor.may("abuse.decide")) and actor.agency.kind in ORGAN_KINDS
    return decides or reports_visible_to(actor).exists()


def can_name(actor: Actor, report: AbuseReport, theirs: Actor | None) -> Decision:
    """Whether the actor may name a person, who must be able to see reports for the same agency."""
    seen = can_view_report(actor, report)
    if seen and not (theirs and theirs.agency_id == actor.agency_id and theirs.may("abuse.view")):
        return Denied(_("Name a person who does casework in your own agency."))
    return seen


def report_of(*, actor: Actor, resident_id: UUID, case_id: UUID | None) -> BasisObject | None:
    """Return the open report about a person that the actor holds: what ABUSE_REPORT rests on."""
    theirs = reports_visible_to(actor).filter(case__resident=resident_id)
    return _object(theirs.filter(case=case_id) if case_id else theirs)


def child_report_of(*, actor: Actor, resident_id: UUID, case_id: UUID | None) -> BasisObject | None:
    """Return what CHILD_WELFARE rests on: a call about the child to the desk that is competent.

    Reports about children from before there were such calls count while they are open.
    """
    theirs = reports_visible_to(actor).filter(case__resident=resident_id, victim=Victim.CHILD)
    found = _object(theirs.filter(case=case_id) if case_id else theirs)
    if found:
        return found
    calls = DeskCall.objects.filter(
        consultation__in=consultations_visible_to(actor).filter(subject=resident_id),
        victim=Victim.CHILD,
        called_at__gt=clock.now() - CHILD_CALL_CARRIES,
    ).exclude(answered_by="")
    if case_id:
        calls = calls.filter(Q(consultation__case=case_id) | Q(consultation__joined_case=case_id))
    call = calls.order_by("-called_at").first()
    return BasisObject("desk_call", call.pk, call.called_at + CHILD_CALL_CARRIES) if call else None


def _object(reports: QuerySet[AbuseReport]) -> BasisObject | None:
    found = reports.exclude(status=AbuseStatus.CLOSED).order_by("-id").first()
    return BasisObject("abuse_report", found.pk) if found else None


# Who reported: live readers, and of them those who can see the report.


def can_read_reporter(actor: Actor, report: AbuseReport) -> Decision:
    """Whether the actor may read who reported."""
    allowed = actor.may("abuse.reporter")
    seen = can_view_report(actor, report) if allowed else allowed
    if seen and not live_readers(report).filter(user=actor.user_id).exists():
        return Denied(
            _("Who reported is known to few: you are not named to it."),
            _("To be named to it by the ward office."),
            code="reporter_compartment",
        )
    return seen


def can_name_readers(
    actor: Actor, report: AbuseReport, *, seen: Decision | None = None
) -> Decision:
    """Whether the actor may say who reads who reported: those who decide, for the ward office."""
    return can_transition(actor, report, AbuseVerb.PROPOSE_DECISION, seen=seen)


def live_readers(report: AbuseReport) -> QuerySet[ReporterReader]:
    """Return those who may read who made this report."""
    return ReporterReader.objects.filter(living(), report=report)


def reporters_visible_to(actor: Actor, report: AbuseReport) -> QuerySet[ReporterIdentity]:
    """Return who made the report, for whoever may read it; the object rule of `can_read_reporter`."""
    if not can_read_reporter(actor, report):
        return ReporterIdentity.objects.none()
    return ReporterIdentity.objects.filter(report=report)


# Consultations that led to a report: for named people of its case.


def unreported() -> Q:
    """Return the condition on consultations "it led to no report"."""
    return Q(abuse_report=None)


def reported_and_named(actor: Actor) -> Q:
    """Return the condition on consultations "the actor is named to the case of its report"."""
    return Q(Exists(named_cases(actor).filter(case=OuterRef("abuse_report__case"))))


def can_read_reported(actor: Actor, consultation: Consultation) -> Decision | None:
    """Whether the actor may read a consultation that led to a report; None where it led to none."""
    report = getattr(consultation, "abuse_report", None)
    if report is None:
        return None
    if is_named(actor, report.case_id):
        return ALLOWED
    return Denied(
        _("This consultation led to an abuse report, which is for named persons."),
        _("To be named by a member of the case."),
        code="restricted",
    )


def reports_of_consultation(consultation: OuterRef) -> QuerySet[AbuseReport]:
    """Return the reports to which a consultation led, or on the case of which it is."""
    return AbuseReport.objects.filter(
        Q(consultation=consultation)
        | Q(case__consultation=consultation)
        | Q(case__joined_consultations=consultation)
    )


def readers(actor: Actor) -> QuerySet[ReporterReader]:
    """Return the actor's live namings to who reported."""
    return ReporterReader.objects.filter(living(), user=actor.user_id, user__isnull=False)
