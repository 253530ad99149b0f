"""What the pages of the pocket show: of a person and an alert as much as whoever looks in is told."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.watchover.models import Expectation, WatchAssignment
from carenet.watchover.selectors.actionable_alerts import ActionableAlert, answers
from carenet.watchover.selectors.visits import Visit
from carenet.watchover.states import AlertEnd, AlertLevel, AlertOutcome, AlertState, CheckInOutcome

#: What one tap records; an emergency asks for the telephone first.
TAPS = (
    CheckInOutcome.MET,
    CheckInOutcome.HEARD,
    CheckInOutcome.NO_ANSWER,
    CheckInOutcome.CONCERN,
)
LONGEST_NOTE = 2000
#: As many alerts as somebody on their feet takes in; the review has them all.
MOST_ALERTS = 20


def for_pages() -> dict[str, Any]:
    """Return what every page with a check-in shows, the one without a network too."""
    return {
        "taps": [(each.value, each.label) for each in TAPS],
        "emergency": CheckInOutcome.EMERGENCY.value,
        "outcomes": [*CheckInOutcome.choices, *AlertOutcome.choices],
        "findings": AlertOutcome.choices,
        "endings": [each for each in AlertEnd.choices if each[0] != AlertEnd.PERSON],
        "longest_note": LONGEST_NOTE,
    }


def shown(visit: Visit, actor: Actor) -> dict[str, Any]:
    """Return a visit as the list shows it."""
    if visit.recorded:
        log_read("checkin", visit.recorded.pk)
    return {
        **person(visit.watch, actor),
        "times": times_of(visit.expectation),
        "late": visit.late,
        "done": visit.done,
        "stands_by": visit.stands_by,
        "alert": visit.alert_id,
        "recorded": visit.recorded,
    }


def open_alerts(actor: Actor) -> dict[str, Any]:
    """Return the alerts that the actor may answer, the worst first, and whether those are all."""
    found = answers(actor, MOST_ALERTS + 1)
    return {
        "alerts": [alert_shown(each, actor) for each in found[:MOST_ALERTS]],
        "more_alerts": len(found) > MOST_ALERTS,
    }


def alert_shown(answer: ActionableAlert, actor: Actor) -> dict[str, Any]:
    """Return an alert with its person and what the actor may do (and say so in the trail)."""
    alert = answer.alert
    log_read("alert", alert.pk)
    allowed = {
        "acknowledge": answer.may_take_on and not answer.mine,
        "resolve": answer.may_resolve,
        "visit": answer.by_visit,
    }
    return {
        "alert": alert,
        "visit": person(alert.assignment, actor),
        "state": answer.state,
        "emergency": alert.level == AlertLevel.EMERGENCY and answer.state != AlertState.RESOLVED,
        "taken_on": answer.state == AlertState.ACKNOWLEDGED,
        "mine": answer.mine and answer.state == AlertState.ACKNOWLEDGED,
        "may": allowed,
        "deeds": " ".join(deed for deed, may in allowed.items() if may),
    }


def person(watch: WatchAssignment, actor: Actor) -> dict[str, Any]:
    """Return whom a watch is about: name, address, telephone, safety note (and say so in the trail)."""
    resident = watch.resident
    log_read("resident", resident.pk)
    log_read("watchassignment", watch.pk)
    return {
        "id": watch.pk,
        "code": watch.code,
        "name": resident.name,
        "initials": initials(resident.kana),
        "address": resident.address if watch.shows_address else "",  # type: ignore[attr-defined]
        "address_hidden": not watch.shows_address,  # type: ignore[attr-defined]
        "phone": resident.phone,
        "dial": re.sub(r"[^0-9+]", "", resident.phone),
        "safety_note": watch.safety_note,
        "client_key": uuid4(),
        "user": actor.user_id,
        "agency": actor.agency_id,
    }


def initials(kana: str) -> str:
    """Return as much of a name as tells today's visits apart on a telephone that somebody finds."""
    return "・".join(part[0] for part in kana.split())


def times_of(expectation: Expectation) -> str:
    """Return from when to when somebody is to look in, always with the day."""
    begin, end = (
        timezone.localtime(expectation.window_start),
        timezone.localtime(expectation.due_at),
    )
    from_when = f"{_day(begin)} {formats.date_format(begin, 'TIME_FORMAT')}"
    until = formats.date_format(end, "TIME_FORMAT")
    if end.date() != begin.date():
        until = f"{_day(end)} {until}"
    return _("%(begin)s to %(end)s") % {"begin": from_when, "end": until}


def _day(moment: datetime) -> str:
    """Return a day as people say it: today, tomorrow, or its date with the day of the week."""
    said = {0: pgettext("day", "today"), 1: pgettext("day", "tomorrow")}.get(
        (moment.date() - clock.today()).days
    )
    return said or formats.date_format(moment, _("D j M"))
