"""The steps of a watch by pages: agreed to, begun, its rhythm tried and set, ended; and lost races."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from carenet.reminders.actions import schedule_unattended
from carenet.reminders.models import Reminder
from carenet.watchover.actions.transitions import move
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import TABLE, WatchEndReason, WatchStatus, WatchVerb
from tests.staff.markup import without_layout
from tests.staff.review_requests import as_, assert_few, post, read
from tests.watchover.watches import (
    Neighbourhood,
    a_neighbourhood,
    a_proposal,
    a_watch,
    at,
)

pytestmark = pytest.mark.django_db
NOW = at(24, "08:30")


@pytest.fixture(autouse=True)
def now(settings: Settings) -> Iterator[None]:
    settings.REMINDER_CONSOLE = ""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def who() -> Neighbourhood:
    return a_neighbourhood()


def path(watch: WatchAssignment, step: str) -> str:
    return f"/review/watches/{watch.pk}/{step}/"


def a_rhythm(**changes: Any) -> dict[str, Any]:
    given = {
        "often": "FREQ=WEEKLY", "days": ["MO", "TH"], "begins_at": "2026-11-26T10:00",
        "window_minutes": 120, "grace_minutes": 30, "holiday_policy": "keep",
    }  # fmt: skip
    return given | changes


def rule_of(watch: WatchAssignment) -> str:
    return watch.schedules.get(effective_until=None).rule


@pytest.mark.operation("watch_assignments_activate_create", "watch_assignments_consent_create")
def test_a_proposal_gets_its_rhythm_is_agreed_to_and_begins(who: Neighbourhood) -> None:
    watch = a_proposal(who)
    assert path(watch, "consent") in read(who.desk, f"/review/watches/{watch.pk}/")
    post(who.desk, path(watch, "rhythm"), save="1", **a_rhythm())
    post(who.desk, path(watch, "consent"), note="電話で")
    answer = post(who.desk, path(watch, "activate"))
    assert answer["Location"].partition("?")[0] == f"/review/watches/{watch.pk}/"
    watch.refresh_from_db()
    assert watch.status == WatchStatus.ACTIVE
    assert watch.expectations.exists()


def test_a_watch_without_a_rhythm_does_not_begin_and_says_what_is_missing(
    who: Neighbourhood,
) -> None:
    watch = a_proposal(who)
    post(who.desk, path(watch, "consent"))
    answer = post(who.desk, path(watch, "activate"), note="明日から")
    assert answer.status_code == 409
    assert "Name a watcher and set the rhythm first" in answer.content.decode()
    assert "明日から" in answer.content.decode()


@pytest.mark.operation("watch_assignments_end_create")
def test_a_watch_ends_with_its_reason(who: Neighbourhood) -> None:
    watch = a_watch(who)
    post(who.ward, path(watch, "end"), reason="facility", note="特養へ")
    watch.refresh_from_db()
    assert (watch.status, watch.end_reason) == (WatchStatus.ENDED, WatchEndReason.FACILITY)
    assert "特養へ" in read(who.ward, f"/review/watches/{watch.pk}/")


def test_an_end_without_a_reason_is_refused(who: Neighbourhood) -> None:
    watch = a_watch(who)
    assert post(who.ward, path(watch, "end"), reason="").status_code == 422
    watch.refresh_from_db()
    assert watch.status == WatchStatus.ACTIVE


def test_only_the_steps_that_fit_are_offered(who: Neighbourhood) -> None:
    watch = a_watch(who)
    page = read(who.ward, f"/review/watches/{watch.pk}/")
    offered = [verb for verb in TABLE if path(watch, verb.value) in page]
    assert offered == [WatchVerb.SUSPEND, WatchVerb.END]


def test_what_lost_a_race_is_told_and_may_be_done_once_it_was_read(who: Neighbourhood) -> None:
    watch = a_watch(who)
    form = as_(who.ward).get(path(watch, "end")).context
    seen = {"version": form["watch"].version, "seen": form["seen"]}
    move(actor=who.desk, assignment_id=watch.pk, verb=WatchVerb.SUSPEND, note="入院中")
    lost = post(who.ward, path(watch, "end"), reason="wish", **seen)
    assert lost.status_code == 412
    assert "What happened meanwhile" in lost.content.decode()
    assert "入院中" in lost.content.decode()
    seen = {"version": lost.context["watch"].version, "seen": lost.context["seen"]}
    assert post(who.ward, path(watch, "end"), reason="wish", **seen).status_code == 303


def test_a_rhythm_is_tried_before_it_is_set(who: Neighbourhood) -> None:
    watch = a_watch(who)
    page = without_layout(post(who.ward, path(watch, "rhythm"), **a_rhythm()).content.decode())
    assert "every week, Monday, Thursday, 10:00" in page
    for moment in ("2026-11-26 10:00 (Thu)", "2026-11-30 10:00 (Mon)"):
        assert moment in page
    assert rule_of(watch) == "FREQ=DAILY"


@pytest.mark.operation("watch_assignments_schedule_create")
def test_a_rhythm_that_is_set_is_laid_out_anew(who: Neighbourhood) -> None:
    watch = a_watch(who)
    answer = post(who.ward, path(watch, "rhythm"), save="1", **a_rhythm())
    assert answer.status_code == 303
    assert rule_of(watch) == "FREQ=WEEKLY;BYDAY=MO,TH"
    first = watch.expectations.filter(state="expected").order_by("window_start").first()
    assert first
    assert first.window_start == at(26, "10:00")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"often": "own", "rule": ""}, "Write the rule like"),
        ({"often": "own", "rule": "FREQ=NEVER"}, "FREQ is one of"),
        ({"often": "own", "rule": "FREQ=HOURLY", "holiday_policy": "move"}, "cannot move"),
        ({"begins_at": "0001-01-01T00:00"}, "Say day and time"),
        ({"begins_at": "9999-12-31T23:59"}, "Say day and time"),
        ({"days": ["XX"]}, "XX"),
        ({"window_minutes": "99999999999"}, "Give 1 min to"),
        ({"window_minutes": "three days"}, "Write how long like"),
        ({"effective_from": "2026-11-01T00:00", "save": "1"}, "the past is not changed"),
    ],
)
@pytest.mark.parametrize("save", [{}, {"save": "1"}])
def test_a_rhythm_that_cannot_be_is_refused_in_its_place(
    who: Neighbourhood, changes: dict[str, Any], said: str, save: dict[str, str]
) -> None:
    watch = a_watch(who)
    answer = post(who.ward, path(watch, "rhythm"), **a_rhythm(**{**save, **changes}))
    assert 400 <= answer.status_code < 500
    assert said in answer.content.decode()
    assert rule_of(watch) == "FREQ=DAILY"


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=DAILY;BYDAY=MO"]
)
def test_the_rhythm_that_holds_is_what_the_form_begins_with(who: Neighbourhood, rule: str) -> None:
    watch = a_watch(who)
    watch.schedules.update(rule=rule)
    form = as_(who.ward).get(path(watch, "rhythm")).context["form"]
    plain = rule.startswith("FREQ=WEEKLY")
    assert form["often"].value() == ("FREQ=WEEKLY" if plain else "own")
    assert form["days"].value() == (["MO", "TH"] if plain else [])
    assert form["rule"].value() == ("" if plain else rule)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_pause_at_the_edge_of_time_is_refused(who: Neighbourhood, moment: str) -> None:
    watch = a_watch(who)
    answer = post(who.ward, path(watch, "pause"), reason="hospital", until=moment)
    assert answer.status_code == 422


@pytest.mark.parametrize("step", ["end", "rhythm", "people", "another"])
def test_a_step_asks_at_most_ten_queries(who: Neighbourhood, step: str) -> None:
    assert_few(who.ward, path(a_watch(who), step))


@pytest.mark.operation("watch_assignments_create")
def test_another_watch_over_the_same_person_is_proposed(who: Neighbourhood) -> None:
    watch = a_watch(who)
    place = f"{who.backup.user_id}.{who.backup.agency_id}"
    given: dict[str, Any] = {
        "watcher": place,
        "backup": "",
        "method": "phone",
        "sharing_basis": "CONSENT",
    }
    answer = post(who.ward, path(watch, "another"), **given)
    found = WatchAssignment.objects.get(status=WatchStatus.PROPOSED)
    assert answer["Location"] == f"/review/watches/{found.pk}/?done=propose"
    assert (found.resident_id, found.watcher) == (watch.resident_id, who.backup.user)
    assert found.responsible_agency_id == watch.responsible_agency_id


def test_whoever_looks_in_already_is_not_proposed_again_and_what_was_typed_stays(
    who: Neighbourhood,
) -> None:
    watch = a_watch(who)
    place = f"{who.watcher.user_id}.{who.watcher.agency_id}"
    given: dict[str, Any] = {
        "method": "visit",
        "sharing_basis": "CONSENT",
        "safety_note": "犬がいます",
    }
    answer = post(who.ward, path(watch, "another"), watcher=place, **given)
    assert answer.status_code == 409
    assert "This person looks in on the resident already." in answer.content.decode()
    assert "犬がいます" in answer.content.decode()


def test_a_term_that_ends_before_it_begins_is_refused_at_its_field(who: Neighbourhood) -> None:
    given: dict[str, Any] = {
        "method": "visit", "sharing_basis": "CONSENT",
        "term_from": "2026-12-01", "term_until": "2026-11-30",
    }  # fmt: skip
    answer = post(who.ward, path(a_watch(who), "another"), **given)
    assert answer.status_code == 400
    assert "Give a day that is not before the beginning." in answer.content.decode()


def test_what_the_person_has_just_said_is_written_down_with_the_step(who: Neighbourhood) -> None:
    watch = a_proposal(who)
    answer = post(
        who.desk, path(watch, "consent"), consent_said_method="oral", consent_said_given_by="本人"
    )
    assert answer.status_code == 303
    watch.refresh_from_db()
    assert watch.consent
    assert watch.consent.given_by == "本人"


@pytest.mark.operation("watch_assignments_partial_update")
def test_the_last_day_is_moved_where_its_end_is_told(who: Neighbourhood) -> None:
    watch = a_watch(who, term_until=date(2026, 12, 1))
    schedule_unattended(now=NOW)
    assert path(watch, "term") in read(who.desk, f"/review/watches/{watch.pk}/")
    assert post(who.desk, path(watch, "term"), term_until="2027-03-31").status_code == 303
    watch.refresh_from_db()
    assert watch.term_until == date(2027, 3, 31)
    assert not Reminder.objects.filter(kind="watch.ending", settled_at=None).exists()


def test_a_term_without_an_end_is_none_and_a_day_that_is_past_is_refused(
    who: Neighbourhood,
) -> None:
    watch = a_watch(who, term_until=date(2026, 12, 1))
    late = post(who.desk, path(watch, "term"), term_until="2026-11-23")
    assert (late.status_code, "2026-11-23" in late.content.decode()) == (422, True)
    assert post(who.desk, path(watch, "term"), term_until="").status_code == 303
    watch.refresh_from_db()
    assert watch.term_until is None


def test_what_ends_by_its_basis_goes_on_as_long_as_the_basis_carries_it(
    who: Neighbourhood,
) -> None:
    watch = a_watch(who, basis_until=date(2026, 12, 1))
    changed = post(who.desk, path(watch, "term"), basis_until="2027-03-31")
    assert changed.status_code == 303, changed.content.decode()
    watch.refresh_from_db()
    assert watch.basis_until == date(2027, 3, 31)


@pytest.mark.operation("watch_assignments_suspend_create", "watch_assignments_resume_create")
def test_a_watch_is_suspended_and_goes_on_on_its_page(who: Neighbourhood) -> None:
    watch = a_watch(who)
    for step, status in (("suspend", WatchStatus.SUSPENDED), ("resume", WatchStatus.ACTIVE)):
        assert post(who.desk, path(watch, step), reason="入院", note="入院").status_code == 303, (
            step
        )
        watch.refresh_from_db()
        assert watch.status == status


@pytest.mark.operation("watch_assignments_link_create")
def test_a_link_for_one_tap_is_made_and_shown_once(who: Neighbourhood) -> None:
    watch = a_watch(who)
    shown = post(who.desk, path(watch, "link")).content.decode()
    assert "/w/" in shown
    assert "/w/" not in read(who.desk, path(watch, "link"))
