"""The review by pages: what is open, what rests on one person, and the watch behind each line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.models import Alert, Outage, Pause, WatchAssignment
from carenet.watchover.states import AlertState
from tests.factories import a_member, an_agency
from tests.staff.markup import without_layout
from tests.staff.query_count import queries
from tests.staff.review_requests import as_, assert_few, post, read
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_watch, at, daily, sweep

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


def a_missed_visit(who: Neighbourhood, **fields: Any) -> Alert:
    watch = a_watch(who, **fields)
    sweep(MISSED)
    return Alert.objects.get(assignment=watch)


def alone(who: Neighbourhood) -> WatchAssignment:
    return a_watch(who, backup=None, backup_agency=None)


def test_a_missed_visit_is_an_open_alert_of_the_overview(who: Neighbourhood) -> None:
    alert = a_missed_visit(who)
    page = read(who.ward, "/review/")
    assert alert.assignment.code in page
    assert "nobody has looked in" in page


def test_the_overview_shows_alerts_of_kept_watches_alone(who: Neighbourhood) -> None:
    alert = a_missed_visit(who)
    elsewhere = a_member(an_agency(), Role.MANAGER)
    assert alert.assignment.code not in read(elsewhere, "/review/")


def test_whose_alert_was_shown_is_in_the_trail(who: Neighbourhood) -> None:
    alert = a_missed_visit(who)
    read(who.ward, "/review/")
    person = str(alert.assignment.resident_id)
    seen = AuditEntry.objects.filter(object_kind="resident", object_ids__contains=[person])
    assert seen.filter(agency_id=who.ward.agency_id).exists()


@pytest.mark.operation("alerts_acknowledge_create")
def test_an_alert_is_taken_on_in_its_line(who: Neighbourhood) -> None:
    alert = a_missed_visit(who)
    path = f"/review/alerts/{alert.pk}/acknowledge/"
    answer = post(who.ward, path, htmx=True, version=alert.version)
    assert answer.status_code == 200
    assert "acknowledged" in answer.content.decode()
    alert.refresh_from_db()
    assert alert.acknowledged_by == who.ward.user


def test_an_alert_is_taken_on_without_a_script_too(who: Neighbourhood) -> None:
    alert = a_missed_visit(who)
    answer = post(who.ward, f"/review/alerts/{alert.pk}/acknowledge/")
    assert (answer.status_code, answer["Location"]) == (303, "/review/")
    alert.refresh_from_db()
    assert alert.state_at(MISSED) == AlertState.ACKNOWLEDGED


def test_an_alert_that_a_colleague_has_changed_meanwhile_is_not_taken_on(
    who: Neighbourhood,
) -> None:
    alert = a_missed_visit(who)
    path = f"/review/alerts/{alert.pk}/acknowledge/"
    post(a_member(who.ward.agency, Role.COORDINATOR), path, version=alert.version)
    answer = post(who.ward, path, htmx=True, version=alert.version)
    assert answer.status_code == 412
    assert answer["HX-Retarget"] == "#messages"


@pytest.mark.parametrize("htmx", [True, False])
def test_an_alert_is_resolved_with_what_it_came_to(who: Neighbourhood, htmx: bool) -> None:
    alert = a_missed_visit(who)
    post(who.ward, f"/review/alerts/{alert.pk}/resolve/", htmx, outcome="safe", note="電話で確認")
    alert.refresh_from_db()
    assert (alert.outcome, alert.resolved_by) == ("safe", who.ward.user)


@pytest.mark.parametrize("htmx", [True, False])
def test_an_unknown_outcome_is_refused(who: Neighbourhood, htmx: bool) -> None:
    alert = a_missed_visit(who)
    answer = post(who.ward, f"/review/alerts/{alert.pk}/resolve/", htmx, outcome="lost")
    assert 400 <= answer.status_code < 500
    alert.refresh_from_db()
    assert alert.resolved_at is None


def test_open_alerts_are_counted_by_agency_and_age(who: Neighbourhood) -> None:
    a_missed_visit(who)
    other = an_agency()
    page = read(who.ward, f"/review/?agency={who.desk.agency.pk}")
    assert page.count(who.desk.agency.name) >= 2
    assert "No alert is open" in read(who.ward, f"/review/?agency={other.pk}")


def test_an_outage_of_our_own_is_said_on_the_overview(who: Neighbourhood) -> None:
    Outage.objects.create(began_at=at(24, "11:00"), recovered_at=at(24, "12:00"))
    assert "This service itself was away." in read(who.ward, "/review/")


@pytest.mark.operation("watch_assignments_reassign_create")
def test_a_single_point_shows_until_a_backup_is_named(who: Neighbourhood) -> None:
    watch = alone(who)
    of_them = f"/review/single-points/?watcher={who.watcher.user_id}"
    assert "One person looks in, and nobody stands by." in read(who.ward, of_them)
    backup = f"{who.backup.user_id}.{who.backup.agency_id}"
    watcher = f"{who.watcher.user_id}.{who.watcher.agency_id}"
    answer = post(who.ward, f"/review/watches/{watch.pk}/people/", watcher=watcher, backup=backup)
    assert answer["Location"].partition("?")[0] == f"/review/watches/{watch.pk}/"
    assert watch.code not in read(who.ward, "/review/single-points/")


def test_what_ends_before_long_shows_with_its_rule(who: Neighbourhood) -> None:
    a_watch(who, term_until=date(2026, 11, 30))
    assert "The term ends soon." in read(who.ward, "/review/terms/")


def test_weakening_signals_show_with_their_rule(who: Neighbourhood) -> None:
    watch = a_watch(who)
    for clock in ("10:00", "11:00", "12:00"):
        with time_machine.travel(at(24, clock), tick=False):
            check_in(actor=who.watcher, assignment_id=watch.pk, outcome="indirect")
    assert "The last signs were indirect" in read(who.ward, "/review/signals/")


def test_load_leads_to_the_watches_of_one_watcher(who: Neighbourhood) -> None:
    watch = a_watch(who)
    path = f"/review/watches/?watcher={who.watcher.user_id}"
    assert path in read(who.ward, "/review/load/")
    assert watch.code in read(who.ward, path)
    assert watch.code not in read(who.ward, f"/review/watches/?watcher={who.backup.user_id}")


@pytest.mark.parametrize("query", ["watcher=x", "page=999", "page=x", "agency=1"])
def test_a_query_that_means_nothing_is_passed_over(who: Neighbourhood, query: str) -> None:
    assert as_(who.ward).get(f"/review/watches/?{query}").status_code == 200
    assert as_(who.ward).get(f"/review/?{query}").status_code == 200


def test_a_watch_shows_who_looks_in_what_was_found_and_its_story(who: Neighbourhood) -> None:
    watch = a_watch(who)
    check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met", note="お元気でした")
    page = read(who.ward, f"/review/watches/{watch.pk}/")
    assert who.watcher.user
    name = who.watcher.user.name
    for said in (name, "met in person", "お元気でした", "every day", "the watch began"):
        assert said in page


@pytest.mark.parametrize("path", ["", "people/", "pause/"])
def test_a_watch_that_others_keep_is_not_found(who: Neighbourhood, path: str) -> None:
    watch = a_watch(who)
    for other in (a_member(an_agency(), Role.MANAGER), a_member(who.watcher.agency, Role.MANAGER)):
        assert as_(other).get(f"/review/watches/{watch.pk}/{path}").status_code == 404


def test_the_watcher_cannot_be_the_backup_and_what_was_chosen_stays(who: Neighbourhood) -> None:
    watch = alone(who)
    watcher = f"{who.watcher.user_id}.{who.watcher.agency_id}"
    answer = post(who.ward, f"/review/watches/{watch.pk}/people/", watcher=watcher, backup=watcher)
    assert answer.status_code == 400
    assert "Choose somebody else than the watcher." in answer.content.decode()
    assert answer.content.decode().count(f'value="{watcher}" selected') == 2


@pytest.mark.operation("pauses_create", "pauses_end_create")
def test_a_pause_is_recorded_and_ended_from_the_watch(who: Neighbourhood) -> None:
    watch = a_watch(who)
    path = f"/review/watches/{watch.pk}/pause/"
    answer = post(who.ward, path, reason="hospital", until="2026-12-01T09:00")
    assert answer.status_code == 303
    pause = Pause.objects.get()
    assert pause.until == at(1, "09:00", month=12)
    assert "hospital" in read(who.ward, f"/review/watches/{watch.pk}/")
    answer = post(who.ward, f"/review/pauses/{pause.pk}/end/", watch=watch.pk)
    assert answer["Location"].partition("?")[0] == f"/review/watches/{watch.pk}/"
    pause.refresh_from_db()
    assert pause.until == MISSED


def test_a_pause_that_ends_before_it_begins_is_refused_at_its_field(who: Neighbourhood) -> None:
    watch = a_watch(who)
    path = f"/review/watches/{watch.pk}/pause/"
    answer = post(who.ward, path, reason="hospital", until="2026-11-01T09:00")
    assert answer.status_code == 400
    assert 'value="2026-11-01T09:00"' in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "single-points/",
        "terms/",
        "signals/",
        "load/",
        "watches/",
        "watches/{id}/",
        "coverage/",
        "network/?area=none",
    ],
)
def test_a_page_asks_at_most_twelve_queries(who: Neighbourhood, path: str) -> None:
    watch = a_watch(who)
    for _each in range(3):
        alone(who)
    check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met")
    sweep(MISSED)
    assert_few(who.ward, f"/review/{path.format(id=watch.pk)}")


def test_the_pages_stand_in_three_groups(who: Neighbourhood) -> None:
    page = without_layout(read(who.ward, "/review/load/"))
    groups = page.split('<nav class="groups"')[1].split("</nav>")[0]
    assert groups.count("<li>") == 3
    assert '<a href="/review/single-points/" aria-current="true">People and watchers</a>' in groups
    ways = page.split('<nav class="ways"')[1].split("</nav>")[0]
    assert '<a href="/review/load/" aria-current="page">Load</a>' in ways
    assert "Handover of a term" not in ways


def test_a_rhythm_is_said_in_words_and_not_in_minutes(who: Neighbourhood) -> None:
    watch = a_watch(who, daily(window_minutes=7200, grace_minutes=4320, rule="FREQ=WEEKLY"))
    page = read(who.ward, f"/review/watches/{watch.pk}/")
    assert "every week, 09:00, within 5 days" in page
    assert "an alert after another 3 days" in page
    assert "7200" not in page


def test_single_points_are_grouped_by_watcher_the_most_first(who: Neighbourhood) -> None:
    other = who.backup
    first, *_rest = [alone(who) for _each in range(2)]
    third = a_watch(
        who, watcher=other.user, watcher_agency=other.agency, backup=None, backup_agency=None
    )
    page = without_layout(read(who.ward, "/review/single-points/"))
    both = (f"?watcher={who.watcher.user_id}", f"?watcher={other.user_id}")
    assert page.index(both[0]) < page.index(both[1])
    assert "nobody stands by: 2" in page
    assert f'<a href="/review/watches/{first.pk}/">' in page
    assert third.code not in read(who.ward, f"/review/single-points/{both[0]}")
    assert len(queries(as_(who.ward), "/review/single-points/")) <= 12


def test_somebody_with_too_many_watches_is_a_single_point(
    who: Neighbourhood, settings: Settings
) -> None:
    settings.WATCH_REVIEW_MOST_WATCHES = 1
    watch = a_watch(who)
    a_watch(who)
    page = read(who.ward, "/review/single-points/")
    assert "too many for one person: 2" in page
    assert watch.code not in page
    of_them = read(who.ward, f"/review/single-points/?watcher={who.watcher.user_id}")
    assert "more watches than one person can look after" in of_them
    assert watch.code in of_them
