"""Where somebody begins, and the page that helps them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from carenet.administration.selectors import administrator, own_appointment
from carenet.agencies.models import User
from carenet.agencies.selectors import invitations_for
from carenet.core.errors import Forbidden
from carenet.staff.pages.base import Elsewhere, StaffView
from carenet.staff.pages.help_texts import ALWAYS, HELP
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.templatetags.menu import first_page


class HomeView(StaffView):
    """Lead to the page where somebody begins."""

    abilities = {"get": "reminders.view"}

    def enter(self, request: HttpRequest) -> None:
        """Find out who acts; whoever works for no agency is led to what waits for them."""
        try:
            super().enter(request)
        except Forbidden as error:
            name = _page_without_agency(request.user) if isinstance(request.user, User) else ""
            if error.reason_code != "no_agency" or not name:
                raise
            raise Elsewhere(reverse(name)) from error

    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        page = reverse(first_page(self.actor))
        return redirect_to(request, f"{page}?{query}" if query else page)


def _page_without_agency(user: User) -> str:
    """Return the name of the page where somebody goes on who works for no agency, "" for none."""
    if administrator(user):
        return "administration"
    if own_appointment(user):
        return "administration-appointment"
    return "staff-own-invitations" if invitations_for(user).exists() else ""


class HelpView(StaffView):
    """What one does where, in plain words: one sheet for each role."""

    abilities = {"get": "reminders.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        named = request.GET.get("role", "")
        asked = {role for role in HELP if role == named} or self.actor.roles
        sheets = [(role, HELP[role]) for role in HELP if role in asked]
        others = [role for role in HELP if role not in asked]
        return self.show(
            "staff/help/page.html", {"sheets": sheets, "others": others, "always": ALWAYS}
        )
