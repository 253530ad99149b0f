"""The times at which somebody is to look in, as they follow from a rhythm: nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from carenet.agencies.selectors import calendar_of
from carenet.core.clock import midnight
from carenet.core.models import not_ended
from carenet.watchover.models import Expectation, WatchAssignment, WatchSchedule
from carenet.watchover.recurrence import occurrences, on_calendar, read_rule

#: The smallest step between two times.
INSTANT = timedelta(microseconds=1)
#: No closure is longer than what a moved time looks ahead for the next one.
LONGEST_CLOSURE = timedelta(days=31)
#: As far ahead as a rhythm is tried.
LONGEST_LOOK = timedelta(days=366)
_DAY = timedelta(days=1)


def times_of(
    assignment: WatchAssignment, since: datetime, horizon: datetime
) -> Iterator[tuple[WatchSchedule, datetime, datetime]]:
    """Return each time with the schedule that it comes from and the rule's own time, in order."""
    begins_at = assignment.begins_at
    lasting = not_ended(since, "effective_until")
    calendar = calendar_of(assignment.responsible_agency)
    for schedule in assignment.schedules.filter(lasting).order_by("effective_from", "pk"):
        after = max(since, schedule.effective_from - INSTANT)
        if begins_at is not None:
            after = max(after, begins_at - INSTANT)
        end = min(horizon, (schedule.effective_until or horizon + LONGEST_CLOSURE) - INSTANT)
        if after >= end:
            continue
        rule = read_rule(schedule.rule, schedule.begins_at)
        beyond = end + LONGEST_CLOSURE
        times = chain(occurrences(rule, schedule.begins_at, after, beyond), [beyond])
        for rule_time, start in on_calendar(times, schedule.holiday_policy, calendar):
            if rule_time > end:
                break
            yield schedule, rule_time, start


def expectation_at(
    assignment: WatchAssignment, schedule: WatchSchedule, start: datetime
) -> Expectation:
    """Return, unsaved, what is expected when a window opens."""
    due_at = start + timedelta(minutes=schedule.window_minutes)
    return Expectation(
        assignment=assignment,
        schedule=schedule,
        window_start=start,
        due_at=due_at,
        grace_until=due_at + timedelta(minutes=schedule.grace_minutes),
    )


def expected_on(assignment: WatchAssignment, day: date) -> Expectation | None:
    """Return, unsaved, the first that is expected of a watch on a day in Japan; None without one.

    It need not be laid out yet. A time that a holiday has moved counts on the day it has moved to.
    """
    begin = midnight(day)
    end, over_at = begin + _DAY, assignment.over_at
    for schedule, _rule_time, start in times_of(assignment, begin - LONGEST_CLOSURE, end):
        if begin <= start < end and not (over_at and start >= over_at):
            return expectation_at(assignment, schedule, start)
    return None


def next_time(
    assignment: WatchAssignment, since: datetime, horizon: datetime
) -> tuple[WatchSchedule, datetime, datetime] | None:
    """Return the first time of the rhythm after a moment, up to another; None without one.

    None, too, where the watch is over before it.
    """
    over_at = assignment.over_at
    for schedule, rule_time, start in times_of(assignment, since, horizon):
        return None if over_at and start >= over_at else (schedule, rule_time, start)
    return None


def next_times(
    assignment: WatchAssignment,
    rule: str,
    begins_at: datetime,
    holiday_policy: str,
    since: datetime,
) -> Iterator[datetime]:
    """Return when somebody would be to look in from a moment on, by a rhythm that is not set yet.

    For a year at most. Raises `BadRule` for a rule that cannot be read.
    """
    calendar = calendar_of(assignment.responsible_agency)
    over_at, beyond = assignment.over_at, since + LONGEST_LOOK
    read = read_rule(rule, begins_at)
    times = chain(occurrences(read, begins_at, since - INSTANT, beyond), [beyond + LONGEST_CLOSURE])
    for _rule_time, start in on_calendar(times, holiday_policy, calendar):
        if over_at and start >= over_at:
            return
        yield start
