"""How the agency's people are told of what waits, and how one is told oneself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from carenet.agencies.actions import choose_notifications, set_settings
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.own_agency.base import AgencyForm


def hour_input() -> forms.TimeInput:
    """Return a field for a time of day as offices write it: a browser may ask for a.m. and p.m."""
    return forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric", "size": 6})


class SettingsForm(forms.Form):
    """Quiet hours, mail, and the mail of the day."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        required=False,
        widget=hour_input(),
        help_text=gettext_lazy(
            "For example 20:00. What rings is held back meanwhile. Leave both empty for none."
        ),
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        required=False,
        widget=hour_input(),
        help_text=gettext_lazy("For example 7:00: of the next day, where it is earlier."),
    )
    by_email = forms.BooleanField(label=gettext_lazy("Send mails"), required=False)
    digest = forms.BooleanField(
        label=gettext_lazy("One mail a day instead of single ones"),
        required=False,
        help_text=gettext_lazy("For whoever has not chosen otherwise in their own account."),
    )
    digest_at = forms.TimeField(
        label=gettext_lazy("When the mail of the day goes out"), widget=hour_input()
    )


class SettingsView(AgencyForm):
    """How the agency's people are told."""

    abilities = {"get": "agencies.manage_settings", "post": "agencies.manage_settings"}
    form_class = SettingsForm
    heading = gettext_lazy("How your people are told")
    button = gettext_lazy("Save it")
    intro = gettext_lazy("In the service itself everybody is told in any case, and at once.")
    done = "settings"

    def form(self, data: Any = None) -> forms.Form:
        names = SettingsForm.base_fields
        return SettingsForm(data, initial={name: getattr(self.agency, name) for name in names})

    def change(self, form: forms.Form) -> None:
        set_settings(
            actor=self.actor, agency=self.agency, version=self.version, **form.cleaned_data
        )


class ChoiceForm(forms.Form):
    """One's own choice."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of mails"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    by_email = forms.BooleanField(label=gettext_lazy("Send me mails"), required=False)
    digest = forms.TypedChoiceField(
        label=gettext_lazy("Single mails, or one a day"),
        choices=[
            ("", gettext_lazy("as my agency does it")),
            ("daily", gettext_lazy("one a day")),
            ("single", gettext_lazy("single ones")),
        ],
        coerce=lambda chosen: chosen == "daily",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class ChoiceView(FormPage):
    """How one is told oneself, whatever the agency."""

    abilities = {"get": "reminders.view", "post": "reminders.view"}
    template = "staff/own_agency/choice.html"
    form_class = ChoiceForm

    def form(self, data: Any = None) -> forms.Form:
        user: Any = self.actor.user
        kept = {None: "", True: "daily", False: "single"}[user.digest]
        initial = {"language": user.language, "by_email": user.by_email, "digest": kept}
        return ChoiceForm(data, initial=initial)

    def context(self) -> dict[str, Any]:
        return {"done": "done" in self.request.GET}

    def act(self, form: forms.Form) -> str:
        user: Any = self.actor.user
        choose_notifications(who=self.actor.who, user=user, **form.cleaned_data)
        return reverse("staff-notifications") + "?done"
