"""Days and times are understood as people type them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from carenet.staff.pages.form_fields import TypedMoment
from carenet.staff.times import Direction, read_day, read_moment, read_moment_ahead
from tests.factories import a_member, an_agency
from tests.staff.browser import session_of

TOKYO = ZoneInfo("Asia/Tokyo")
#: A Wednesday.
NOW = datetime(2026, 11, 25, 14, 20, tzinfo=TOKYO)
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("いま", "2026-11-25 14:20"),
        ("きのう 15時", "2026-11-24 15:00"),
        ("キノウ １５時半", "2026-11-24 15:30"),
        ("昨日", "2026-11-24 12:00"),
        ("昨日の午後3時", "2026-11-24 15:00"),
        ("ゆうべ", "2026-11-24 20:00"),
        ("昨夜9時", "2026-11-24 21:00"),
        ("ゆうべ1時", "2026-11-25 01:00"),
        ("昨夜 夜9時ごろ", "2026-11-24 21:00"),
        ("今朝", "2026-11-25 09:00"),
        ("今朝8時15分", "2026-11-25 08:15"),
        ("今日", "2026-11-25 14:20"),
        ("10:05", "2026-11-25 10:05"),
        ("30分前", "2026-11-25 13:50"),
        ("2時間前", "2026-11-25 12:20"),
        ("11/23", "2026-11-23 12:00"),
        ("11/23 9:00", "2026-11-23 09:00"),
        ("12月1日", "2025-12-01 12:00"),
        ("R8.11.23", "2026-11-23 12:00"),
        ("R8.11.23 15時", "2026-11-23 15:00"),
        ("令和8年11月23日 午前10時", "2026-11-23 10:00"),
        ("2026-11-23T09:30", "2026-11-23 09:30"),
        ("3日前 10時", "2026-11-22 10:00"),
        ("月曜 10時", "2026-11-23 10:00"),
        ("水曜", "2026-11-18 12:00"),
        ("先週の火曜日", "2026-11-17 12:00"),
    ],
)
def test_a_moment_is_what_people_mean_by_it(text: str, meant: str) -> None:
    assert read_moment(text, NOW).strftime("%Y-%m-%d %H:%M") == meant


@pytest.mark.parametrize(
    ("text", "direction", "meant"),
    [
        ("明日", Direction.AHEAD, date(2026, 11, 26)),
        ("あさって", Direction.AHEAD, date(2026, 11, 27)),
        ("来週", Direction.AHEAD, date(2026, 12, 2)),
        ("2週間後", Direction.AHEAD, date(2026, 12, 9)),
        ("1/15", Direction.AHEAD, date(2027, 1, 15)),
        ("1/15", Direction.PAST, date(2026, 1, 15)),
        ("30日", Direction.AHEAD, date(2026, 11, 30)),
        ("10日", Direction.AHEAD, date(2026, 12, 10)),
        ("31日", Direction.PAST, date(2026, 10, 31)),
        ("金曜", Direction.AHEAD, date(2026, 11, 27)),
        ("2/29", Direction.AHEAD, date(2028, 2, 29)),
        ("今日", Direction.PAST, TODAY),
        ("R8.12.1", Direction.PAST, date(2026, 12, 1)),
    ],
)
def test_a_day_lies_in_the_direction_that_is_asked_for(
    text: str, direction: Direction, meant: date
) -> None:
    assert read_day(text, TODAY, direction) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "たぶん",
        "13/45",
        "25時",
        "きのう 10:75",
        "昭和",
        "R8",
        "1941",
        "2/30",
        "32日",
        "0日",
        "999日前15",
    ],
)
def test_what_says_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any
        read_moment(text, NOW)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("いま", "2026-11-25 14:20"),
        ("あした 9:00", "2026-11-26 09:00"),
        ("12/1 13:30", "2026-12-01 13:30"),
        ("11/24 9時", "2027-11-24 09:00"),
        ("2026-12-24T10:00", "2026-12-24 10:00"),
        ("R8.12.8 午後3時", "2026-12-08 15:00"),
        ("今夜", "2026-11-25 20:00"),
        ("2時間後", "2026-11-25 16:20"),
        ("昨日 9時", "2026-11-24 09:00"),
    ],
)
def test_a_moment_that_may_lie_ahead_is_the_next_of_its_name(text: str, meant: str) -> None:
    assert f"{read_moment_ahead(text, NOW):%Y-%m-%d %H:%M}" == meant


@pytest.mark.parametrize("text", ["あした", "12/1", "来週", "R8.12.8", ""])
def test_ahead_no_time_of_day_is_guessed(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any
        read_moment_ahead(text, NOW)


@given(st.text(max_size=20))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    with suppress(ValueError):
        read_moment(text, NOW)
    with suppress(ValueError):
        read_moment_ahead(text, NOW)
    with suppress(ValueError):
        read_day(text, TODAY, Direction.AHEAD)


@pytest.mark.parametrize(
    "text", ["2030/1/1", "明日", "あさって 9時", "23時", "30分後", "今夜", "R12.1.1"]
)
def test_what_lies_ahead_is_never_taken_for_now(text: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert read_moment(text, NOW) > NOW
        with pytest.raises(ValidationError):
            TypedMoment().clean(text)


@pytest.mark.parametrize("text", ["いま", "今日", "今朝", "きのう", "14時20分"])
def test_what_has_been_is_taken(text: str) -> None:
    with time_machine.travel(NOW, tick=False):
        read = TypedMoment().clean(text)
        assert read
        assert read <= NOW


@pytest.mark.django_db
def test_a_field_says_while_one_types_how_it_is_read() -> None:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(a_member(an_agency()))

    def said(reads: str, typed: str) -> str:
        given = {"reads": reads, "named": "received_at", "received_at": typed}
        return client.post("/desk/when/", given).content.decode()

    assert "lies ahead" in said("moment", "2030/1/1")
    assert "Say when" in said("moment", "たぶん")
    assert "2026-11-23" in said("day", "R8.11.23")
    assert "error" not in said("day-ahead", "2030/1/1")
    page = client.get("/desk/consultations/new/").content.decode()
    assert 'hx-post="/desk/when/"' in page
    assert 'class="read-as help"' in page
