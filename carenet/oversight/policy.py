"""Who reads trail and incidents: auditors their own agency's, the ward office's auditor all of it.

The ward office's auditor is the privacy officer, and alone closes incidents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind, User
from carenet.audit.models import AuditEntry
from carenet.core.decisions import ALLOWED, Decision, Denied, needs_ability
from carenet.oversight.models import Incident


def visible_to(actor: Actor) -> QuerySet[AuditEntry]:
    """Return the entries that the actor may read."""
    if not actor.may("audit.view"):
        return AuditEntry.objects.none()
    if reads_whole_trail(actor):
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(agency_id=actor.agency_id)


def reads_whole_trail(actor: Actor) -> bool:
    """Whether the actor is the ward office's auditor, who reads what every agency did."""
    return bool(actor.may("audit.view")) and actor.agency.kind == AgencyKind.WARD_OFFICE


@needs_ability("audit.view")
def can_view(actor: Actor, entry: AuditEntry) -> Decision:
    """Whether the actor may read the entry; the object rule of `visible_to`."""
    if actor.agency.kind == AgencyKind.WARD_OFFICE or entry.agency_id == actor.agency_id:
        return ALLOWED
    return Denied(_("This entry belongs to another agency's trail."), _("An auditor of it."))


def is_told_of(actor: Actor, object_ids: Collection[UUID]) -> bool:
    """Whether the part of the trail that the actor may read says anything of one of these objects.

    An auditor sees no record: what they may ask about is what their trail speaks of.
    """
    return visible_to(actor).filter(object_ids__overlap=list(object_ids)).exists()


@needs_ability("audit.disclose")
def can_disclose(actor: Actor, records: Collection[UUID]) -> Decision:
    """Whether the actor may say who has read these records of a person: their trail speaks of them."""
    if is_told_of(actor, records):
        return ALLOWED
    return Denied(
        _("The trail that you read says nothing of this person."),
        _("An auditor of the ward office."),
    )


def members_in_trail(actor: Actor, users: Iterable[User]) -> list[User]:
    """Return those of them who have ever done anything that stands in the actor's part of the trail."""
    seen = visible_to(actor)
    return [each for each in users if seen.filter(actor_id=str(each.pk)).exists()]


def incidents_visible_to(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents that the actor may read."""
    if not actor.may("incidents.view"):
        return Incident.objects.none()
    if actor.agency.kind == AgencyKind.WARD_OFFICE:
        return Incident.objects.all()
    return Incident.objects.filter(Q(sender=actor.agency_id) | Q(opened_by_agency=actor.agency_id))


def can_view_incident(actor: Actor, incident: Incident) -> Decision:
    """Whether the actor may read the incident; the object rule of `incidents_visible_to`."""
    allowed = actor.may("incidents.view")
    if not allowed or actor.agency.kind == AgencyKind.WARD_OFFICE:
        return allowed
    if actor.agency_id in {incident.sender_id, incident.opened_by_agency_id}:
        return ALLOWED
    return Denied(_("This incident is another agency's."), _("An auditor of it."))


def can_close_incident(actor: Actor, incident: Incident) -> Decision:
    """Whether the actor may close the incident with a finding: the privacy officer alone."""
    allowed = actor.may("incidents.close")
    seen = can_view_incident(actor, incident) if allowed else allowed
    if seen and actor.agency.kind != AgencyKind.WARD_OFFICE:
        return Denied(
            _("The privacy officer alone closes incidents."), _("An auditor of the ward office.")
        )
    return seen
