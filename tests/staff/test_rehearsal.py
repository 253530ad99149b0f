"""A rehearsal by pages: when, by which escalation policy, what would follow.

And the escalation policy that is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.watchover.models import EscalationStep, WatchAssignment
from tests.factories import a_member
from tests.staff.markup import without_layout
from tests.staff.review_requests import as_, post, read
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_watch, at, sweep

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


def test_a_policy_that_is_not_saved_can_be_rehearsed(who: Neighbourhood) -> None:
    path = rehearsal(a_watch(who), MISSED_DAY)
    page = post(who.ward, path, **a_ladder(("backup", 0), ("ward", 30))).content.decode()
    assert "Told: the backup watcher." in page
    assert "Told: the watcher." not in page
    assert "2026-11-27 13:30" in page


def test_a_policy_that_could_forget_somebody_is_refused_and_stays_on_the_page(
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


def kept(who: Neighbourhood) -> list[tuple[str, int]]:
    rows = EscalationStep.objects.filter(policy__agency=who.desk.agency)
    return [(each.tier, each.after_minutes) for each in rows.order_by("after_minutes")]


def ladder_path(watch: WatchAssignment, kind: str = "watcher_silent") -> str:
    return f"/review/watches/{watch.pk}/ladder/?kind={kind}"


@pytest.fixture
def manager(who: Neighbourhood) -> Actor:
    return a_member(who.desk.agency, Role.MANAGER)


SHORTER = a_ladder(("backup", 5), ("plaza", 45), repeat=30)


def test_before_a_policy_is_saved_the_page_shows_what_would_change_and_for_whom(
    who: Neighbourhood, manager: Actor
) -> None:
    watch = a_watch(who)
    a_watch(who)
    sweep(MISSED)
    assert "/ladder/?kind=watcher_silent" in read(manager, rehearsal(watch, MISSED_DAY))
    page = without_layout(post(manager, ladder_path(watch), **SHORTER).content.decode())
    for said in (
        "<dt>Number of watches</dt><dd>2</dd>",
        "<dt>Alerts open now</dt><dd>2</dd>",
        "after 1 hour: the backup watcher",
        "after 5 min: the backup watcher",
        "the last step again every 30 min",
    ):
        assert said in page
    assert kept(who) == []


def test_a_rehearsed_policy_is_saved_once_it_was_seen(who: Neighbourhood, manager: Actor) -> None:
    watch = a_watch(who)
    answer = post(manager, ladder_path(watch), keep="1", version=0, **SHORTER)
    assert answer["Location"] == f"/review/watches/{watch.pk}/"
    assert kept(who) == [("backup", 5), ("plaza", 45)]


def test_channels_and_acknowledgements_of_a_policy_are_not_lost(
    who: Neighbourhood, manager: Actor
) -> None:
    watch = a_watch(who)
    given = {**SHORTER, "acknowledged_minutes": 75, "form-0-channel": "inbox"}
    post(manager, ladder_path(watch), keep="1", **given)
    found = as_(manager).get(rehearsal(watch, MISSED_DAY)).context
    assert found["again"]["acknowledged_minutes"].value() == "1 hour 15 min"
    assert found["steps"][0]["channel"].value() == "inbox"


def test_a_policy_that_a_colleague_has_changed_meanwhile_is_not_replaced_unseen(
    who: Neighbourhood, manager: Actor
) -> None:
    watch = a_watch(who)
    post(manager, ladder_path(watch), keep="1", version=0, **a_ladder(("ward", 7)))
    lost = post(manager, ladder_path(watch), keep="1", version=0, **SHORTER)
    assert lost.status_code == 412
    assert "after 7 min: the coordinators" in lost.content.decode()
    assert kept(who) == [("ward", 7)]
    seen = lost.context["version"]
    assert post(manager, ladder_path(watch), keep="1", version=seen, **SHORTER).status_code == 303


@pytest.mark.operation("agency_ladder_remove", "agency_ladder_replace")
def test_an_agency_goes_back_to_the_default_policy(who: Neighbourhood, manager: Actor) -> None:
    watch = a_watch(who)
    post(manager, ladder_path(watch), keep="1", **SHORTER)
    page = as_(manager).get(ladder_path(watch))
    assert "Go back to the house" in page.content.decode()
    version = page.context["version"]
    assert post(manager, ladder_path(watch), remove="1", version=version).status_code == 303
    assert kept(who) == []


@pytest.mark.parametrize(
    "ladder",
    [
        {},
        a_ladder(),
        a_ladder(("watcher", 17)),
        a_ladder(("ward", -1)),
        a_ladder(("ward", 0), repeat=0),
    ],
)
@pytest.mark.parametrize("keep", [{}, {"keep": "1"}])
def test_an_impossible_policy_is_not_saved(
    who: Neighbourhood, manager: Actor, ladder: dict[str, Any], keep: dict[str, str]
) -> None:
    answer = post(manager, ladder_path(a_watch(who)), **{**ladder, **keep})
    assert answer.status_code == 422
    assert "Keep this ladder" not in answer.content.decode()
    assert kept(who) == []


def test_another_agency_does_not_set_the_policy(who: Neighbourhood) -> None:
    watch = a_watch(who)
    assert "/ladder/" not in read(who.ward, rehearsal(watch, MISSED_DAY))
    assert post(who.ward, ladder_path(watch), keep="1", **SHORTER).status_code == 403
    assert kept(who) == []


def test_an_unknown_kind_has_no_policy(who: Neighbourhood, manager: Actor) -> None:
    watch = a_watch(who)
    assert as_(manager).get(ladder_path(watch, "x")).status_code == 404


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_at_the_edge_of_time_is_not_rehearsed(who: Neighbourhood, moment: str) -> None:
    path = rehearsal(a_watch(who), f"kind=concern&began_at={moment}")
    assert as_(who.ward).get(path).status_code == 422
