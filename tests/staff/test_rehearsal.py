"""A rehearsal by pages: when, by which ladder, what would follow; and the ladder that is kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from tests.staff.reviewing import as_, post, read
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_watch, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

    from carenet.watchover.models import WatchAssignment

pytestmark = pytest.mark.django_db
#: Half an hour after the grace of the first morning is over.
MISSED = at(24, "13:30")


@pytest.fixture(autouse=True)
def now(settings: Settings) -> Iterator[None]:
    settings.REMINDER_CONSOLE = ""
    with time_machine.travel(MISSED, tick=False):
        yield


@pytest.fixture
def who() -> Neighbourhood:
    return a_neighbourhood()


def rehearsal(watch: WatchAssignment, query: str = "") -> str:
    return f"/review/watches/{watch.pk}/rehearsal/?{query}"


MISSED_DAY = "kind=watcher_silent&missed_on=2026-11-27&began_at="


def a_ladder(*steps: tuple[str, int], repeat: int = 60) -> dict[str, Any]:
    given: dict[str, Any] = {
        "form-TOTAL_FORMS": len(steps), "form-INITIAL_FORMS": 0, "repeat_minutes": repeat,
    }  # fmt: skip
    for number, (tier, after) in enumerate(steps):
        given |= {
            f"form-{number}-tier": tier,
            f"form-{number}-after_minutes": after,
            f"form-{number}-hours": "always",
        }
    return given


def test_a_rehearsal_asks_first_when(who: Neighbourhood) -> None:
    page = read(who.ward, f"/review/watches/{a_watch(who).pk}/rehearsal/")
    assert "What would follow" not in page


def test_a_rehearsal_shows_step_by_step_who_would_be_told(who: Neighbourhood) -> None:
    page = read(who.ward, rehearsal(a_watch(who), MISSED_DAY))
    order = [page.index(f"Told: {tier}") for tier in ("the watcher", "the backup watcher")]
    assert order == sorted(order)
    assert "Nobody has looked in, and the grace is over." in page


def test_a_ladder_that_is_not_saved_can_be_rehearsed(who: Neighbourhood) -> None:
    path = rehearsal(a_watch(who), MISSED_DAY)
    page = post(who.ward, path, **a_ladder(("backup", 0), ("ward", 30))).content.decode()
    assert "Told: the backup watcher." in page
    assert "Told: the watcher." not in page
    assert "11/27/2026 1:30 p.m." in page


def test_a_ladder_that_could_forget_somebody_is_refused_and_stays_on_the_page(
    who: Neighbourhood,
) -> None:
    path = rehearsal(a_watch(who), MISSED_DAY)
    answer = post(who.ward, path, **a_ladder(("watcher", 17)))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Let the last step reach plaza or ward" in page
    assert 'value="17"' in page


@pytest.mark.parametrize(
    ("query", "ladder"),
    [
        ("kind=watcher_silent", None),
        ("kind=nothing&missed_on=2026-11-27", None),
        ("kind=concern&missed_on=2026-11-27", None),
        ("kind=watcher_silent&missed_on=then", None),
        ("kind=watcher_silent&missed_on=2026-11-27&began_at=2026-11-27T09:00", None),
        (MISSED_DAY, a_ladder()),
        (MISSED_DAY, a_ladder(("", 0))),
        (MISSED_DAY, a_ladder(("ward", -1))),
        (MISSED_DAY, a_ladder(("ward", 0), repeat=0)),
        (MISSED_DAY, {}),
        ("", a_ladder(("ward", 0))),
        ("kind=watcher_silent&missed_on=2026-11-23", None),
    ],
)
def test_a_rehearsal_says_what_is_missing(
    who: Neighbourhood, query: str, ladder: dict[str, Any] | None
) -> None:
    path = rehearsal(a_watch(who), query)
    answer = as_(who.ward).get(path) if ladder is None else post(who.ward, path, **ladder)
    assert 400 <= answer.status_code < 500
    assert "What would follow" not in answer.content.decode()


def test_a_rehearsal_after_the_end_of_the_term_says_that_nobody_is_told(who: Neighbourhood) -> None:
    watch = a_watch(who, term_until=date(2026, 11, 30))
    page = read(who.ward, rehearsal(watch, "kind=concern&began_at=2026-12-02T09:00"))
    assert "the term or basis of the watch is over by then" in page
