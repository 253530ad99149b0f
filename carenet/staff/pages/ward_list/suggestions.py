"""Suggested watchers for those of a list who want it: each with its reasons, applied by a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from carenet.access.rules import SharingBasis
from carenet.audit.actions import log_read
from carenet.core.errors import Conflict
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.ward_list.base import Filter, Shown, lines_address, shown
from carenet.staff.pages.watch_forms import SameWatchForm
from carenet.watchlists.actions.bulk import assign_as_named
from carenet.watchlists.selectors import ListStep, SuggestedWatches, suggested_watches
from carenet.watchover.selectors.eligible_watchers import Candidate
from carenet.watchover.states import WatchMethod
from carenet.watchover.suggestions import Nearness, Suggestion


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """A line, who might look in, and why; `pick` is what the form sends for it."""

    line: Shown
    who: Candidate
    reasons: list[str]
    pick: str


@dataclass(frozen=True, slots=True)
class ShownLoad:
    """How many somebody looks in on now, and would with what is suggested."""

    who: Candidate
    now: int
    after: int
    most: int


class SuggestionsView(FormPage):
    """What is suggested for the lines of a list, with the load before and after; and its proposal."""

    abilities = {"get": "lists.work", "post": "lists.work"}
    template = "staff/ward_list/suggestions.html"

    @cached_property
    def filter(self) -> Filter:
        return Filter.of(self.request)

    @cached_property
    def suggested(self) -> SuggestedWatches:
        return suggested_watches(self.actor, self.filter.list)

    def form(self, data: Any = None) -> SameWatchForm:
        usual = {"method": WatchMethod.VISIT, "sharing_basis": SharingBasis.CONSENT}
        return SameWatchForm(data, initial=usual)

    def context(self) -> dict[str, Any]:
        found = self.suggested
        nobody = [shown(found.entries[pk]) for pk in _ids(found.suggestions.nobody)]
        back = lines_address(list=self.filter.list, step=ListStep.TO_ASSIGN)
        return {
            "rows": [self.row(each) for each in found.suggestions.found],
            "picked": self.picked if self.request.method == "POST" else None,
            "loads": self.loads(),
            "nobody": nobody,
            "left_out": found.left_out,
            "more": found.more,
            "back": back,
            "crumbs": [(back, str(ListStep.TO_ASSIGN.label))],
        }

    def row(self, suggestion: Suggestion) -> ShownSuggestion:
        found, key = self.suggested, str(suggestion.watcher)
        [pk] = _ids([suggestion.wish])
        log_read("user", found.people[key].user.pk)
        return ShownSuggestion(
            shown(found.entries[pk]), found.people[key], reasons_of(suggestion), f"{pk}/{key}"
        )

    def loads(self) -> list[ShownLoad]:
        """Return the load of each watcher who would get somebody, before and after."""
        found = self.suggested
        more = Counter(str(each.watcher) for each in found.suggestions.found)
        rows = [
            ShownLoad(found.people[key], load.load, load.load + more[key], load.most)
            for key, load in found.loads.items()
            if more[key]
        ]
        return sorted(rows, key=lambda each: (-each.after, each.who.user.name))

    @property
    def picked(self) -> list[str]:
        """Return what was ticked."""
        return self.request.POST.getlist("pick")

    def act(self, form: Any) -> str:
        named = {}
        for pick in self.picked:
            entry, _slash, key = pick.partition("/")
            if key not in self.suggested.people:
                raise Conflict(
                    _(
                        "Some of those named may not look in any more. Look at the suggestions again."
                    )
                )
            named[_id_in(entry)] = self.suggested.people[key]
        if not named:
            raise Conflict(_("Nobody was ticked. Tick those whose watch is to be proposed."))
        made = assign_as_named(actor=self.actor, named=named, **form.cleaned_data)
        return lines_address(
            list=self.filter.list, step=ListStep.TO_BEGIN, done="assign", number=len(made)
        )


def reasons_of(suggestion: Suggestion) -> list[str]:
    """Return why somebody is suggested, in words: how near, how many already, whether the term ends."""
    load = {"load": suggestion.load, "most": suggestion.most}
    said = [
        str(Nearness(suggestion.nearness).label),
        _("looks in on %(load)s now, %(most)s at most") % load,
    ]
    if suggestion.term_ends:
        said.append(_("but leaves before long"))
    return said


def _ids(keys: Any) -> list[UUID]:
    return [UUID(str(each)) for each in keys]


def _id_in(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Http404 from None
