"""The patterns of the pages, alive: what a new page looks like. In a demo only."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from carenet.core.errors import NotFound
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.form_fields import text_field


class Pattern(forms.Form):
    """A form with one field of each kind."""

    name = forms.CharField(label=_("Name or kana of the person"), max_length=100)
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[("phone", _("by phone")), ("visit", _("in person"))],
        widget=forms.RadioSelect,
        required=False,
    )
    words = text_field(_("What it is about"), 500, rows=2, help_text=_("As it was said."))


class PatternsView(StaffView):
    """Show each pattern once, with words that are nobody's."""

    abilities = {"get": "reminders.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        if not settings.IS_DEMO:
            raise NotFound
        refused = Pattern({"name": "", "channel": "phone", "words": ""}, prefix="refused")
        context = {"form": Pattern(), "refused": refused}
        return self.show("staff/patterns/page.html", context)
