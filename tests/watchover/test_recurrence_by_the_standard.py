"""Our recurrences are those of python-dateutil, wherever a rule means the same to both (ADR 0040)."""

from datetime import datetime, timedelta
from itertools import takewhile

from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from carenet.watchover.recurrence import occurrences, read_rule
from tests.watchover.watches import at

YEARS = timedelta(days=900)


def one_of(name: str, *values: object) -> st.SearchStrategy[str]:
    """Some of these values as a part of a rule, or no such part."""
    some = st.lists(st.sampled_from([str(each) for each in values]), max_size=3, unique=True)
    return some.map(lambda found: f";{name}={','.join(found)}" if found else "")


MONTHS = one_of("BYMONTH", 1, 2, 6, 11, 12)
ENDS = st.sampled_from(["", "", ";COUNT=5", ";UNTIL=20270401T000000Z"])
STEPS = st.sampled_from(["", ";INTERVAL=2", ";INTERVAL=5"])
PLAIN_DAYS = one_of("BYDAY", "MO", "WE", "SA", "SU")
#: Numbered and plain days are never mixed, nor is there a day that some month lacks.
DAYS = st.one_of(
    PLAIN_DAYS, one_of("BYDAY", "1TU", "-1FR", "4MO"), one_of("BYMONTHDAY", 1, 15, 28, -1, -28)
)
RULES = st.one_of(
    st.tuples(st.just("FREQ=DAILY"), STEPS, PLAIN_DAYS, MONTHS, ENDS),
    st.tuples(st.just("FREQ=WEEKLY"), STEPS, PLAIN_DAYS, st.sampled_from(["", ";WKST=SU"]), ENDS),
    st.tuples(st.just("FREQ=MONTHLY"), STEPS, DAYS, MONTHS, ENDS),
    st.tuples(st.just("FREQ=YEARLY"), STEPS, one_of("BYMONTHDAY", 1, 15, 28), MONTHS, ENDS),
    st.tuples(st.just("FREQ=HOURLY"), st.sampled_from([";INTERVAL=6", ";INTERVAL=25"]), ENDS),
).map("".join)


@settings(max_examples=100, derandomize=True, database=None)
@given(text=RULES, begins=st.sampled_from([at(2), at(9, "23:30"), at(28)]))
def test_a_rule_falls_where_dateutil_says(text: str, begins: datetime) -> None:
    until = begins + YEARS
    ours = list(occurrences(read_rule(text, begins), begins, begins - YEARS, until))
    theirs = takewhile(lambda each: each <= until, rrulestr(text, dtstart=begins))
    assert ours == list(theirs)
