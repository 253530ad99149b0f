"""Taking an abuse report: the case is restricted, the ward office gets its part, the clock starts."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.abuse.actions.procedure import demand_procedure
from carenet.abuse.actions.reporter import store_reporter, without_reporter
from carenet.abuse.actions.reporter_redaction import forget_caller, forget_reporter
from carenet.abuse.models import AbuseDeadline, AbuseEvent, AbuseReport
from carenet.abuse.states import DEADLINE_STEPS, AbuseStatus, AbuseVerb
from carenet.access.actions import GrantCause, give
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind, User, WardSection
from carenet.agencies.roles import Role
from carenet.agencies.selectors import (
    actor_of,
    coordinating_office,
    members_in_roles,
    section_for,
)
from carenet.audit.actions import log_write
from carenet.cases import policy
from carenet.cases.actions.cases import restrict
from carenet.cases.actions.consultations import triage
from carenet.cases.actions.locks import (
    demand_open,
    demand_person,
    index,
    lock_case,
    lock_case_unchecked,
    lock_consultation,
    name_members,
)
from carenet.cases.models import Case, Confidentiality, Consultation, Urgency
from carenet.cases.states import ConsultationStatus
from carenet.core import clock
from carenet.core.decisions import Decision, Denied, demand
from carenet.core.errors import Conflict, Invalid
from carenet.deadlines.actions import set_deadlines
from carenet.deadlines.states import steps_after
from carenet.residents.models import Resident
from carenet.rest.limits import demand_recent

#: Where a consultation stands that has a case, or may still get one.
WITH_A_CASE = frozenset(
    {
        ConsultationStatus.RECEIVED,
        ConsultationStatus.CASE_OPENED,
        ConsultationStatus.CASE_JOINED,
    }
)
#: The cause of what a report lets the ward office see.
ABUSE_CAUSE = "abuse_report"


#: The least number of nine digits: a counted one never comes there.
LEAST_NUMBER = 100_000_000


@transaction.atomic
def report_abuse(
    *,
    actor: Actor,
    consultation_id: UUID | None = None,
    case_id: UUID | None = None,
    reporter: dict[str, Any] | None = None,
    members: Sequence[User] = (),
    **fields: Any,
) -> AbuseReport:
    """Take a report, from a consultation of the agency or on a case that it leads.

    `fields` are received_at, channel, victim, suspected, alleged, content, and of a partner `also`: what
    they are besides, as which the report is then taken. The case is restricted;
    named to it are the recorder, `members` (of the own agency or the ward office), and somebody of
    the ward office who can decide. What the agency's consultations of the case say of whoever
    reports moves to the compartment. Raises `Invalid` for contradictions, `ForAnotherDesk` for abuse
    that the procedure is not for, `Conflict` where no ward office takes part, a case has ended or a
    consultation was reported already.
    """
    demand(actor.may("abuse.report"))
    if case_id and consultation_id:
        raise _one_of_both()
    kind = {name: str(fields[name]) for name in ("victim", "alleged")}
    also = str(fields.pop("also", ""))
    about = _person_about(actor, consultation_id, case_id)
    demand_procedure(actor.agency, about, also=also, **kind)
    if also:
        fields |= {"victim": also, "by_partner": True}
    _check(fields)
    ward, instead_of = _who_decides(actor)
    consultation = _lock_consultation(actor, consultation_id) if consultation_id else None
    who = _who_reported(consultation, reporter)
    case = _case_of(actor, consultation, who) if consultation else _lock_case(actor, case_id)
    demand_recent("received_at", fields["received_at"], born=case.resident.born_by)
    forget_reporter(actor, case, who, consultation)
    if not case.restricted:
        case = restrict(actor=actor, case_id=case.pk)
    if without_reporter(fields["content"], who) != fields["content"]:
        raise Invalid({"content": _("Leave out who reported: it stands under “reporter” alone.")})
    report = AbuseReport.objects.create(
        number=_free_number(),
        case=case,
        consultation=consultation,
        taken_by=actor.agency,
        recorded_by=demand_person(actor),
        ward_office=ward,
        **fields,
    )
    store_reporter(actor=actor, report=report, **who)
    name_members(case, actor.user, actor.user, *_members(actor, ward, members))
    if case.lead_agency_id != ward.pk:
        _share_with_ward(actor, report)
    index(case)
    set_deadlines(
        AbuseDeadline, report, steps_after(DEADLINE_STEPS, AbuseVerb.REPORT), report.received_at
    )
    _write_event(report, instead_of)
    log_write(actor.who, "abuse_report.report", "abuse_report", report.pk)
    return report


def _person_about(
    actor: Actor, consultation_id: UUID | None, case_id: UUID | None
) -> Resident | None:
    """Return whom on the register it is about, as far as the actor sees where it comes from."""
    if case_id:
        case = policy.visible_to(actor).select_related("resident").filter(pk=case_id).first()
        return case.resident if case else None
    calls = policy.consultations_visible_to(actor).select_related("subject")
    call = calls.filter(pk=consultation_id).first() if consultation_id else None
    return call.subject if call else None


def _free_number() -> int:
    """Return a random number that no report has."""
    while True:
        number = LEAST_NUMBER + secrets.randbelow(9 * LEAST_NUMBER)
        if not AbuseReport.objects.filter(number=number).exists():
            return number


def _one_of_both() -> Invalid:
    return Invalid({"case": _("Name either the consultation or the case.")})


def _check(fields: dict[str, Any]) -> None:
    if len(set(fields["suspected"])) != len(fields["suspected"]):
        raise Invalid({"suspected": _("Name each kind of abuse once.")})
    if fields["received_at"] > clock.now():
        raise Invalid({"received_at": _("A report cannot come in the future.")})


def _who_decides(actor: Actor) -> tuple[Agency, Agency | None]:
    """Return which part of the ward office decides, and in whose stead if that has nobody who can.

    The section for it, where the office has one; else the office itself.
    """
    code = actor.agency.municipality_code
    section = section_for(code, WardSection.OLDER_AND_DISABILITY)
    if section and deciders_of(section):
        return section, None
    if actor.agency.kind == AgencyKind.WARD_OFFICE:
        return actor.agency, section
    office = coordinating_office(code)
    if office is None or not deciders_of(office):
        raise Conflict(
            _(
                "Nobody of the ward office can receive this report here. "
                "Tell the ward office by telephone now."
            ),
            code="no_ward_office",
        )
    return office, section


def _lock_consultation(actor: Actor, consultation_id: UUID) -> Consultation:
    consultation = lock_consultation(actor, consultation_id)
    if AbuseReport.objects.filter(consultation=consultation).exists():
        raise Conflict(_("This consultation has been reported already."))
    return consultation


def _case_of(actor: Actor, consultation: Consultation, who: dict[str, Any]) -> Case:
    """Return the restricted case of a consultation, opened now if need be, without its caller."""
    if consultation.status not in WITH_A_CASE:
        raise Conflict(
            _("This consultation ended without a case. Record what you know now as a new one.")
        )
    if consultation.subject_id is None:
        raise Invalid(
            {"consultation": _("Register the person and set “subject” in the consultation first.")}
        )
    forget_caller(actor, consultation, who)
    if consultation.status == ConsultationStatus.RECEIVED:
        consultation = triage(
            actor=actor,
            consultation_id=consultation.pk,
            outcome=ConsultationStatus.CASE_OPENED,
            urgency=Urgency.TODAY,
            confidentiality=Confidentiality.RESTRICTED,
            # A report never waits for an open case, which others may read.
            another_because=_("Abuse is suspected: this case is kept apart from the open one."),
        )
        return lock_case_unchecked(consultation.case.pk)
    return _lock_case(actor, (consultation.joined_case or consultation.case).pk)


def _lock_case(actor: Actor, case_id: UUID | None) -> Case:
    if case_id is None:
        raise _one_of_both()
    case = lock_case(actor, case_id)
    demand(can_report_on(actor, case))
    demand_open(case)
    return case


def can_report_on(actor: Actor, case: Case) -> Decision:
    """Whether the actor may report on the case; who only supports is told who takes the report."""
    decision = policy.can_change(actor, case, "abuse.report")
    if isinstance(decision, Denied) and decision.code == "not_lead":
        basis = _(
            "Ask %(agency)s, which leads the case, to take the report; "
            "if nobody is there, tell the ward office by telephone now."
        ) % {"agency": case.lead_agency.name}
        return replace(decision, basis=basis)
    return decision


def _who_reported(
    consultation: Consultation | None, reporter: dict[str, Any] | None
) -> dict[str, Any]:
    """Return what goes into the compartment: as given, else the caller of the consultation."""
    if reporter or consultation is None:
        return dict(reporter or {})
    return {
        "name": consultation.caller_name,
        "phone": consultation.caller_phone,
        "relationship": consultation.relationship,
    }


def _members(actor: Actor, ward: Agency, members: Sequence[User]) -> list[User]:
    """Check whom the recorder names; add those who decide when none of them is among the named."""
    somebody_decides = False
    for user in members:
        parts = [part for agency in (actor.agency, ward) if (part := actor_of(user, agency))]
        if not any(part.may("abuse.view") for part in parts):
            raise Invalid({"members": _("Name people of your own agency or of the ward office.")})
        somebody_decides |= any(
            part.agency_id == ward.pk and bool(part.may("abuse.decide")) for part in parts
        )
    return [*members] if somebody_decides else [*members, *deciders_of(ward)]


def deciders_of(ward: Agency) -> list[User]:
    """Return the managers of the ward office, or of its section; where it has none, its coordinators."""
    managers = list(members_in_roles(ward, {Role.MANAGER}))
    return managers or list(members_in_roles(ward, {Role.COORDINATOR}))


def _share_with_ward(actor: Actor, report: AbuseReport) -> None:
    give(
        actor=actor,
        agency=report.ward_office,
        subject=report.case,
        codename=policy.CO_SUPPORT,
        cause=GrantCause(ABUSE_CAUSE, report.pk),
        basis=SharingBasis.ABUSE_REPORT,
    )


def _write_event(report: AbuseReport, instead_of: Agency | None) -> None:
    AbuseEvent.objects.create(
        report=report,
        verb=AbuseVerb.REPORT,
        to_status=AbuseStatus.RECEIVED,
        happened_at=report.received_at,
        by_agency=report.taken_by,
        by_user=report.recorded_by,
        data={"instead_of": str(instead_of.pk)} if instead_of else {},
    )
