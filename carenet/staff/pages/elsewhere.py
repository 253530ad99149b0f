"""Somebody who is not found here may be known to another agency: it is asked, and stays unnamed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_read
from carenet.core.errors import Busy, CarenetError
from carenet.residents.actions import find_duplicates, inquire
from carenet.rest.throttles import MatchingThrottle
from carenet.staff.pages.base import blame
from carenet.staff.pages.form_fields import TypedBirth, text_field
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.search import LONGEST, Searching


class Description(forms.Form):
    """Who is meant: enough of it that nobody else is."""

    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=LONGEST)
    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=LONGEST)
    birth = TypedBirth(label=gettext_lazy("Date of birth"))


class Question(forms.Form):
    """What the other agency is asked; `hint` is what was found, and says nothing of it."""

    hint = forms.UUIDField(widget=forms.HiddenInput)
    words = text_field(gettext_lazy("Why you ask, and what you need to know"), 2000, rows=3)


class ElsewhereView(Searching):
    """Look whether another agency may know the person; nothing that is typed stands in an address."""

    abilities = {"get": "residents.register", "post": "residents.register"}

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(Description())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = Description(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        self.slow_down(request)
        found = find_duplicates(actor=self.actor, **_fields(form.cleaned_data))
        for match in found.matches:
            log_read("resident", match.resident.pk)
        return self.page(
            form,
            looked=True,
            people=[match.resident for match in found.matches],
            questions=[Question(initial={"hint": hint.pk}) for hint in found.hints],
        )

    def slow_down(self, request: HttpRequest) -> None:
        """Raise `Busy` for more than the API allows: what others know is not to be tried out."""
        throttle = MatchingThrottle()
        if not throttle.allow_request(request, self):  # type: ignore[arg-type]
            wait = int(throttle.wait() or 1)
            raise Busy(_("Too many searches. Wait a moment, then type on."), retry_after=wait)

    def page(self, form: forms.Form, status: int = 200, **context: Any) -> HttpResponse:
        """Answer with the description, and with what was found."""
        return self.show("staff/people/elsewhere.html", {"form": form, **context}, status=status)


class AskView(ElsewhereView):
    """Ask the agency behind a hint."""

    abilities = {"post": "residents.inquire"}
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = Question(request.POST)
        if form.is_valid():
            try:
                made = inquire(
                    actor=self.actor,
                    hint_id=form.cleaned_data["hint"],
                    words=form.cleaned_data["words"],
                )
                return redirect_to(request, reverse("staff-inquiry", args=[made.pk]))
            except CarenetError as error:
                blame(form, error)
        return self.page(Description(), status=422, looked=True, people=[], questions=[form])


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    """Return the description in the words of a record."""
    born = given["birth"]
    birth = {"birth_date": born.day} if born.day else {"birth_year": born.year}
    return {name: given[name] for name in ("family_name", "given_name")} | birth
