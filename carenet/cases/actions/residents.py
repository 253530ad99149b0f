"""What follows for cases from their person: a record that ends, a consent that is withdrawn."""

from __future__ import annotations

from datetime import timedelta

from carenet.access.actions import GrantCause, end_cause
from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.audit.actions import acting_as, log_write
from carenet.cases.actions.locks import remind_of_next_action, save_version
from carenet.cases.actions.next_action import drop_tasks
from carenet.cases.actions.plans import end_plans_of
from carenet.cases.actions.share_expiry import forget_ending, limit_to_case
from carenet.cases.models import Case, EndReason
from carenet.cases.registry import case_ended, outlives_record
from carenet.cases.states import OPEN, CaseStatus
from carenet.core import clock
from carenet.reminders.actions import schedule_reminder
from carenet.residents.models import Consent, EndedBecause, Resident

#: The cause of a share that rests on a consent.
CONSENT = "consent"
#: The kinds of reminder that tell of it (`carenet.cases.hooks`), and for how long.
CLOSED_WITH_RESIDENT = "case.closed_with_resident"
GOES_ON = "case.goes_on_after_end"
SHARE_ENDED = "case.consent_withdrawn"
TOLD_FOR = timedelta(days=14)

_REASONS = {EndedBecause.DIED: EndReason.DIED, EndedBecause.MOVED_AWAY: EndReason.MOVED_AWAY}


def close_cases(*, actor: Actor, resident: Resident) -> None:
    """Close the open cases of a person whose record ends: registered with `residents`.

    Whoever leads them is told. It happens whether the actor sees the case or not, so the actor is
    not: nothing of it is in the answer. For the same reason a case with an open abuse report stops
    nobody: it stays open, for what happened is looked into all the same, and its lead is told.
    """
    reason = _REASONS[EndedBecause(resident.ended_because)]
    open_ones = Case.objects.filter(resident=resident, status__in=sorted(OPEN)).order_by("pk")
    for case in open_ones.select_for_update(of=("self",)).select_related("lead_agency"):
        if any(goes_on(case) for goes_on in outlives_record):
            _notify_lead(GOES_ON, case)
            continue
        by = _behind(actor, case)
        case.status, case.end_reason, case.ended_at = CaseStatus.CLOSED, reason, clock.now()
        case.next_action, case.next_action_on = "", None
        with acting_as(by.who):
            drop_tasks(by.who, case)
        save_version(case)
        with acting_as(by.who):
            end_plans_of(by, case)
            case_ended(actor=by, case=case)
            limit_to_case(by, case)
            log_write(by.who, "case.close", "case", case.pk, reason=reason)
        remind_of_next_action(case)
        if actor.user is None or case.person_in_charge_id != actor.user_id:
            _notify_lead(CLOSED_WITH_RESIDENT, case)


def _behind(actor: Actor, case: Case) -> Actor:
    """Return who closes a case as the trail tells it.

    For a restricted case of another agency that is its lead itself: the actor's auditor reads the own
    trail, and must not learn there that the case is.
    """
    if case.restricted and case.lead_agency_id != actor.agency_id:
        return Actor(agency=case.lead_agency, roles=frozenset())
    return actor


def end_shares_of_consent(*, actor: Actor, consent: Consent) -> None:
    """End the shares that rest on a withdrawn consent, now: registered with `residents`."""
    cause = GrantCause(CONSENT, consent.pk)
    ending = Grant.objects.live().filter(
        cause_kind=cause.kind, cause_id=cause.id, subject_kind="case"
    )
    shared = Case.objects.filter(pk__in=ending.values("subject_id")).order_by("pk")
    for case in list(shared.select_for_update(of=("self",)).select_related("lead_agency")):
        _notify_lead(SHARE_ENDED, case)
    for grant in ending:
        forget_ending(grant)
    end_cause(actor=actor, cause=cause)


def _notify_lead(kind: str, case: Case) -> None:
    schedule_reminder(
        kind=kind,
        subject_id=case.pk,
        subject_code=case.code,
        agency=case.lead_agency,
        person=case.person_in_charge,
        due_at=clock.now(),
    )
