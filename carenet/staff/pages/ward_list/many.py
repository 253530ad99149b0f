"""The same step for many lines: those that were ticked, or all of a filter."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.core.errors import Conflict, Invalid
from carenet.jobs.actions import start
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.ward_list.base import (
    Filter,
    Shown,
    lines_address,
    lists_named,
    people_for,
    shown,
)
from carenet.staff.pages.ward_list.forms import DONE, STEPS, SendForm, Step
from carenet.watchlists.actions.bulk import step_many
from carenet.watchlists.models import ListEntry
from carenet.watchlists.selectors import count_by_list
from carenet.watchover.selectors.eligible_watchers import Candidate

#: As many as one request leads on; more than these are left to long work.
MOST_AT_ONCE = 200
#: As many names as the page tells before it is sent.
NAMED = 20
#: As many digits as their number can have.
LONGEST = 6
CHANGED = gettext_lazy(
    "The number of lines has changed meanwhile: %(number)s now. Look at them, and send it again."
)


class ManyPage(FormPage):
    """Base of what is done with many lines: which they are, and that they are still those."""

    abilities = {"get": "lists.work", "post": "lists.work"}

    @cached_property
    def filter(self) -> Filter:
        return Filter.of(self.request)

    @property
    def everything(self) -> bool:
        """Whether all lines of the filter are meant, and not those that were ticked."""
        return "all" in self.request.GET

    @cached_property
    def rows(self) -> Any:
        """Return the lines that are meant, as a query; raises `Http404` for ids that are none."""
        found = self.filter.lines(self.actor)
        if self.everything:
            return found
        try:
            ids = {UUID(each) for each in self.request.GET.getlist("entries")[:MOST_AT_ONCE]}
        except ValueError:
            raise Http404 from None
        return found.filter(pk__in=ids)

    @cached_property
    def number(self) -> int:
        """Return how many they are; raises `Http404` where nothing was ticked that is there."""
        return int(self.rows.count())

    @cached_property
    def named(self) -> list[Shown]:
        """Return the first of them, by name."""
        return [shown(each) for each in self.rows[:NAMED]]

    def context(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "named": self.named,
            "more": max(0, self.number - len(self.named)),
            "back": lines_address(**self.filter.query),
            "by_work": self.number > MOST_AT_ONCE,
            "crumbs": [
                (lines_address(**self.filter.query), self.words_of_filter),
            ],
        }

    @property
    def words_of_filter(self) -> str:
        """Return where the lines stand, in words."""
        return str(self.filter.step.label) if self.filter.step else _("all")

    def demand_same(self) -> None:
        """Raise `Conflict` unless as many lines are meant as the page has told."""
        if self.request.POST.get("number") != str(self.number):
            raise Conflict(CHANGED % {"number": self.number})
        if not self.number:
            raise Conflict(_("No line was chosen. Go back, and tick at least one."))

    def ids(self) -> list[UUID]:
        """Return the lines that are meant, as many as one request may lead on."""
        return list(self.rows.values_list("pk", flat=True)[:MOST_AT_ONCE])


class ManyView(ManyPage):
    """One step for many lines."""

    template = "staff/ward_list/many.html"

    #: The step, given by the address.
    code: ClassVar[str] = ""

    @cached_property
    def step(self) -> Step:
        """Raises `Http404` where the address means lines that do not stand at it."""
        found = STEPS[self.code]
        if self.filter.step not in found.steps:
            raise Http404
        return found

    @cached_property
    def people(self) -> dict[str, Candidate]:
        """Return who may be sent, by what the form sends: for the step that sends somebody."""
        if self.step.form is not SendForm:
            return {}
        wanted = [self.filter.list] if self.filter.list else list(count_by_list(self.actor))
        return people_for(self.actor, lists_named(wanted).values())

    def form(self, data: Any = None) -> Form:
        if self.step.form is not SendForm:
            return self.step.form(data)
        choices = [
            (key, f"{who.user.name}（{who.agency.name}）") for key, who in self.people.items()
        ]
        return SendForm(data, choices)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "step": self.step}

    def act(self, form: Any) -> str:
        self.demand_same()
        said = form.said(self.people)
        said = {"verb": self.step.verb, **said}
        if self.number > MOST_AT_ONCE:
            return self.by_work(said)
        done = step_many(actor=self.actor, entry_ids=self.ids(), **said)
        kept = {"list": self.filter.list, "step": self.filter.step, "area": self.filter.area}
        return lines_address(**kept, done=self.code, number=done)

    def by_work(self, said: dict[str, Any]) -> str:
        """Leave it to long work, which tells how far it has come; return where that is told."""
        if said.get("note"):
            raise Invalid(
                {"note": _("Leave this empty: a note is one line's, not that of hundreds.")}
            )
        last: ListEntry = self.rows.order_by("-pk")[:1].get()
        options = {**self.filter.query, **_as_json(said), "last": str(last.pk)}
        for each in lists_named([self.filter.list] if self.filter.list else []).values():
            options["name"] = each.name
        job = start(actor=self.actor, kind="list.steps", options=options)
        return reverse("staff-work-job", args=[job.pk])


def done_many(request: HttpRequest) -> str:
    """Return what was done just now with many lines, as the address says; "" where nothing was."""
    said, number = DONE.get(request.GET.get("done", "")), request.GET.get("number", "")
    if said is None or not (number.isascii() and number.isdecimal() and len(number) < LONGEST):
        return ""
    return _("%(done)s Lines: %(number)s") % {"done": said, "number": number}


def _as_json(said: dict[str, Any]) -> dict[str, Any]:
    """Return what a form says as long work keeps it: codes, ids and days, nothing of a person."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        if value in (None, "", False):
            continue
        if name in {"visitor", "visitor_agency"}:
            found[name] = str(value.pk)
        elif name == "at":
            found[name] = value.isoformat()
        else:
            found[name] = value if isinstance(value, bool) else str(value)
    return found
