"""Settings of a municipality: for everybody to read, for its ward office to begin and to end."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.models.municipal_setting import MunicipalSettingModel
from carenet.core.decisions import ALLOWED, Decision, Denied

Setting = TypeVar("Setting", bound=MunicipalSettingModel)


def settings_visible_to(actor: Actor, settings: type[Setting]) -> QuerySet[Setting]:
    """Return those of all municipalities: they concern nobody by name."""
    rows = settings.objects.all()
    return rows if actor.may(settings.view_ability) else rows.none()


def can_manage_settings_of(
    actor: Actor, settings: type[MunicipalSettingModel], municipality_code: str
) -> Decision:
    """Whether the actor may begin and end settings of a municipality."""
    allowed = actor.may(settings.manage_ability)
    if not allowed:
        return allowed
    agency = actor.agency
    is_office = agency.kind == AgencyKind.WARD_OFFICE
    if not (is_office and agency.municipality_code == municipality_code):
        return Denied(
            _("This is set by the ward office of the municipality."),
            _("To be a manager of the ward office."),
            code="municipality_decides",
        )
    return ALLOWED
