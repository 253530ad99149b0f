"""A concern comes in, is chased, and is triaged in one go."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actions.locks import lock_agency
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.selectors import calendar_of
from carenet.audit.actions import Who, log_write
from carenet.cases.actions.consultations import record as record_consultation
from carenet.cases.models import CallerRelationship, ConsultationChannel, Urgency
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.residents.actions import demand_unmerged
from carenet.residents.models import Resident
from carenet.watchover import policy
from carenet.watchover.actions.alerts import raise_alert
from carenet.watchover.actions.check_ins import OLDEST, SKEW
from carenet.watchover.actions.locks import lock_assignment
from carenet.watchover.models import Concern
from carenet.watchover.models.concern import ConcernOutcome, ReporterKind
from carenet.watchover.selectors.concerns import desk_for, hash_of
from carenet.watchover.states import OPEN, AlertKind, AlertLevel

#: The kind of reminder that chases a concern until somebody has triaged it.
UNTRIAGED = "concern.untriaged"
#: The kind that chases all that came in above the ceiling of a desk at once.
GATHERED = "concern.gathered"
_RELATIONSHIPS = {
    ReporterKind.NEIGHBOUR: CallerRelationship.NEIGHBOUR,
    ReporterKind.FAMILY: CallerRelationship.FAMILY,
    ReporterKind.COMMISSIONER: CallerRelationship.COMMISSIONER,
    ReporterKind.AGENCY: CallerRelationship.AGENCY,
}


@transaction.atomic
def report(
    *,
    actor: Actor | None,
    municipality_code: str = "",
    client_key: UUID | None = None,
    **said: Any,
) -> tuple[Concern, str]:
    """Take a concern in for the desk that serves the place; return it and its receipt, in the clear.

    `actor` is None for somebody without an account, about whom nothing is known but what they say.
    `said` are the fields of `Concern` that a reporter fills in. The same words of the same person under
    one `client_key` are taken in once. Raises `Invalid` for a moment that
    cannot be, and for a municipality in which nobody could take it.
    """
    if actor:
        demand(actor.may("concerns.report"))
    now = clock.now()
    observed_at = said.get("observed_at")
    if observed_at and not now - OLDEST <= observed_at <= now + SKEW:
        raise Invalid({"observed_at": _("Give a time in the past three months.")})
    receipt = _receipt(actor, client_key, said)
    concern, new = Concern.objects.get_or_create(
        receipt=hash_of(receipt),
        defaults={
            "agency": _desk(actor, said["where"], municipality_code),
            "received_at": now,
            "from_agency": actor.agency if actor else None,
            "by_user": actor.user if actor else None,
            "by_client": actor.client_id if actor else "",
            "claimed_person": actor.claimed_person[:100] if actor else "",
            **said,
        },
    )
    if not new:
        return concern, receipt
    concern.refresh_from_db()
    _schedule_reminder(concern)
    # The trail outlasts a report of abuse: whom a system named stands in the concern alone.
    who = replace(actor.who, claimed_person="") if actor else Who()
    log_write(who, "concern.report", "concern", concern.pk)
    return concern, receipt


@transaction.atomic
def triage(
    *,
    actor: Actor,
    concern_id: UUID,
    outcome: ConcernOutcome | str,
    reason: str = "",
    resident: Resident | None = None,
    assignment_id: UUID | None = None,
    version: int | None = None,
    **consultation: Any,
) -> Concern:
    """Decide what becomes of a concern, and do it: nobody is chased any more.

    `consultation` are fields of the consultation that it becomes, beyond what the reporter said;
    `resident` is its subject, or to whom it is joined; with an assignment, it opens an alert there.
    Raises `NotFound` out of reach, `Forbidden` where the rule denies, `Conflict` when it has been
    triaged, `Invalid` when something is missing.
    """
    concern = _lock(actor, concern_id, version)
    concern.outcome = ConcernOutcome(outcome)
    concern.reason = reason
    if concern.outcome == ConcernOutcome.CONSULTATION:
        concern.consultation = record_consultation(
            actor=actor, subject=resident, **(_as_consultation(concern) | consultation)
        )
    elif concern.outcome == ConcernOutcome.JOINED:
        _join(actor, concern, resident, assignment_id)
    elif not reason:
        raise Invalid({"reason": _("Say why there is nothing to do.")})
    concern.triaged_at, concern.triaged_by = clock.now(), actor.user
    concern.save_version()
    if concern.resident_id:
        demand_unmerged(concern.resident_id)
    _settle(concern)
    log_write(actor.who, "concern.triage", "concern", concern.pk, outcome=str(outcome))
    return concern


def _receipt(actor: Actor | None, client_key: UUID | None, said: dict[str, Any]) -> str:
    """Return a secret; with a key the same one for the same words: its hash is unique.

    Other words under the same key are another concern: none is ever lost to a page that came back.
    """
    if actor is None or client_key is None:
        return token_urlsafe(24)
    return hash_of(json.dumps([actor.who.id, client_key, sorted(said.items())], default=str))


def _desk(actor: Actor | None, where: str, municipality_code: str) -> Agency:
    code = municipality_code or (actor.agency.municipality_code if actor else "")
    found = desk_for(where, clock.today(), code)
    if found is None:
        raise Invalid(
            {"municipality_code": _("Nobody here serves that place. Call its ward office.")}
        )
    return found


def _schedule_reminder(concern: Concern) -> None:
    """Danger to life does not wait for the doors to open; everything else does.

    What comes in without a name above `CONCERN_DANGERS_AN_HOUR` rings no more by itself: one reminder
    chases all of it until the last one is triaged.
    """
    now = concern.received_at
    if _is_above_ceiling(concern):
        _gather(concern)
        return
    due = now if concern.danger_to_life else _opens(concern, now)
    schedule_reminder(
        kind=UNTRIAGED,
        subject_id=concern.pk,
        subject_code=concern.code,
        agency=concern.agency,
        due_at=due,
    )


def _is_above_ceiling(concern: Concern) -> bool:
    """Whether the desk was told of enough dangers to life by people without a name already.

    Locks the desk, so that those that come in at the same moment are counted one after the other.
    """
    if not concern.danger_to_life or concern.from_agency_id is not None:
        return False
    lock_agency(concern.agency)
    lately = Concern.objects.filter(
        agency=concern.agency,
        danger_to_life=True,
        from_agency=None,
        gathered_under=None,
        received_at__gt=concern.received_at - timedelta(hours=1),
    )
    return bool(lately.exclude(pk=concern.pk).count() >= settings.CONCERN_DANGERS_AN_HOUR)


def _gather(concern: Concern) -> None:
    """Put a concern under the reminder that chases those before it, or begin one."""
    waiting = Concern.objects.filter(agency=concern.agency, triaged_at=None)
    first = waiting.exclude(gathered_under=None).order_by("id").first()
    concern.gathered_under = first.gathered_under if first else concern.pk
    concern.save(update_fields=["gathered_under"])
    if first is None:
        schedule_reminder(
            kind=GATHERED,
            subject_id=concern.pk,
            subject_code=concern.code,
            agency=concern.agency,
            due_at=concern.received_at,
        )


def gathered(agency: Agency, under: UUID) -> QuerySet[Concern]:
    """Return what one reminder chases and nobody has triaged; ids sort by time."""
    return Concern.objects.filter(
        agency=agency, id__gte=under, gathered_under=under, triaged_at=None
    )


def _settle(concern: Concern) -> None:
    """End the reminder of a triaged concern; that of many with the last one."""
    cancel_reminder(kind=UNTRIAGED, subject_id=concern.pk, because="triaged")
    under = concern.gathered_under
    if under is not None:
        lock_agency(concern.agency)
        if not gathered(concern.agency, under).exists():
            cancel_reminder(kind=GATHERED, subject_id=under, because="triaged")


def _opens(concern: Concern, now: datetime) -> datetime:
    try:
        return calendar_of(concern.agency).next_open(now)
    except Conflict:  # a calendar without an open day: rather at once than never
        return now


def _join(
    actor: Actor, concern: Concern, resident: Resident | None, assignment_id: UUID | None
) -> None:
    if assignment_id is not None:
        assignment = lock_assignment(actor, assignment_id, policy.can_change)
        resident = assignment.resident
        concern.assignment = assignment
        if assignment.status in OPEN:
            level = AlertLevel.EMERGENCY if concern.danger_to_life else AlertLevel.WARNING
            raise_alert(assignment, AlertKind.CONCERN, level, clock.now(), actor)
    if resident is None:
        raise Invalid({"resident": _("Name the person or the watch that it is about.")})
    concern.resident = resident


def relationship_of(concern: Concern) -> CallerRelationship:
    """Return what a consultation calls whoever reported."""
    return _RELATIONSHIPS.get(ReporterKind(concern.reporter_kind), CallerRelationship.OTHER)


def _as_consultation(concern: Concern) -> dict[str, Any]:
    """Return the consultation that the reporter's own words make."""
    return {
        "channel": ConsultationChannel.MAIL,
        "received_at": concern.received_at,
        "caller_name": concern.reporter_name,
        "caller_phone": concern.reporter_phone,
        "relationship": relationship_of(concern),
        "subject_description": f"{concern.whom} {concern.where}".strip()[:500],
        "content": concern.what,
        "urgency": Urgency.TODAY if concern.danger_to_life else Urgency.NORMAL,
    }


def _lock(actor: Actor, concern_id: UUID, version: int | None) -> Concern:
    found = policy.concerns_visible_to(actor).filter(pk=concern_id)
    concern = get_visible(
        found.select_for_update(of=("self",), no_key=True).select_related("agency")
    )
    demand(policy.can_triage_concern(actor, concern))
    check_version(concern, version)
    if concern.triaged_at:
        raise Conflict(_("This concern has been triaged. Look at what has become of it."))
    return concern
