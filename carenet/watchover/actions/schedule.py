"""In which rhythm somebody looks in, and the times that follow from it, laid out ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.selectors import calendar_of
from carenet.core import clock
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import not_ended
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.reminders.selectors import has_open_reminder
from carenet.rest.limits import demand_near
from carenet.watchover import policy
from carenet.watchover.actions.locks import lock_assignment, log_event, save_version
from carenet.watchover.models import Expectation, WatchAssignment, WatchSchedule
from carenet.watchover.recurrence import BadRule, occurrences, read_rule
from carenet.watchover.selectors.idle_watches import ENDS_SOON, EXPECTS_NOBODY
from carenet.watchover.selectors.occurrences import (
    INSTANT,
    LONGEST_LOOK,
    expectation_at,
    next_time,
    times_of,
)
from carenet.watchover.states import ExpectationState, HolidayPolicy, WatchStatus, WatchVerb

#: How far ahead expectations stand: whichever is fewer.
AHEAD, MOST_AHEAD = timedelta(days=14), 20
#: So many times of a rule show whether its windows overlap.
LOOKED_AT = 60
#: The rhythm is read on at least this often.
AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class VisitSchedule:
    """When somebody is to look in, as `WatchSchedule` keeps it."""

    rule: str
    begins_at: datetime
    window_minutes: int
    grace_minutes: int
    holiday_policy: HolidayPolicy | str = HolidayPolicy.KEEP


@transaction.atomic
def set_schedule(
    *,
    actor: Actor,
    assignment_id: UUID,
    rhythm: VisitSchedule,
    effective_from: datetime | None = None,
    version: int | None = None,
) -> WatchSchedule:
    """Let another rhythm hold from a moment on, now without one; what was before stays as it was.

    Raises `Invalid` for a rule that cannot be read or a moment that is past, `Conflict` when the
    watch is over.
    """
    assignment = lock_assignment(actor, assignment_id, policy.can_change, version)
    if assignment.status == WatchStatus.ENDED:
        raise Conflict(_("This watch is over. Propose a new one."), code="wrong_status")
    now = clock.now()
    since = effective_from or now
    if since < now:
        raise Invalid({"effective_from": _("Give a time ahead, or none: the past is not changed.")})
    demand_near("effective_from", effective_from, "WATCH_LONGEST_DAYS_AHEAD")
    demand_readable(rhythm, assignment.responsible_agency, since=since)
    lasting = not_ended(since, "effective_until")
    for each in assignment.schedules.filter(lasting):
        each.effective_until = max(since, each.effective_from)
        each.save(update_fields=["effective_until"])
    schedule = assignment.schedules.create(
        rule=rhythm.rule,
        begins_at=rhythm.begins_at,
        window_minutes=rhythm.window_minutes,
        grace_minutes=rhythm.grace_minutes,
        holiday_policy=rhythm.holiday_policy,
        effective_from=since,
    )
    void(assignment, now, since=since)
    _generate_from(assignment, since - INSTANT)
    if assignment.status == WatchStatus.ACTIVE:
        generate_expectations(assignment, now)
    save_version(assignment)
    log_event(actor, WatchVerb.SCHEDULE, assignment, schedule=str(schedule.pk))
    return schedule


def generate_expectations(assignment: WatchAssignment, now: datetime) -> None:
    """Write the times ahead of a locked, active assignment, and when to read on; the caller saves it.

    Nothing is written that is over already: who laid nothing out for a while blames nobody.
    """
    over_at, horizon = assignment.over_at, now + AHEAD
    if over_at is not None:
        horizon = min(horizon, over_at - INSTANT)
    ahead = assignment.expectations.filter(
        state=ExpectationState.EXPECTED, window_start__gt=now
    ).count()
    since = assignment.laid_until or now
    read_to = max(since, horizon)
    made: list[Expectation] = []
    open_ones = _windows(assignment, since)
    for schedule, rule_time, start in times_of(assignment, since, horizon):
        if ahead + len(made) >= MOST_AHEAD:
            read_to = since
            break
        since = rule_time
        if any(opens < start < closes for opens, closes in open_ones):
            continue  # the window that is open then stands for both
        expectation = expectation_at(assignment, schedule, start)
        if expectation.grace_until > now and not (over_at and start >= over_at):
            made.append(expectation)
            open_ones.append((start, expectation.due_at))
    longest = timedelta(days=settings.WATCH_LONGEST_DAYS_AHEAD)
    if not (ahead or any(each.window_start > now for each in made)):
        # However rare the rhythm is, the next time stands: nobody is watched over by a rule alone.
        rare = next_time(assignment, max(read_to, now), now + longest)
        if rare:
            schedule, read_to, start = rare
            made.append(expectation_at(assignment, schedule, start))
    Expectation.objects.bulk_create(made, ignore_conflicts=True)
    assignment.laid_until = read_to
    following = min(now + AGAIN, now + (max(read_to, now) - now) / 2)
    if over_at is not None and over_at > now:
        following = min(following, over_at)
    assignment.lay_out_at = max(following, now + timedelta(seconds=1))
    _notify_of_end(assignment, now, read_to, longest)


def _windows(assignment: WatchAssignment, since: datetime) -> list[tuple[datetime, datetime]]:
    """Return from when to when somebody is expected already after a moment."""
    expected = assignment.expectations.filter(state=ExpectationState.EXPECTED, due_at__gt=since)
    return list(expected.values_list("window_start", "due_at"))


def _open_until(assignment: WatchAssignment) -> datetime | None:
    """Return when the last window that is still expected closes."""
    expected = assignment.expectations.filter(state=ExpectationState.EXPECTED)
    last: datetime | None = expected.aggregate(at=Max("due_at"))["at"]
    return last


def _notify_of_end(
    assignment: WatchAssignment, now: datetime, read_to: datetime, longest: timedelta
) -> None:
    """Let the responsible agency hear of it when nobody is expected any more, written ahead.

    A rhythm runs out with its last window, or pauses for longer than is usual, or comes again only when
    the watch is over. Nothing is said where the watch is over within a day of its last window, or within
    `ENDS_SOON` while the rhythm would go on: it ends by itself.
    """
    last = _open_until(assignment)
    since, over_at = max(last or now, now), assignment.over_at
    following = next(times_of(assignment, max(read_to, now), since + longest), None)
    goes_on = following is not None and (over_at is None or following[2] < over_at)
    soon = ENDS_SOON if following else AGAIN
    if goes_on or (over_at is not None and over_at <= since + soon):
        cancel_reminder(kind=EXPECTS_NOBODY, subject_id=assignment.pk, because="expected_again")
        return
    agency = assignment.responsible_agency
    if last is None and has_open_reminder(EXPECTS_NOBODY, assignment.pk, agency):
        return  # they have been told
    schedule_reminder(
        kind=EXPECTS_NOBODY,
        subject_id=assignment.pk,
        subject_code=assignment.code,
        agency=agency,
        due_at=since,
    )


def void(assignment: WatchAssignment, now: datetime, *, since: datetime | None = None) -> None:
    """Take back what is still expected of a locked assignment: from a moment on, all without one."""
    expected = assignment.expectations.filter(state=ExpectationState.EXPECTED)
    if since is not None:
        expected = expected.filter(window_start__gte=since)
    found = list(expected.order_by("pk").select_for_update().values_list("pk", flat=True))
    Expectation.objects.filter(pk__in=found).update(state=ExpectationState.VOID, settled_at=now)


def read_schedule_from(assignment: WatchAssignment, now: datetime) -> None:
    """Let a locked assignment begin with a fresh window: nothing before counts. The caller saves it."""
    assignment.laid_until = now
    generate_expectations(assignment, now)


def _generate_from(assignment: WatchAssignment, since: datetime) -> None:
    if assignment.laid_until is None or assignment.laid_until > since:
        assignment.laid_until = since


def demand_readable(rhythm: VisitSchedule, agency: Agency, *, since: datetime) -> None:
    """Raise `Invalid` for a rule that cannot be read, or by which nobody would be expected.

    Its times must be able to move as is said, not all of them may fall on closed days of the responsible
    agency that are left out, and a window must be over before the next one opens.
    """
    try:
        found = read_rule(rhythm.rule, rhythm.begins_at)
    except BadRule as error:
        raise Invalid({"rule": str(error)}) from None
    if found.within_a_day and rhythm.holiday_policy == HolidayPolicy.MOVE:
        raise Invalid(
            {"holiday_policy": _("What recurs by the hour or minute cannot move to another day.")}
        )
    end = since + LONGEST_LOOK
    ahead = list(islice(occurrences(found, rhythm.begins_at, since - INSTANT, end), LOOKED_AT))
    if not ahead:
        told = _("By this rule nobody is expected within a year. Give one with a time ahead.")
        raise Invalid({"rule": told})
    gaps = [later - earlier for earlier, later in pairwise(ahead)]
    if gaps and min(gaps) < timedelta(minutes=rhythm.window_minutes):
        longest = min(gaps) // timedelta(minutes=1)
        told = _("The next window opens before this one is over: give %(longest)s minutes at most.")
        raise Invalid({"window_minutes": told % {"longest": longest}})
    if rhythm.holiday_policy == HolidayPolicy.SKIP:
        calendar = calendar_of(agency)
        times = occurrences(found, rhythm.begins_at, since - INSTANT, end)
        if not any(calendar.is_open(each) for each in times):
            told = _(
                "All times within a year fall on closed days and are left out: nobody would be expected."
                " Give another day, or let what falls on a closed day stay or move."
            )
            raise Invalid({"holiday_policy": told})
