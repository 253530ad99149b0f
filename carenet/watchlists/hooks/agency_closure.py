"""What of the city's lists hangs on an agency that closes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency
from carenet.agencies.registry import ClosureKind
from carenet.agencies.states import ClosureOutcome
from carenet.watchlists.actions.agency_closure import pass_lists, release_visitors
from carenet.watchlists.models import ListEntry, WatchList


def _lists(agency: Agency) -> QuerySet[WatchList]:
    return WatchList.objects.filter(agency=agency)


def _visitors(agency: Agency) -> QuerySet[ListEntry]:
    return ListEntry.objects.filter(visitor_agency=agency)


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
        columns=("watchover.WatchList.agency",),
    ),
)
#: Who took a list in, and who did what with an entry, is history.
COLUMNS_THAT_STAY = (
    "watchover.ListEvent.by_agency",
    "watchover.WatchList.by_agency",
)
