"""`/watch-lists/` and `/list-entries/`: the city's list, from its delivery to the watch."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import ApiVerb, list_method, retrieve_method
from carenet.areas.models import Area
from carenet.audit.actions import log_out_of_reach, log_read, no_such
from carenet.core.errors import NotFound
from carenet.rest.filters import choices_of, codes
from carenet.watchlists import policy, selectors
from carenet.watchlists.actions import entries as listing
from carenet.watchlists.actions.bulk import transition_many
from carenet.watchlists.actions.list_import import Line, LineOutcome, import_list
from carenet.watchlists.api.files import line_of
from carenet.watchlists.api.serializers import (
    EntriesSerializer,
    EntrySerializer,
    FunnelSerializer,
    LineMatchInput,
    ListEventSerializer,
    ListFatesSerializer,
    ListInput,
    ScreenInput,
    ScreenManyInput,
    SendInput,
    SuggestedWatchersSerializer,
    VisitInput,
    WatchListSerializer,
)
from carenet.watchlists.models import ListEntry, ListEvent, WatchList
from carenet.watchlists.states import ListState, ListVerb
from carenet.watchover.api.base import WatchView
from carenet.watchover.api.input_serializers import SameProposal, WatchRemark

_LIST = OpenApiParameter("list", UUID, description="Of this list alone.")


def _id_in(request: Request, name: str) -> UUID | None:
    given = request.query_params.get(name)
    try:
        return UUID(given) if given is not None else None
    except ValueError:
        raise ValidationError({name: [_("Give one id.")]}) from None


class WatchListViewSet(WatchView):
    """Lists that the ward office has delivered."""

    serializer_class = WatchListSerializer
    queryset = WatchList.objects.none()
    abilities = {"list": "lists.view", "retrieve": "lists.view", "take_in": "lists.import"}

    def queryset_for(self, actor: Actor) -> QuerySet[WatchList]:
        return selectors.watch_lists(actor)

    list = list_method("List the lists that your agency keeps, taken in last first.")

    retrieve = retrieve_method("Read one list, without its people.")

    @extend_schema(
        operation_id="watch_lists_import", request=ListInput, responses={200: ListFatesSerializer}
    )
    def take_in(self, request: Request) -> Response:
        """Take in a list, or the rest of one; each line is told what became of it."""
        given = self.read_body(ListInput)
        read = [line_of(each) for each in given.pop("lines")]
        lines = [each for each in read if isinstance(each, Line)]
        watch_list, fates = import_list(actor=self.actor, lines=lines, **given)
        rest = iter(fates)
        told = [each if isinstance(each, LineOutcome) else next(rest) for each in read]
        rows = [
            {
                "line": place,
                "key": fate.key,
                "result": fate.result.value,
                "words": str(fate.result.label),
                "entry": fate.entry_id,
                "errors": fate.errors,
                "notes": fate.notes,
            }
            for place, fate in enumerate(told, start=1)
        ]
        return Response(ListFatesSerializer({"watch_list": watch_list, "lines": rows}).data)


class EntryViewSet(WatchView):
    """People on the lists, for who keeps the list; and for whom is sent to them."""

    serializer_class = EntrySerializer
    queryset = ListEntry.objects.none()
    filter_names = frozenset({"state", "list", "area", "unclear"})
    abilities = {
        "list": "lists.view",
        "retrieve": "lists.view",
        "screen_many": "lists.work",
        "send": "lists.work",
        "suggestions": "lists.work",
    }
    id_argument = "entry_id"

    def queryset_for(self, actor: Actor) -> QuerySet[ListEntry]:
        return selectors.entries(actor)

    @extend_schema(
        parameters=[
            codes("state", ListState.values),
            _LIST,
            OpenApiParameter("area", UUID, description="Whose address lies there."),
            OpenApiParameter(
                "unclear", bool, description="Whether it is still to be said whom the line means."
            ),
        ]
    )
    def list(self, request: Request) -> Response:
        """List entries, taken in last first."""
        rows = self.get_queryset()
        states = choices_of(request, "state", ListState)
        if states:
            rows = rows.filter(state__in=states)
        wanted = _id_in(request, "list")
        if wanted:
            if not selectors.watch_lists(self.actor).filter(pk=wanted).exists():
                log_out_of_reach("watchlist", wanted)
            rows = rows.filter(watch_list=wanted)
        unclear = request.query_params.get("unclear")
        if unclear is not None:
            if unclear not in {"true", "false"}:
                raise ValidationError({"unclear": [_("Give true or false.")]})
            rows = rows.filter(resident__isnull=unclear == "true")
        return self.page_of(self._in_area(rows))

    retrieve = retrieve_method("Read one entry.")

    match = ApiVerb(
        listing.match,
        LineMatchInput,
        "Say whom of the register the line means, or that it is somebody new.",
        ability="lists.work",
    )
    screen = ApiVerb(
        listing.screen,
        ScreenInput,
        "Note that nobody needs to call on this person, and why.",
        ability="lists.work",
    )

    @extend_schema(
        operation_id="list_entries_screen_many",
        request=ScreenManyInput,
        responses={200: EntriesSerializer},
    )
    def screen_many(self, request: Request) -> Response:
        """Screen up to 200 entries out for the same reason, all or none."""
        given = self.read_body(ScreenManyInput)
        ids = self._seen(given.pop("entries"))
        transition_many(actor=self.actor, entry_ids=ids, verb=ListVerb.SCREEN, **given)
        return self._several(ids)

    @extend_schema(
        operation_id="list_entries_send", request=SendInput, responses={200: EntriesSerializer}
    )
    def send(self, request: Request) -> Response:
        """Give the first visits of up to 200 entries to somebody, all or none."""
        given = self.read_body(SendInput)
        ids = self._seen(given["entries"])
        listing.send(
            actor=self.actor,
            entry_ids=ids,
            visitor=given["visitor"],
            agency=given.get("visitor_agency"),
        )
        return self._several(ids)

    @extend_schema(
        operation_id="list_entries_suggestions",
        parameters=[_LIST],
        responses=SuggestedWatchersSerializer,
        filters=False,
    )
    def suggestions(self, request: Request) -> Response:
        """Suggest watchers for those who want it, by nearness, load and term; the protected left out."""
        found = selectors.suggested_watches(self.actor, _id_in(request, "list"))
        rows = []
        for each in found.suggestions.found:
            who = found.people[str(each.watcher)]
            log_read("listentry", found.entries[UUID(str(each.wish))].pk)
            log_read("user", who.user.pk)
            facts = {
                name: getattr(each, name)
                for name in ("wish", "nearness", "load", "most", "term_ends")
            }
            rows.append({**facts, "watcher": who.user, "watcher_agency": who.agency})
        shown = {
            "suggestions": rows,
            "nobody": list(found.suggestions.nobody),
            "left_out": found.left_out,
            "complete": not found.more,
        }
        return Response(SuggestedWatchersSerializer(shown).data)

    visit = ApiVerb(listing.visit, VisitInput, "Record the first visit.", ability="lists.work")
    wants = ApiVerb(
        listing.wants,
        WatchRemark,
        "Note that the person wants to be watched over.",
        ability="lists.work",
    )
    refuse = ApiVerb(
        listing.refuse,
        WatchRemark,
        "Note that the person does not want it; they are asked again with the next list.",
        ability="lists.work",
    )
    assign = ApiVerb(
        listing.assign,
        SameProposal,
        "Propose the watch that the person wants.",
        ability="lists.work",
    )
    undo = ApiVerb(listing.undo, WatchRemark, "Take the last step back.", ability="lists.work")

    def _seen(self, ids: Iterable[UUID]) -> set[UUID]:
        """Return the ids that a body names; raises `Invalid` where one of them is out of reach."""
        wanted = set(ids)
        found = policy.entries_visible_to(self.actor).filter(pk__in=wanted)
        missing = wanted - set(found.values_list("pk", flat=True))
        if missing:
            raise no_such("entries", "listentry", missing)
        return wanted

    def _several(self, ids: set[UUID]) -> Response:
        found = self.get_queryset().filter(pk__in=ids).order_by("-id")
        return Response({"entries": self.get_serializer(found, many=True).data})

    def _in_area(self, rows: QuerySet[ListEntry]) -> QuerySet[ListEntry]:
        wanted = _id_in(self.request, "area")
        if wanted is None:
            return rows
        area = Area.objects.filter(pk=wanted).first()
        return selectors.in_area(rows, area) if area else rows.none()


class ListEventViewSet(WatchView):
    """The story of one entry."""

    serializer_class = ListEventSerializer
    queryset = ListEvent.objects.none()
    abilities = {"list": "lists.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[ListEvent]:
        entry = policy.entries_visible_to(actor).filter(pk=self.kwargs["entry_id"])
        found = entry.filter(policy.entries_of(actor)).first()
        if found is None:
            raise NotFound
        return selectors.events(found)

    list = list_method("Read what was done with an entry, newest first.")


class FunnelView(WatchView):
    """Numbers of the lists that the actor keeps."""

    serializer_class = FunnelSerializer
    queryset = WatchList.objects.none()
    query_names = frozenset({"list"})
    abilities = {"funnel": "watch.count"}

    @extend_schema(
        operation_id="watch_review_funnel", parameters=[_LIST], responses=FunnelSerializer
    )
    def funnel(self, request: Request) -> Response:
        """Count for each list and area who is listed, screened out, visited, wants it or not."""
        wanted = _id_in(request, "list")
        lists, complete = selectors.funnel(self.actor, [wanted] if wanted else None)
        return Response(FunnelSerializer({"lists": lists, "complete": complete}).data)
