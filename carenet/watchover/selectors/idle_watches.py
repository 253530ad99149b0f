"""Watches that have begun and by which nobody would be missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from carenet.core.clock import ZONE
from carenet.reminders.models import Reminder
from carenet.watchover.models import Expectation, WatchAssignment
from carenet.watchover.states import ExpectationState, WatchStatus

#: The kind of reminder that nobody is expected any more.
EXPECTS_NOBODY = "watch.expects_nobody"
#: So soon after its last time a watch may end without a word, where its rhythm would go on: what recurs
#: within a month has then lost no time. It stands in the review as one whose term or basis ends.
ENDS_SOON = timedelta(days=31)


def running_out(among: QuerySet[WatchAssignment]) -> QuerySet[WatchAssignment]:
    """Return the active ones of these whose rhythm ends, or pauses for long, as it was read last."""
    return among.filter(runs_out())


def runs_out() -> Q:
    """Return the condition on watches "active, and the rhythm ends, as it was read last"."""
    return Q(_has_reminder(), status=WatchStatus.ACTIVE)


def expecting_nobody(now: datetime) -> QuerySet[WatchAssignment]:
    """Return the active watches without a time ahead or open, whether anybody was told or not."""
    expected = Expectation.objects.filter(
        assignment=OuterRef("pk"), state=ExpectationState.EXPECTED, grace_until__gt=now
    )
    return WatchAssignment.objects.filter(~Exists(expected), status=WatchStatus.ACTIVE)


def silent(now: datetime) -> QuerySet[WatchAssignment]:
    """Return the active watches by which nobody is expected, and of which nobody is to be told.

    There must be none: `/healthz` counts them. One that is over within `ENDS_SOON` is none: it ends by
    itself, at the latest then. Of an end by its basis or its term the responsible agency is told before
    (`watch.ending`) and then (`watch.basis_ended`, `watch.term_ended`).
    """
    ends_before = (now + ENDS_SOON).astimezone(ZONE).date()
    ends = Q(term_until__lt=ends_before) | Q(basis_until__lt=ends_before)
    return expecting_nobody(now).filter(~_has_reminder()).exclude(ends)


def _has_reminder() -> Exists:
    found = Reminder.objects.filter(kind=EXPECTS_NOBODY, subject_id=OuterRef("pk"), settled_at=None)
    return Exists(found)
