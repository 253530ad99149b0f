"""The city's lists of an agency that closes: its successor keeps them, nobody of it is sent."""

from __future__ import annotations

from carenet.agencies.registry import ClosureBatch
from carenet.audit.actions import log_write
from carenet.watchlists.actions.sync import release_entry
from carenet.watchlists.actions.transitions import locked
from carenet.watchlists.models import ListEntry, WatchList


def release_visitors(batch: ClosureBatch) -> None:
    """Take first visits out of the hands of its people."""
    for entry in locked(ListEntry.objects.filter(pk__in=batch.ids)):
        release_entry(batch.by, entry)


def pass_lists(batch: ClosureBatch) -> None:
    """Let the successor keep these lists; one that it was delivered as well keeps both names apart."""
    for row in WatchList.objects.select_for_update().filter(pk__in=batch.ids).order_by("pk"):
        same = WatchList.objects.filter(
            agency=batch.successor, area=row.area_id, name=row.name, delivered_on=row.delivered_on
        )
        if same.exists():
            row.name = f"{row.name[:80]} ({row.pk.hex[-8:]})"
        row.agency = batch.successor
        row.save(update_fields=["agency", "name"])
    log_write(batch.by.who, "list.pass_on", "watchlist", *batch.ids, to=str(batch.successor.pk))
