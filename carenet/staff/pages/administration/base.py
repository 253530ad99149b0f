"""The base of the administrators' pages: for everybody who is none they are not there."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carenet.administration.selectors import administrator
from carenet.agencies.actors import Administrator
from carenet.audit.actions import declare
from carenet.core.errors import NotFound
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.redirects import redirect_to

#: The pages that stand side by side: name of the address, label.
TABS = [
    ("administration", _("Overview")),
    ("administration-agencies", _("Agencies")),
    ("administration-administrators", _("Administrators")),
    ("administration-clients", _("Partners' systems")),
    ("administration-import", _("Imports")),
    ("administration-health", _("Health of the service")),
]


class AdministrationView(StaffView):
    """Base of the pages. `administrator` is who acts; there is no `actor`."""

    administrator: Administrator
    #: Which of `TABS` it belongs to.
    tab: ClassVar[str] = "administration"

    def enter(self, request: HttpRequest) -> None:
        """Find out who administers; raises `NotFound` for everybody else."""
        found = administrator(self.identify(request))
        if found is None:
            raise NotFound
        self.administrator = found
        declare(found.who)

    def show(
        self, template: str, context: dict[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        """Answer with a page, its neighbours beside it."""
        tabs = [(reverse(name), label, name == self.tab) for name, label in TABS]
        done = self.request.GET.get("done", "")
        shown = {"tabs": tabs, "done": done, **(context or {}), "administrator": self.administrator}
        response = render(self.request, template, shown, status=status)
        response.shows = True  # type: ignore[attr-defined]
        return response

    def go(self, name: str, *args: Any, done: str = "") -> HttpResponse:
        """Send the browser to a page of these, which then says what was done."""
        address = reverse(name, args=args)
        return redirect_to(self.request, f"{address}?done={done}" if done else address)


class AdministrationForm(AdministrationView, FormPage):
    """Base of a page with one form."""
