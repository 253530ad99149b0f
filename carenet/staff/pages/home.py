"""Where somebody begins, and the page that helps them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from carenet.staff.pages.base import StaffView
from carenet.staff.pages.help_texts import ALWAYS, HELP
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.templatetags.menu import first_page


class HomeView(StaffView):
    """Lead to the page where somebody begins."""

    abilities = {"get": "reminders.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        page = reverse(first_page(self.actor))
        return redirect_to(request, f"{page}?{query}" if query else page)


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
