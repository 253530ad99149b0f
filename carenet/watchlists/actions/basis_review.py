"""Lists without an end, and first visits from lists without a basis that holds: found and ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from carenet.access.rules import BASES, End
from carenet.agencies.actors import system_actor
from carenet.agencies.models import Agency
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.errors import CarenetError
from carenet.residents.actions.bases import end_by_clock
from carenet.residents.actions.basis_review import NO_END, notify_giver, reason_of
from carenet.residents.actions.expiry_reminders import code_of
from carenet.residents.registry import Finding
from carenet.watchlists.actions.bases import OF_LISTS, demand_visits
from carenet.watchlists.actions.transitions import locked, log_event, save_version
from carenet.watchlists.models import ListEntry, ListEvent, WatchList
from carenet.watchlists.policy import SEEN_AFTERWARDS
from carenet.watchlists.states import ListState, ListVerb
from carenet.watchover.actions.bases import FIELDS

#: A list on what is about one person.
OF_ONE_PERSON = "not_of_lists"
_BY_CLOCK = frozenset(basis for basis, rule in BASES.items() if rule.end is End.ORGAN)


class EndlessLists:
    """What an administrative organ alone gives, without an end; and bases that carry no list at all."""

    kind = "watchlist"

    def ids(self) -> Iterable[UUID]:
        return _endless().order_by("pk").values_list("pk", flat=True)

    def review(self, ids: Sequence[UUID], *, end: bool) -> Sequence[Finding]:
        findings, today = [], clock.today()
        lists = _endless().filter(pk__in=ids).select_related("agency").order_by("pk")
        for each in lists.select_for_update(of=("self",), no_key=True):
            over = end_by_clock(each.sharing_basis, each.imported_at)
            last = timezone.localdate(over) if over else today
            if each.sharing_basis not in OF_LISTS:
                reason = OF_ONE_PERSON
            else:
                reason = NO_END if last > today else "basis_over"
            findings.append(Finding(each.pk, reason))
            if end:
                each.basis_until = last
                each.save(update_fields=["basis_until"])
                log_write(system_actor(each.agency).who, "watchlist.end_basis", self.kind, each.pk)
        return findings


class SentVisits:
    """First visits that were given to people of another agency, as long as these may read the line."""

    kind = "listentry"

    def ids(self) -> Iterable[UUID]:
        return _sent().order_by("pk").values_list("pk", flat=True)

    def review(self, ids: Sequence[UUID], *, end: bool) -> Sequence[Finding]:
        senders = _senders(ids)
        findings = []
        for entry in locked(_sent().filter(pk__in=ids)):
            reason = _why_not(entry, senders)
            if reason:
                findings.append(Finding(entry.pk, reason))
            if reason and end:
                _take_back(entry)
        return findings


def _endless() -> QuerySet[WatchList]:
    past = Q(basis_until__lte=clock.today())
    return WatchList.objects.filter(
        Q(sharing_basis__in=_BY_CLOCK, basis_until=None) | ~Q(sharing_basis__in=OF_LISTS) & ~past
    )


def _sent() -> QuerySet[ListEntry]:
    lasting = Q(watch_list__basis_until=None) | Q(watch_list__basis_until__gte=clock.today())
    lately = Q(decided_at=None) | Q(decided_at__gt=clock.now() - SEEN_AFTERWARDS)
    entries = ListEntry.objects.filter(lasting & lately, visitor__isnull=False)
    ours = Q(visitor_agency=F("watch_list__agency"))
    return entries.exclude(state=ListState.SCREENED).exclude(ours)


def _senders(ids: Sequence[UUID]) -> Mapping[UUID, Agency]:
    """Return who has given each of these visits to somebody, the last one."""
    events = ListEvent.objects.filter(entry__in=ids, verb=ListVerb.SEND).order_by("id")
    return {each.entry_id: each.by_agency for each in events.select_related("by_agency")}


def _why_not(entry: ListEntry, senders: Mapping[UUID, Agency]) -> str:
    sender = senders.get(entry.pk, entry.watch_list.agency)
    try:
        demand_visits(system_actor(sender), [entry], entry.visitor_agency)
    except CarenetError as wrong:
        return reason_of(wrong, FIELDS)
    return ""


def _take_back(entry: ListEntry) -> None:
    """Give the visit to nobody, and tell the agency of the list."""
    agency = entry.watch_list.agency
    entry.visitor = entry.visitor_agency = None
    save_version(entry)
    log_event(system_actor(agency), ListVerb.SEND, entry, visitor="None")
    if entry.resident:
        notify_giver(entry.pk, code_of(entry.resident), agency)
