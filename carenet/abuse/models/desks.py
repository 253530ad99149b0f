"""The desks of a municipality for other abuse, and the calls that were made to them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from carenet.abuse.states.desks import AllegedOf, DeskKind, Victim
from carenet.agencies.models.municipal_setting import MunicipalSettingModel, ends_later
from carenet.core import clock
from carenet.core.models import UUIDModel, append_only


class OtherDesk(MunicipalSettingModel):
    """A desk as one municipality sets it, dated and with its source: a setting, never law."""

    kind = models.CharField(max_length=20, choices=DeskKind)
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=30)
    hours = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    checked_on = models.DateField(null=True, blank=True)  # null: nobody has checked it

    view_ability = "other_desks.view"
    manage_ability = "other_desks.manage"
    audit_kind = "other_desk"
    audit_field = ("desk_kind", "kind")
    has_ended = _("This desk has an end already. Set a new one instead.")
    ends_too_early = _("Give a time in the future, after it has begun.")

    class Meta:
        app_label = "cases"
        constraints = [ends_later("desk_ends_later")]

    def __str__(self) -> str:
        return f"{self.municipality_code} {self.name}"


class DeskCall(UUIDModel):
    """One call about a consultation to a competent desk: whom, when, and who answered."""

    consultation = models.ForeignKey(
        "cases.Consultation", on_delete=models.PROTECT, related_name="desk_calls"
    )
    victim = models.CharField(max_length=20, choices=Victim)
    alleged = models.CharField(max_length=20, choices=AllegedOf)
    desk = models.CharField(max_length=200)
    phone = models.CharField(max_length=30, blank=True)
    called_at = models.DateTimeField()
    answered_by = models.CharField(max_length=200, blank=True)  # empty: nobody answered
    text = models.TextField(max_length=10_000, blank=True)
    by_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        app_label = "cases"
        triggers = [append_only("desk_calls_are_append_only")]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.called_at:%Y-%m-%d %H:%M}"
