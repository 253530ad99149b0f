"""What of the city's lists hangs on an agency that closes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency, WardSection
from carenet.agencies.registry import ClosureKind, SectionRule, Suggestion
from carenet.agencies.states import ClosureOutcome, SectionGround
from carenet.watchlists.actions.agency_closure import pass_lists, release_visitors
from carenet.watchlists.models import ListEntry, WatchList


def _lists(agency: Agency) -> QuerySet[WatchList]:
    return WatchList.objects.filter(agency=agency)


def _visitors(agency: Agency) -> QuerySet[ListEntry]:
    return ListEntry.objects.filter(visitor_agency=agency)


def _suggest(lists: list[WatchList]) -> dict[UUID, Suggestion]:
    section = WardSection.OLDER_AND_DISABILITY
    return {
        each.pk: Suggestion(f"{each.name} {each.delivered_on}"[:100], section, SectionGround.WATCH)
        for each in lists
    }


CLOSURE_KINDS = (
    ClosureKind(
        name="visitors",
        label=_("first visits given to its people"),
        fate=ClosureOutcome.ENDS,
        found=_visitors,
        settle=release_visitors,
        columns=("watchover.ListEntry.visitor_agency",),
    ),
    ClosureKind(
        name="lists",
        label=_("lists of the city that it keeps"),
        fate=ClosureOutcome.PASSES,
        found=_lists,
        settle=pass_lists,
        to_section=SectionRule(_lists, _suggest),
        columns=("watchover.WatchList.agency",),
    ),
)
#: Who took a list in, and who did what with an entry, is history.
COLUMNS_THAT_STAY = (
    "watchover.ListEvent.by_agency",
    "watchover.WatchList.by_agency",
)
