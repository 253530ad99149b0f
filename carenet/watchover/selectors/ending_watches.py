"""Watches that are over before long by their last day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from carenet.reminders.models import Reminder
from carenet.watchover.models import HandoverPair, WatchAssignment
from carenet.watchover.states import OPEN, HandoverStatus

#: The kind of reminder that watches of one day are over before long.
WATCH_ENDING = "watch.ending"


def ending_soon(now: datetime) -> QuerySet[WatchAssignment]:
    """Return the open watches whose last day lies within `WATCH_ENDING_DAYS`, with it as `last_day`.

    What a scheduled handover gives a new term goes on and is left out.
    """
    today, last = days_ahead(now)
    found = _with_last_day().filter(last_day__range=(today, last), status__in=sorted(OPEN))
    return found.filter(~Exists(_handed_over())).select_related("responsible_agency")


def unannounced(now: datetime) -> QuerySet[WatchAssignment]:
    """Return of those that end soon the first of each agency and day, where none is told of."""
    notified = Reminder.objects.filter(kind=WATCH_ENDING, settled_at=None).values("subject_id")
    of_the_day = {
        "responsible_agency": OuterRef("responsible_agency"),
        "last_day": OuterRef("last_day"),
    }
    announced = _with_last_day().filter(pk__in=notified, **of_the_day)
    found: QuerySet[Any] = ending_soon(now)
    first = found.filter(~Exists(announced)).order_by("responsible_agency", "last_day", "pk")
    first = first.distinct("responsible_agency", "last_day")
    ids = [pk for pk, _day in first.values_list("pk", "last_day")]
    return WatchAssignment.objects.filter(pk__in=ids).select_related("responsible_agency")


def days_ahead(now: datetime) -> tuple[date, date]:
    """Return the first and the last day of what ends before long."""
    today = timezone.localdate(now)
    return today, today + timedelta(days=settings.WATCH_ENDING_DAYS)


def _with_last_day() -> QuerySet[Any]:
    """PostgreSQL passes over what is empty: the earlier of the two, or the one that there is."""
    return WatchAssignment.objects.annotate(last_day=Least("term_until", "basis_until"))


def _handed_over() -> QuerySet[HandoverPair]:
    """Return where a handover takes a watch over before its basis is over, and its term with it."""
    covers = Q(handover__agency=OuterRef("responsible_agency")) | Q(
        handover__ward_wide=True,
        handover__agency__municipality_code=OuterRef("responsible_agency__municipality_code"),
    )
    the_day_before = ExpressionWrapper(
        F("handover__effective_on") - timedelta(days=1), output_field=DateField()
    )
    return HandoverPair.objects.annotate(the_day_before=the_day_before).filter(
        covers,
        outgoing=OuterRef("watcher"),
        outgoing_agency=OuterRef("watcher_agency"),
        handover__status=HandoverStatus.SCHEDULED,
        the_day_before__lte=OuterRef("term_until"),
        the_day_before__lt=Coalesce(OuterRef("basis_until"), Value(date.max)),
    )
