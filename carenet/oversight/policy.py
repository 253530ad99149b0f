"""Who reads the trail: auditors their own agency's, the ward office's auditor all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from carenet.agencies.models import AgencyKind
from carenet.audit.models import AuditEntry
from carenet.decisions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor


def visible_to(actor: Actor) -> QuerySet[AuditEntry]:
    """Return the entries that the actor may read."""
    if not actor.may("audit.view"):
        return AuditEntry.objects.none()
    if actor.agency.kind == AgencyKind.WARD_OFFICE:
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(agency_id=actor.agency_id)


def can_view(actor: Actor, entry: AuditEntry) -> Decision:
    """Whether the actor may read the entry; the object rule of `visible_to`."""
    allowed = actor.may("audit.view")
    if not allowed:
        return allowed
    if actor.agency.kind == AgencyKind.WARD_OFFICE or entry.agency_id == actor.agency_id:
        return ALLOWED
    return Denied(_("This entry belongs to another agency's trail."), _("An auditor of it."))
