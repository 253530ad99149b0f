"""The review opens with five numbers and what has changed; each leads to its people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.referrals.models import Referral
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors import review
from tests.factories import a_member, a_sent_referral, an_agency
from tests.staff.markup import without_layout
from tests.staff.review_requests import assert_few, read
from tests.watchlists.lists import come_to, listed
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_watch, daily, sweep

pytestmark = pytest.mark.django_db
TILE = re.compile(r'<a href="([^"]+)"\s*><strong>(\d+)</strong>\s*<span>([^<]+)</span></a>')


@pytest.fixture(autouse=True)
def quiet(settings: Settings) -> Iterator[None]:
    settings.REMINDER_CONSOLE = ""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def who() -> Neighbourhood:
    return a_neighbourhood()


def tiles(actor: Actor) -> dict[str, tuple[int, str]]:
    page = without_layout(read(actor, "/review/"))
    return {words: (int(number), address) for address, number, words in TILE.findall(page)}


def test_five_numbers_stand_there_though_nothing_is_open(who: Neighbourhood) -> None:
    found = tiles(who.ward)
    assert [number for number, _address in found.values()] == [0] * 5
    assert "Nothing has changed." in read(who.ward, "/review/")


def test_a_missed_visit_counts_as_somebody_to_be_seen_now(who: Neighbourhood) -> None:
    now = timezone.now()
    begin = now - timedelta(days=1)
    a_watch(who, daily(begins_at=begin, window_minutes=60), now - timedelta(days=2))
    sweep(now)
    page = without_layout(read(who.ward, "/review/"))
    assert tiles(who.ward)["to be seen now"] == (1, "#open")
    assert "somebody to be seen<strong>1</strong>" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("watched by one person alone", review.single_points),
        ("terms that end", review.ending),
    ],
)
def test_a_number_of_watches_is_that_of_its_list(
    who: Neighbourhood, words: str, found: object
) -> None:
    today = timezone.localdate()
    a_watch(who, backup=None, backup_agency=None, term_until=today + timedelta(days=3))
    a_watch(who, term_until=today + timedelta(days=999))
    number, _address = tiles(who.ward)[words]
    rows, _rules = found(who.ward)  # type: ignore[operator]
    assert number == rows.count() == 1


def test_who_is_listed_and_waits_is_counted_and_named(who: Neighbourhood) -> None:
    first, second = listed(who.desk, 2)
    come_to(who.desk, second, "visited")
    number, address = tiles(who.ward)["listed and not yet visited"]
    page = read(who.ward, address)
    assert number == 1
    assert str(first.resident and first.resident.name) in page
    assert str(second.resident and second.resident.name) not in page
    assert "first visits of the lists" in read(who.ward, "/review/")


def test_an_overdue_referral_is_counted_and_listed(who: Neighbourhood) -> None:
    late, other = (a_sent_referral(who.desk, an_agency()) for _each in range(2))
    Referral.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))
    number, address = tiles(who.ward)["referrals that wait too long"]
    page = read(who.ward, address)
    assert number == 1
    assert late.code in page
    assert other.code not in page
    assert "referrals newly overdue" in read(who.ward, "/review/")


def test_visits_of_the_last_day_have_changed_something(who: Neighbourhood) -> None:
    watch = a_watch(who)
    check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met")
    page = without_layout(read(who.ward, "/review/"))
    assert "visits recorded<strong>1</strong>" in page


def test_others_count_nothing_of_it(who: Neighbourhood) -> None:
    a_watch(who, backup=None, backup_agency=None)
    listed(who.desk, 1)
    elsewhere = a_member(an_agency(municipality_code="131016"), Role.MANAGER)
    assert WatchAssignment.objects.exists()
    assert [number for number, _address in tiles(elsewhere).values()] == [0] * 5


def test_the_overview_asks_little(who: Neighbourhood) -> None:
    a_watch(who)
    listed(who.desk, 1)
    a_sent_referral(who.desk, an_agency())
    for path in ("/review/", "/review/lists/to-visit/"):
        assert_few(who.ward, path)
