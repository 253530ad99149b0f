"""Who reads trail and incidents: auditors their own agency's, the ward office's auditor all of it.

The ward office's auditor is the privacy officer, and alone closes incidents.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.audit.models import AuditEntry
from carenet.core.decisions import ALLOWED, Decision, Denied, needs_ability
from carenet.oversight.models import Incident


def visible_to(actor: Actor) -> QuerySet[AuditEntry]:
    """Return the entries that the actor may read."""
    if not actor.may("audit.view"):
        return AuditEntry.objects.none()
    if actor.agency.kind == AgencyKind.WARD_OFFICE:
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(agency_id=actor.agency_id)


@needs_ability("audit.view")
def can_view(actor: Actor, entry: AuditEntry) -> Decision:
    """Whether the actor may read the entry; the object rule of `visible_to`."""
    if actor.agency.kind == AgencyKind.WARD_OFFICE or entry.agency_id == actor.agency_id:
        return ALLOWED
    return Denied(_("This entry belongs to another agency's trail."), _("An auditor of it."))


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
