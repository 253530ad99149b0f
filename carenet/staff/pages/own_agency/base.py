"""What the pages about one's own agency share: its row, the version that was seen, the way back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from carenet.agencies.models import Agency
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.versions import seen_version


class AgencyForm(FormPage):
    """Base of a form that changes the actor's own agency: under the version that was looked at.

    Subclasses set `heading` and `button`, and `intro` where something has to be known before.
    """

    template = "staff/own_agency/form.html"
    heading: Any
    button: Any
    intro: Any = ""

    @property
    def agency(self) -> Agency:
        """The agency that the actor acts for."""
        return self.actor.agency

    @property
    def version(self) -> int:
        """The version that was looked at; raises `PreconditionRequired` without."""
        return seen_version(self.request, _("Open the page of your agency again."))

    def context(self) -> dict[str, Any]:
        return {
            "agency": self.agency,
            "version": self.agency.version,
            "heading": self.heading,
            "button": self.button,
            "intro": self.intro,
        }

    def act(self, form: forms.Form) -> str:
        self.change(form)
        return f"{reverse('staff-own-agency')}?done={self.done}"

    #: What the page of the agency says afterwards, by its name in `DONE`.
    done: str

    def change(self, form: forms.Form) -> None:
        """Call the action."""
        raise NotImplementedError
