"""Whether the agency takes on more: partners see it before they refer somebody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from carenet.agencies.actions import publish_capacity
from carenet.agencies.models import CapacityState
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.own_agency.base import AgencyForm
from carenet.staff.times import Direction


class CapacityForm(forms.Form):
    """How much more, until when, and a word besides."""

    state = forms.ChoiceField(
        label=gettext_lazy("Does the agency take on more?"),
        choices=CapacityState.choices,
        widget=forms.RadioSelect,
    )
    closed_until = TypedDay(
        label=gettext_lazy("Last day on which it takes nothing on"),
        direction=Direction.AHEAD,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("A word to partners"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Partners read it: no word about anybody."),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        # What no browser folds away is not meant for another state.
        if given.get("state") != CapacityState.CLOSED:
            given["closed_until"] = None
        return given


class CapacityView(AgencyForm):
    """Say whether the agency takes on more."""

    abilities = {"get": "agencies.publish_capacity", "post": "agencies.publish_capacity"}
    form_class = CapacityForm
    heading = gettext_lazy("Capacity")
    button = gettext_lazy("Publish it")
    intro = gettext_lazy(
        "Every agency of the network sees it where it chooses a receiver, and on your agency's page."
    )
    done = "capacity"

    def form(self, data: Any = None) -> forms.Form:
        now = self.agency.capacity_now
        until = now.closed_until
        typed = f"{until.year}/{until.month}/{until.day}" if until else ""
        return CapacityForm(
            data, initial={"state": now.state, "closed_until": typed, "note": now.note}
        )

    def change(self, form: forms.Form) -> None:
        publish_capacity(
            actor=self.actor, agency=self.agency, version=self.version, **form.cleaned_data
        )
