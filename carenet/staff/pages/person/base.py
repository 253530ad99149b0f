"""The base of the pages of one person: who it is, what was done, and where one goes on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carenet.audit.actions import log_read
from carenet.core.decisions import demand
from carenet.residents import policy
from carenet.residents.models import Resident
from carenet.residents.selectors import details
from carenet.staff.pages.base import FormPage

#: What the page of a person says of what was done just now, by the code in its address.
DONE: dict[str, Promise] = {
    "record": _("The record was corrected."),
    "nothing": _("Nothing was changed."),
    "contact": _("The contact was entered."),
    "contact-corrected": _("The contact was corrected."),
    "contact-confirmed": _("The contact was confirmed."),
    "contact-ended": _("The contact was ended: nobody is to call them any more."),
    "certification": _("The certification was entered."),
    "ended": _("The end of the record was written down, and what was open is settled."),
    "reinstated": _("The end was taken back. Whoever led a case reopens it."),
    "merged": _(
        "The two records are one now. If that was a mistake, undo it under “Registered twice?”."
    ),
    "unmerged": _("The two records stand by themselves again."),
    "consent": _("What the person said was written down."),
    "consent-withdrawn": _("It was taken back. What rested on it has ended."),
    "household-joined": _("The household was written down."),
    "household-left": _("The household was changed: who has left is kept as such."),
}
_SAID = "done"


def done_words(request: HttpRequest) -> Promise | str:
    """Return what was done just now, as the address says; "" where nothing was."""
    return DONE.get(request.GET.get(_SAID, ""), "")


def overtaken() -> str:
    """Return what whoever lost a race is told; what was typed is still there."""
    return gettext(
        "Somebody else has changed this meanwhile, and nothing of yours was kept yet. Where you changed "
        "nothing, the fields say what holds now. Look at it, and send it once more if it still holds."
    )


def brought_up_to_date(
    typed: QueryDict, touched: Collection[str], now: Mapping[str, Any]
) -> QueryDict:
    """Return what was typed; fields that nobody touched say what holds now."""
    data = typed.copy()
    for name, value in now.items():
        if name not in touched:
            data[name] = value or ""
        data[f"initial-{name}"] = "" if value is None else value
    return data


def done_address(page: str, done: str) -> str:
    """Return the address of a page that says what was done."""
    return f"{page}?{urlencode({_SAID: done})}"


def crumbs_of(person: Resident) -> list[tuple[str, str]]:
    """Return the way back to the page of a person."""
    return [(reverse("staff-resident", args=[person.pk]), person.name)]


class OfPerson(FormPage):
    """Base of the pages about one person and what hangs on them."""

    def person(self) -> Resident:
        """Return the person in the address, for whoever works with them."""
        found = details.seen_person(self.actor, self.kwargs["id"])
        if found is None:
            raise Http404
        demand(policy.can_view_details(self.actor, found))
        log_read("resident", found.pk)
        return found

    def show(
        self, template: str, context: dict[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        given = context or {}
        return super().show(template, {"crumbs": crumbs_of(given["person"]), **given}, status)

    def after(self, done: str) -> str:
        """Return the person's page, which says what was done."""
        return done_address(reverse("staff-resident", args=[self.kwargs["id"]]), done)

    def ids(self) -> dict[str, Any]:
        """Return what every action on the person takes."""
        return {"actor": self.actor, "resident_id": self.kwargs["id"]}
