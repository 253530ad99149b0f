"""Whatever rhythm the API takes, somebody is expected before long.

Any other is refused, and says why.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from carenet.agencies.models import CalendarException
from carenet.watchover.actions.worker import generate_due_expectations
from carenet.watchover.hooks.unattended import silent_watches
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.occurrences import INSTANT, LONGEST_LOOK, next_time
from tests.conftest import rolled_back
from tests.factories import api
from tests.watchover.watches import START, Neighbourhood, windows

pytestmark = pytest.mark.django_db
#: The same few each time; `RHYTHMS=300 python3 run.py test tests/watchover/test_any_rhythm.py`
#: draws new ones.
RHYTHMS = int(os.environ.get("RHYTHMS", "0"))
PLACES = {"/rule", "/begins_at", "/window_minutes", "/holiday_policy", "/effective_from"}


def parts(name: str, *values: object) -> st.SearchStrategy[str]:
    """Some of these values as a part of a rule, mostly none of them."""
    some = st.lists(st.sampled_from([str(each) for each in values]), max_size=3, unique=True)
    return st.one_of(
        st.just(""), some.map(lambda found: f";{name}={','.join(found)}" * bool(found))
    )


rules = st.tuples(
    st.sampled_from(
        ["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=HOURLY", "FREQ=MINUTELY"]
    ),
    st.sampled_from(["", "", ";INTERVAL=2", ";INTERVAL=7", ";INTERVAL=90", ";INTERVAL=999"]),
    parts("BYDAY", "MO", "WE", "SA", "SU", "1TU", "-1FR", "5MO"),
    parts("BYMONTHDAY", 1, 15, 29, 30, 31, -1),
    parts("BYMONTH", 1, 2, 6, 12),
    st.sampled_from(
        ["", "", ";COUNT=1", ";COUNT=30", ";UNTIL=20261206", ";UNTIL=20200101T000000Z"]
    ),
).map("".join)
days = st.sampled_from([-400, -30, 0, 0, 0, 1, 3, 20, 99, 400])
rhythms = st.fixed_dictionaries(
    {
        "rule": rules,
        "begins_at": days.map(lambda each: later(each).isoformat()),
        "window_minutes": st.sampled_from([1, 60, 180, 1440, 2880, 10080]),
        "grace_minutes": st.sampled_from([0, 60, 2880]),
        "holiday_policy": st.sampled_from(["keep", "skip", "skip", "move"]),
    },
    optional={
        "effective_from": st.sampled_from([1, 13, 40, 99, 130]).map(
            lambda each: later(each).isoformat()
        )
    },
)
closed_weekdays = st.sets(st.integers(0, 6), max_size=6).map(sorted)
#: For how many days from now on the doors are closed, and days on which they are open or closed besides.
closures = st.tuples(
    st.sampled_from([0, 0, 31, 130]), st.dictionaries(st.integers(0, 40), st.booleans(), max_size=4)
)
ends = st.sampled_from([None, None, None, 3, 10, 60])


@settings(
    max_examples=RHYTHMS or 20,
    derandomize=not RHYTHMS,
    phases=(Phase.generate, Phase.shrink)
    if RHYTHMS
    else (Phase.generate,),  # to shrink takes minutes
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(body=rhythms, closed=closed_weekdays, closure=closures, end=ends)
def test_a_rhythm_is_refused_and_says_why_or_somebody_is_expected_or_told(
    who: Neighbourhood,
    watch: WatchAssignment,
    body: dict[str, Any],
    closed: list[int],
    closure: tuple[int, dict[int, bool]],
    end: int | None,
) -> None:
    with rolled_back(), time_machine.travel(START, tick=False) as clock:
        keep_closed(who, closed, *closure)
        watch.term_until = None if end is None else day(end)
        watch.save()
        before = windows(watch, "expected")
        answer = api(who.desk).post(f"/api/v1/watch-assignments/{watch.pk}/schedule/", body)
        if answer.status_code != 201:
            assert answer.status_code == 400, answer.content
            assert PLACES.issuperset(each["pointer"] for each in answer.json()["errors"])
            assert windows(watch, "expected") == before
            return
        since = datetime.fromisoformat(body.get("effective_from", START.isoformat()))
        watch.refresh_from_db()
        assert end is not None or next_time(watch, since - INSTANT, since + LONGEST_LOOK)
        for ahead in (0, 9, 50):
            clock.move_to(START + timedelta(days=ahead))
            nobody_waits_for_nobody(watch, START + timedelta(days=ahead))


def nobody_waits_for_nobody(watch: WatchAssignment, now: datetime) -> None:
    while generate_due_expectations(now=now):
        pass
    assert silent_watches() == 0
    expected = watch.expectations.filter(state="expected").order_by("window_start")
    times = list(expected.values_list("window_start", "due_at"))
    assert all(one[1] <= other[0] for one, other in pairwise(times)), times


def keep_closed(
    who: Neighbourhood, weekdays: list[int], in_a_row: int, single: dict[int, bool]
) -> None:
    agency = who.desk.agency
    agency.closed_weekdays = weekdays
    agency.save()
    on = {day(each): False for each in range(in_a_row)} | {
        day(n): told for n, told in single.items()
    }
    CalendarException.objects.bulk_create(
        CalendarException(agency=agency, on=each, is_open=is_open) for each, is_open in on.items()
    )


def later(ahead: int) -> datetime:
    return START + timedelta(days=ahead, hours=1)


def day(ahead: int) -> date:
    return later(ahead).date()
