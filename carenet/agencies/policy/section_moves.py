"""Who lets things of the ward office go to its sections: its managers."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind, SectionMove
from carenet.core.decisions import Decision, Denied


def can_move_to_sections(actor: Actor) -> Decision:
    """Whether the actor may prepare and confirm what goes to which section."""
    allowed = actor.may("cases.hand_over")
    if allowed and actor.agency.kind != AgencyKind.WARD_OFFICE:
        return Denied(
            _("This is for the ward office, which has sections."),
            _("To be a manager of the ward office."),
            code="ward_office_only",
        )
    return allowed


def section_moves_visible_to(actor: Actor) -> QuerySet[SectionMove]:
    """Return the batches of the actor's own ward office; the object rule of `can_move_to_sections`."""
    if not can_move_to_sections(actor):
        return SectionMove.objects.none()
    return SectionMove.objects.filter(office=actor.agency_id)
