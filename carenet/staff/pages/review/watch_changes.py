"""What else of a watch is changed or made: how, on which basis; a link for one tap."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carenet.staff.pages.review.base import WatchView
from carenet.staff.pages.review.watch_transitions import WatchTransitionView
from carenet.staff.pages.versions import version_in
from carenet.staff.pages.watch_forms import HowForm
from carenet.watchover.actions.assignments import edit
from carenet.watchover.actions.links import make_link


class EditView(WatchTransitionView):
    """Change how somebody looks in, on which basis, and what they know at the door."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/review/edit.html"
    said = "edit"

    def form(self, data: Any = None) -> forms.Form:
        watch = self.watch
        return HowForm(
            data,
            initial={name: getattr(watch, name) for name in HowForm.base_fields},
        )

    def act(self, form: forms.Form) -> str:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        if changes:
            version = version_in(self.request)
            edit(actor=self.actor, assignment_id=self.watch.pk, version=version, **changes)
        return self.done()


class LinkView(WatchView):
    """Make a link that records by one tap that somebody has looked in; it is shown once."""

    abilities = {"get": "watch.check_in", "post": "watch.check_in"}

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return self.show("staff/review/link.html", self.context())

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        link, secret = make_link(actor=self.actor, assignment_id=self.watch.pk)
        path = reverse("one-tap", args=[secret])
        base = settings.PUBLIC_URL
        address = f"{base}{path}" if base else request.build_absolute_uri(path)
        context = {**self.context(), "link": link, "address": address}
        return self.show("staff/review/link.html", context, status=HTTPStatus.OK)

    def context(self) -> dict[str, Any]:
        """Return what the page says of the watch and of the link."""
        return {
            "watch": self.watch,
            "words": _(
                "One button, without a name or a place: whoever opens the link and taps it records that "
                "they have looked in. It is for the next time, and good once."
            ),
        }
