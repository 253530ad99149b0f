"""Opening an incident when a referral is struck, and closing it with a finding."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.selectors import coordinating_office
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.oversight import policy
from carenet.oversight.models import Incident, IncidentKind, IncidentState
from carenet.oversight.selectors import readers_of
from carenet.referrals.models import Referral
from carenet.referrals.states import Verb
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.residents.models import Resident
from carenet.residents.selectors import records_of

#: The reminder that an incident waits for the privacy officer (`carenet.oversight.hooks`).
INCIDENT_OPEN = "incident.open"


def open_incident(*, actor: Actor, referral: Referral, reason: str) -> None:
    """Open the incident of a voided referral, in its transaction: registered with `referrals`."""
    since = _sent_at(referral)
    office = referral.coordinator or coordinating_office(referral.sender.municipality_code)
    incident = Incident.objects.create(
        kind=IncidentKind.REFERRAL_VOIDED,
        referral=referral,
        sender=referral.sender,
        receiver=referral.receiver,
        office=office,
        disclosed_at=since,
        opened_by=actor.user,
        opened_by_agency=actor.agency,
        reason=reason,
        readers=readers_of(referral, since),
    )
    schedule_reminder(
        kind=INCIDENT_OPEN,
        subject_id=incident.pk,
        subject_code=referral.code,
        agency=office or referral.sender,
        due_at=incident.opened_at,
    )
    log_write(
        actor.who,
        "incident.open",
        "incident",
        incident.pk,
        referral=str(referral.pk),
        readers=len(incident.readers),
    )


@transaction.atomic
def disclose_readers(*, actor: Actor, resident: Resident, since: date, until: date) -> None:
    """Write down that somebody is told on paper who has read their record, of which days.

    Raises `Forbidden` where the actor's trail says nothing of them, `Invalid` for days that are none.
    """
    demand(policy.can_disclose(actor, records_of(resident)))
    if since > until:
        raise Invalid({"until": _("Give a day that is not before the first one.")})
    log_write(
        actor.who, "disclosure.make", "resident", resident.pk,
        since=since.isoformat(), until=until.isoformat(),
    )  # fmt: skip


@transaction.atomic
def close_incident(
    *, actor: Actor, incident_id: UUID, finding: str, version: int | None = None
) -> Incident:
    """Close an incident with the privacy officer's finding.

    Raises `NotFound` out of reach, `Forbidden` for anybody but the ward office's auditor, `Conflict`
    when it is closed already.
    """
    visible = policy.incidents_visible_to(actor).select_for_update(of=("self",))
    incident = get_visible(visible, pk=incident_id)
    demand(policy.can_close_incident(actor, incident))
    check_version(incident, version)
    if incident.state == IncidentState.CLOSED:
        raise Conflict(_("This incident has been closed already. Read its finding."))
    incident.state, incident.closed_at = IncidentState.CLOSED, clock.now()
    incident.closed_by, incident.finding = actor.user, finding
    incident.save_version()
    cancel_reminder(kind=INCIDENT_OPEN, subject_id=incident.pk, because=incident.state)
    log_write(actor.who, "incident.close", "incident", incident.pk)
    return incident


def _sent_at(referral: Referral) -> datetime:
    """Return when it left the sender first: a reopened one has been sent again."""
    return referral.events.filter(verb=Verb.SEND).earliest("id").at
