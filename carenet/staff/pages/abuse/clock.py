"""By when the steps of a report are due: how long is left, and by which rule, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carenet.abuse.models import AbuseDeadline
from carenet.abuse.states import DEADLINE_STEPS, AbuseVerb
from carenet.core import clock
from carenet.deadlines.states import DeadlineOver, RuleBasis
from carenet.staff.pages.durations import duration_text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: From so long before the deadline on the clock is red: then its second reminder has gone out.
SOON = timedelta(hours=24)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline as a page shows it; `tag` is the class of its `state`, "" while there is time."""

    step: StrOrPromise
    due_at: datetime
    state: str
    tag: str
    count: str
    basis: StrOrPromise
    basis_text: str
    open: bool


def clocks_of(deadlines: Iterable[AbuseDeadline]) -> list[Clock]:
    """Return the deadlines of a report, the open ones first, the soonest on top."""
    now = clock.now()
    ordered = sorted(deadlines, key=lambda each: (each.over_at is not None, each.due_at))
    return [_clock(each, now) for each in ordered]


def next_clock(deadlines: Iterable[AbuseDeadline]) -> Clock | None:
    """Return the open deadline that comes first; None where nothing is due."""
    found = clocks_of(each for each in deadlines if each.over_at is None)
    return found[0] if found else None


def _clock(deadline: AbuseDeadline, now: datetime) -> Clock:
    state, tag = _state(deadline, now)
    ground = deadline.ground
    return Clock(
        step=AbuseVerb(deadline.step).label,
        due_at=deadline.due_at,
        state=state,
        tag=tag,
        count=count_words(deadline.step, ground) if ground else "",
        basis=basis_words(ground) if ground else "",
        basis_text=str(ground.basis_text) if ground else "",
        open=deadline.over_at is None,
    )


def _state(deadline: AbuseDeadline, now: datetime) -> tuple[str, str]:
    if deadline.over_because == DeadlineOver.LAPSED:
        return str(DeadlineOver.LAPSED.label), "ended"
    if deadline.over_at is not None:
        late = deadline.over_at > deadline.due_at
        return (_("taken late"), "late") if late else (_("taken in time"), "ok")
    left = deadline.due_at - now
    if left <= timedelta():
        return _("%(time)s overdue") % {"time": _time(-left)}, "overdue"
    words = _("%(time)s left") % {"time": _time(left)}
    return words, "urgent" if left <= SOON else "waiting"


def _time(span: timedelta) -> str:
    """Return how long in words: to the minute within a day, to the hour beyond."""
    minutes = max(span // _MINUTE, 1)
    beyond = minutes >= 24 * 60
    return duration_text(minutes - minutes % 60 if beyond else minutes)


def count_words(step: str, ground: Any) -> str:
    """Return how much time a rule gives, and from when: "48 hours from: abuse report"."""
    counted_from = AbuseVerb(DEADLINE_STEPS[step].counted_from).label
    if ground.working_days:
        told = ngettext("%(number)s working day", "%(number)s working days", ground.working_days)
        number = ground.working_days
    else:
        told = ngettext("%(number)s hour", "%(number)s hours", ground.hours)
        number = ground.hours
    return _("%(time)s from: %(step)s") % {
        "time": told % {"number": number}, "step": counted_from
    }  # fmt: skip


def basis_words(ground: Any) -> StrOrPromise:
    """Return what a rule rests on; what nobody has checked is never shown as law."""
    if getattr(ground, "unchecked", False):
        return _("unchecked")
    return RuleBasis(ground.basis).label
