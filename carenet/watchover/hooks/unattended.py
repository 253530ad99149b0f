"""What is open in watch-over while nobody is told of it by itself: a watch at rest, a pause."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from carenet.core import clock
from carenet.reminders.models import Reminder
from carenet.reminders.registry import OpenMatter, ReminderRequest, WaitingRows
from carenet.reminders.selectors import heartbeats, never_notified, overdue_reminders
from carenet.watchover.actions.worker import PULSE
from carenet.watchover.hooks.idle_watches import WatchNotice
from carenet.watchover.models import Alert, Concern, Expectation, Pause, WatchAssignment
from carenet.watchover.policy import pauses_visible_to
from carenet.watchover.selectors.escalation import AlertEscalation
from carenet.watchover.selectors.idle_watches import silent
from carenet.watchover.states import OPEN, WatchStatus

AT_REST, PAUSE_LASTS = "watch.at_rest", "watch.pause_lasts"
_RESTING = sorted(OPEN - {WatchStatus.ACTIVE})


class WatchAtRest(WatchNotice):
    """A watch is proposed, agreed to or suspended, and does not begin: is anything to become of it?"""

    name = AT_REST
    message = _("Watch %(code)s has not begun, or is suspended. Begin or end it.")

    def applicable(self) -> QuerySet[Any]:
        return WatchAssignment.objects.filter(status__in=_RESTING)


class PauseLasts(WatchNotice):
    """Nobody is to look in until further notice: does that still hold?"""

    name = PAUSE_LASTS
    subject_kind = "watchpause"
    message = _("The pause of watch %(code)s has no end. Does it still hold?")
    visible_to = staticmethod(pauses_visible_to)

    def applicable(self) -> QuerySet[Any]:
        return Pause.objects.filter(Exists(_watches_of_pause()), until=None)


def at_rest(now: datetime) -> QuerySet[WatchAssignment]:
    """Return the open watches that have not begun, or are suspended, and of which nobody is told."""
    found = WatchAssignment.objects.filter(never_notified(now), status__in=_RESTING)
    return found.select_related("responsible_agency")


def endless(now: datetime) -> QuerySet[Pause]:
    """Return the pauses without an end that have begun, of somebody who is watched over."""
    newest = _watches_of_pause().order_by("-pk").values("pk")[:1]
    found = Pause.objects.filter(never_notified(now), until=None, since__lte=now)
    return found.filter(Exists(_watches_of_pause())).annotate(watch=Subquery(newest))


def unresolved(now: datetime) -> QuerySet[Alert]:
    """Return the open alerts of which nobody is told; during a pause it is the pause that is told."""
    paused = Pause.objects.touching(now, now).values("resident")
    found = Alert.objects.filter(never_notified(now), resolved_at=None)
    return found.exclude(assignment__resident__in=paused)


def untriaged(now: datetime) -> QuerySet[Concern]:
    return Concern.objects.filter(never_notified(now), triaged_at=None)


def _watches_of_pause() -> QuerySet[WatchAssignment]:
    return WatchAssignment.objects.filter(resident=OuterRef("resident"), status__in=sorted(OPEN))


def _cause_of_rest(watch: WatchAssignment, now: datetime) -> ReminderRequest:
    due_at = now + timedelta(days=settings.WATCH_REST_DAYS)
    return ReminderRequest(watch.pk, watch.code, watch.responsible_agency, due_at)


def _cause_of_pause(pause: Pause, now: datetime) -> ReminderRequest:
    watch: WatchAssignment = WatchAssignment.objects.select_related("responsible_agency").get(
        pk=pause.watch  # type: ignore[attr-defined]  # annotated
    )
    due_at = pause.since + timedelta(days=settings.WATCH_REVIEW_PAUSE_DAYS)
    return ReminderRequest(pause.pk, watch.code, watch.responsible_agency, max(due_at, now))


MATTERS = (
    OpenMatter("watch", silent),
    OpenMatter("watch_at_rest", at_rest, AT_REST, _cause_of_rest),
    OpenMatter("pause", endless, PAUSE_LASTS, _cause_of_pause),
    OpenMatter("alert", unresolved),
    OpenMatter("concern", untriaged),
)


def _alerts_to_chase(now: datetime) -> QuerySet[Reminder]:
    return overdue_reminders(now).filter(subject_kind=AlertEscalation.subject_kind)


def _to_lay_out(now: datetime) -> QuerySet[WatchAssignment]:
    return WatchAssignment.objects.filter(lay_out_at__lte=now)


def _pauses_to_tell(now: datetime) -> QuerySet[Pause]:
    return Pause.objects.filter(told_at=None, until__lte=now)


WAITING = (
    WaitingRows("alert", _alerts_to_chase, "due_at"),
    WaitingRows("missed_visit", Expectation.objects.overdue, "grace_until"),
    WaitingRows("rhythm", _to_lay_out, "lay_out_at"),
    WaitingRows("pause_end", _pauses_to_tell, "until"),
)


def silent_watches() -> int:
    """Return how many active watches expect nobody, while nobody has been told of that."""
    return silent(clock.now()).count()


def watches_are_swept() -> bool:
    """Whether the sweep has run lately, and no time that nobody met waits to be flipped."""
    now = clock.now()
    longest = timedelta(seconds=float(settings.REMINDER_OVERDUE_SECONDS))
    return heartbeats(PULSE, now) and not Expectation.objects.overdue(now - longest).exists()
