"""Lines of a list that may mean somebody on the register: whom each of them means is said here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_out_of_reach, log_read
from carenet.core.errors import Invalid
from carenet.residents.models import Resident
from carenet.residents.policy import visible_to as visible_residents
from carenet.residents.selectors import likely_matches, search, traits_of
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.search import LONGEST, Searching, people_found
from carenet.staff.pages.versions import seen_version
from carenet.watchlists.actions.entries import match
from carenet.watchlists.models import ListEntry
from carenet.watchlists.policy import entries_of
from carenet.watchlists.selectors import entries

#: As many as one look takes in.
MOST = 50


class WhoForm(forms.Form):
    """Whom the line means."""

    q = forms.CharField(
        label=gettext_lazy("Name or kana of the person"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    subject = forms.UUIDField(required=False)
    new_because = text_field(
        gettext_lazy("If it is somebody else: why"),
        500,
        rows=2,
        help_text=gettext_lazy("A new record is made then, for the agency of the list."),
        required=False,
    )


def unclear(actor: Actor) -> QuerySet[ListEntry]:
    """Return the lines that the actor keeps and of which nobody has said yet whom they mean."""
    return entries(actor).filter(entries_of(actor), resident=None, words__isnull=False)


class UnclearView(StaffView):
    """All of them, by list and line."""

    abilities = {"get": "lists.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        lists = Lists(request)
        found = lists.first("lines", unclear(self.actor).order_by("watch_list", "pk"), MOST)
        for each in found:
            log_read("listentry", each.pk)
        above = [(reverse("staff-work"), _("Imports and exports"))]
        context = {"lines": found, "cut": lists.cuts.get("lines"), "crumbs": above}
        return self.show("staff/unclear/list.html", context)


class UnclearPage(Searching, FormPage):
    """One of them, with those on the register who are like it, as far as the reader may see them."""

    abilities = {"get": "lists.view", "post": "lists.work"}
    form_class = WhoForm
    template = "staff/unclear/page.html"

    def entry(self) -> ListEntry:
        found = get_object_or_404(unclear(self.actor), pk=self.kwargs["id"])
        log_read("listentry", found.pk)
        return found

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if "find" not in request.POST:
            return super().post(request, **ids)
        # Nothing is judged yet; what was typed stays.
        self.slow_down(request)
        typed = {name: request.POST.get(name, "") for name in WhoForm.base_fields}
        return self.show(self.template, {"form": WhoForm(initial=typed), **self.context()})

    def context(self) -> dict[str, Any]:
        entry, posted = self.entry(), self.request.POST
        q, chosen = posted.get("q", ""), posted.get("subject", "")
        alike = self.alike(entry)
        found = people_found(self.actor, q, chosen) if q or chosen else []
        return {
            "entry": entry,
            "said": _described(entry),
            "people": [*alike, *(each for each in found if each not in alike)],
            "chosen_person": chosen,
            "works": self.actor.may("lists.work"),
        }

    def alike(self, entry: ListEntry) -> list[Resident]:
        """Return who is like the line, the likeliest first, each with whether the address is seen."""
        matches = likely_matches(self.actor, traits_of(_described(entry)))
        ids = [each.resident.pk for each in matches]
        found = search(self.actor).in_bulk(ids)
        for pk in found:
            log_read("resident", pk)
        return [found[pk] for pk in ids if pk in found]

    def act(self, form: forms.Form) -> str:
        entry, given = self.entry(), form.cleaned_data
        seen = seen_version(self.request, _("Open the line again, and say it there."))
        person = None
        if given["subject"]:
            person = visible_residents(self.actor).filter(pk=given["subject"]).first()
            if person is None:
                log_out_of_reach("resident", given["subject"])
                raise Invalid({"q": _("This person is out of your reach now. Search again.")})
        elif not given["new_because"]:
            raise Invalid({"new_because": _("Choose the person, or say why it is somebody else.")})
        match(
            actor=self.actor,
            entry_id=entry.pk,
            resident=person,
            new_because="" if person else given["new_because"],
            version=seen,
        )
        return f"{reverse('staff-list-line', args=[entry.pk])}?done=match&from=unclear"


def _described(entry: ListEntry) -> Resident:
    """Return whom the line describes, as a record that nobody keeps."""
    words = dict(entry.words or {})
    born = words.pop("birth_date", None)
    return Resident(**words, birth_date=date.fromisoformat(born) if born else None)
