"""Two records of one person: found, compared, made one, and put apart again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_read
from carenet.core.errors import Busy
from carenet.residents import actions, policy, selectors
from carenet.residents.models import Resident, ResidentMerge
from carenet.residents.selectors import details
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.people import person_context
from carenet.staff.pages.person.base import OfPerson
from carenet.staff.pages.search import LONGEST, Searching, people_found
from carenet.staff.pages.versions import seen_version

REASON = 500
#: As many earlier merges as the page tells.
LATEST = 20
#: What follows a merge, as the page of a person lists it: label, and under which names a merge notes it.
FOLLOWS = {
    "contacts": (gettext_lazy("Whom to call"), "residents.contact.resident"),
    "certifications": (gettext_lazy("Care certification"), "residents.certification.resident"),
    "facts": (gettext_lazy("What is known"), "residents.residentfact.resident"),
    "consents": (gettext_lazy("Consents"), "residents.consent.resident"),
    "cases": (gettext_lazy("Cases"), "cases.case.resident"),
    "consultations": (gettext_lazy("Consultations"), "cases.consultation.subject"),
    "referrals": (gettext_lazy("Referrals"), "referrals.referral.resident"),
    "watches": (gettext_lazy("Watch-over"), "watchover.watchassignment.resident"),
}


class Reason(forms.Form):
    """How one knows."""

    reason = text_field(gettext_lazy("How you know"), REASON, rows=2)


class DoublesView(Searching, OfPerson):
    """Who may be the same person, and what was merged into this record."""

    abilities = {"get": "residents.merge", "post": "residents.merge"}
    template = "staff/people/doubles.html"

    def form(self, data: Any = None) -> Any:
        q = forms.CharField(
            label=gettext_lazy("Name or kana of the other record"),
            max_length=LONGEST,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        form = forms.Form(data)
        form.fields["q"] = q
        return form

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        form, found, error = self.form(request.POST), [], None
        if form.is_valid():
            try:
                self.slow_down(request)
                found = people_found(self.actor, form.cleaned_data["q"], "")
            except Busy as refused:
                error = refused
        context = self.context()
        others = [each for each in found if each.pk != self.kwargs["id"]]
        shown = {"form": form, "found": others, "searched": True, "too_many": error}
        return self.show(self.template, context | shown, status=error.status if error else 200)

    def context(self) -> dict[str, Any]:
        person, lists = self.person(), Lists(self.request)
        alike = selectors.likely_matches(self.actor, selectors.traits_of(person))
        others = [each.resident for each in alike if each.resident.pk != person.pk]
        for each in others:
            log_read("resident", each.pk)
        rows = selectors.merges(person).select_related("by_agency", "by_user").order_by("-pk")
        return {
            "person": person,
            "alike": others,
            "merges": lists.first("merges", rows, LATEST),
            "cuts": lists.cuts,
        }


class OfMerge(OfPerson):
    """Base of a merge and of undoing one."""

    abilities = {"get": "residents.merge", "post": "residents.merge"}

    def seen_person(self, person_id: UUID) -> Resident:
        """Return a visible person, with what of them may be shown settled."""
        found = details.seen_person(self.actor, person_id)
        if found is None:
            raise Http404
        log_read("resident", found.pk)
        return found


class MergeView(OfMerge):
    """Two records side by side, what goes where, and the merge."""

    template = "staff/people/merge.html"
    form_class = Reason

    def context(self) -> dict[str, Any]:
        survivor = self.seen_person(self.kwargs["id"])
        loser = self.seen_person(self.kwargs["other_id"])
        may = policy.can_merge(self.actor, survivor, loser)
        records = (survivor, loser)
        shown = [bool(policy.can_see_address(self.actor, each)) for each in records]
        return {
            "person": survivor,
            "other": loser,
            "version": survivor.version,
            "other_version": loser.version,
            "may": may,
            "denials": [] if may else [may],
            "address_shown": shown,
            "follows": _numbers(person_context(self.actor, loser, _all())),
        }

    def act(self, form: Any) -> str:
        told = _("Open the two records again, and merge them from there.")
        actions.merge(
            actor=self.actor,
            survivor_id=self.kwargs["id"],
            loser_id=self.kwargs["other_id"],
            version=seen_version(self.request, told),
            loser_version=seen_version(self.request, told, name="other_version"),
            **form.cleaned_data,
        )
        return self.after("merged")


class UnmergeView(OfMerge):
    """A merge that was a mistake: what goes back, and the undoing."""

    template = "staff/people/unmerge.html"
    form_class = Reason

    def merge(self, person: Resident) -> ResidentMerge:
        """Return the merge in force of the two records in the address."""
        rows = selectors.merges(person).filter(loser=self.kwargs["other_id"], undone_at=None)
        return get_object_or_404(rows.select_related("loser", "by_agency", "by_user"))

    def context(self) -> dict[str, Any]:
        person = self.seen_person(self.kwargs["id"])
        merge = self.merge(person)
        may = policy.can_unmerge(self.actor, merge)
        moved = merge.moved["rows"]
        return {
            "person": person,
            "version": person.version,
            "merge": merge,
            "may": may,
            "denials": [] if may else [may],
            "follows": _numbers(person_context(self.actor, person, _all()), moved),
        }

    def act(self, form: Any) -> str:
        told = _("Open the merge again, and undo it from there.")
        actions.unmerge(
            actor=self.actor,
            survivor_id=self.kwargs["id"],
            loser_id=self.kwargs["other_id"],
            version=seen_version(self.request, told),
            **form.cleaned_data,
        )
        return self.after("unmerged")


def _all() -> Lists:
    lists = Lists(None)
    lists.whole = True
    return lists


def _numbers(
    shown: dict[str, Any], moved: dict[str, Collection[str]] | None = None
) -> list[tuple[Any, int]]:
    """Return how much of each kind follows, of what the reader sees; `moved` limits it to its rows."""
    found = []
    for name, (label, noted) in FOLLOWS.items():
        rows = [row["consent"] if name == "consents" else row for row in shown.get(name, ())]
        if moved is not None:
            ids = set(moved.get(noted, ()))
            rows = [row for row in rows if str(row.pk) in ids]
        found.append((label, len(rows)))
    return [each for each in found if each[1]]
