"""The review by pages: what is open, what rests on one person, and the watch behind each line."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from carenet.agencies.areas import AddressArea, Area, AreaKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.watchover.actions.checking_in import check_in
from carenet.watchover.models import Alert, Outage, Pause, WatchAssignment
from carenet.watchover.selectors import network
from carenet.watchover.states import AlertState
from tests.staff.reviewing import as_, assert_few, post, read
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_watch, at, sweep
from tests.world import NOWHERE, a_member, a_resident, an_agency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

pytestmark = pytest.mark.django_db
#: Half an hour after the grace of the first morning is over.
MISSED = at(24, "13:30")
_number = count(1)


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


def test_a_single_point_shows_until_a_backup_is_named(who: Neighbourhood) -> None:
    watch = alone(who)
    assert "One person looks in, and nobody stands by." in read(who.ward, "/review/single-points/")
    backup = f"{who.backup.user_id}.{who.backup.agency_id}"
    watcher = f"{who.watcher.user_id}.{who.watcher.agency_id}"
    answer = post(who.ward, f"/review/watches/{watch.pk}/people/", watcher=watcher, backup=backup)
    assert answer["Location"] == f"/review/watches/{watch.pk}/"
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
    for said in (str(who.watcher.user.name), "met in person", "お元気でした", "every day", "begin"):  # type: ignore[union-attr]
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


def test_a_pause_is_recorded_and_ended_from_the_watch(who: Neighbourhood) -> None:
    watch = a_watch(who)
    path = f"/review/watches/{watch.pk}/pause/"
    answer = post(who.ward, path, reason="hospital", until="2026-12-01T09:00")
    assert answer.status_code == 303
    pause = Pause.objects.get()
    assert pause.until == at(1, "09:00", month=12)
    assert "hospital" in read(who.ward, f"/review/watches/{watch.pk}/")
    answer = post(who.ward, f"/review/pauses/{pause.pk}/end/", watch=watch.pk)
    assert answer["Location"] == f"/review/watches/{watch.pk}/"
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
def test_a_page_asks_at_most_ten_queries(who: Neighbourhood, path: str) -> None:
    watch = a_watch(who)
    for _each in range(3):
        alone(who)
    check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met")
    sweep(MISSED)
    assert_few(who.ward, f"/review/{path.format(id=watch.pk)}")


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


def an_area(who: Neighbourhood, name: str = "霧立") -> Area:
    code = who.desk.agency.municipality_code
    area = Area.objects.create(kind=AreaKind.PLAZA_AREA, name=name, municipality_code=code)
    AddressArea.objects.create(area=area, town="霧立町", since=date(2020, 1, 1))
    return area


def living_there(who: Neighbourhood, **fields: Any) -> WatchAssignment:
    person = a_resident(who.desk, address="大阪市霧立町1番", given_name=f"{next(_number)}郎")
    return a_watch(who, resident=person, **fields)


def test_the_map_and_its_table_show_an_area_in_which_nobody_is_watched(who: Neighbourhood) -> None:
    an_area(who)
    page = read(who.ward, "/review/coverage/")
    assert 'fill="url(#nobody)"' in page
    assert "霧立" in page


def test_the_map_says_how_far_an_area_is_covered_by_pattern_and_number(who: Neighbourhood) -> None:
    an_area(who)
    living_there(who)
    page = read(who.ward, "/review/coverage/")
    assert 'fill="url(#well)"' in page
    assert "watched 1" in page


def test_small_counts_are_hidden_from_who_may_not_see_persons(who: Neighbourhood) -> None:
    area = an_area(who)
    living_there(who)
    auditor = a_member(who.ward.agency, Role.AUDITOR)
    page = read(auditor, "/review/coverage/")
    assert 'fill="url(#hidden)"' in page
    assert "not shown" in page
    assert str(area.pk) not in page
    assert "not shown" in read(auditor, "/review/coverage/?as=csv")


def test_the_sheet_of_coverage_cannot_hold_a_formula(who: Neighbourhood) -> None:
    an_area(who, name="=1+1")
    text = as_(who.ward).get("/review/coverage/?as=csv").content.decode()
    assert text.startswith("\ufeff")
    assert "'=1+1" in text


def test_the_network_marks_who_rests_on_one_person_in_words(who: Neighbourhood) -> None:
    area = an_area(who)
    living_there(who)
    path = f"/review/network/?area={area.pk}"
    assert "▲ one person only" not in read(who.ward, path)
    watch = living_there(who, backup=None, backup_agency=None)
    page = read(who.ward, path)
    assert "▲ one person only" in page
    assert f"/review/watches/{watch.pk}/" in page


def test_the_network_is_a_sheet_too_and_whoever_is_in_it_was_seen(who: Neighbourhood) -> None:
    area = an_area(who)
    watch = living_there(who)
    answer = as_(who.ward).get(f"/review/network/?as=csv&area={area.pk}")
    assert watch.code in answer.content.decode()
    assert watch.resident.name not in answer["Content-Disposition"]
    seen = AuditEntry.objects.filter(object_ids__contains=[str(watch.resident_id)])
    assert seen.filter(object_kind="resident", agency_id=who.ward.agency_id).exists()


def test_the_network_of_an_area_holds_nobody_from_elsewhere(who: Neighbourhood) -> None:
    area = an_area(who)
    elsewhere = a_watch(who)
    assert elsewhere.code not in read(who.ward, f"/review/network/?area={area.pk}")
    assert elsewhere.code in read(who.ward, "/review/network/?area=none")


def test_a_protected_address_lies_in_no_area_of_the_network(who: Neighbourhood) -> None:
    area = an_area(who)
    person = a_resident(who.desk, address="大阪市霧立町1番", address_protected=True)
    watch = a_watch(who, resident=person)
    assert watch.code not in read(who.ward, f"/review/network/?area={area.pk}")


def test_a_picture_has_a_bounded_number_of_people_and_says_so(
    who: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "MOST_DRAWN", 1)
    area = an_area(who)
    living_there(who)
    single = living_there(who, backup=None, backup_agency=None)
    page = read(who.ward, f"/review/network/?area={area.pk}")
    assert "not all are drawn" in page
    assert single.code in page


@pytest.mark.parametrize("query", ["", "area=", "area=x", f"area={NOWHERE}"])
def test_an_area_that_is_not_there_is_not_found(who: Neighbourhood, query: str) -> None:
    assert as_(who.ward).get(f"/review/network/?{query}").status_code == 404


def test_a_rehearsal_after_the_end_of_the_term_says_that_nobody_is_told(who: Neighbourhood) -> None:
    watch = a_watch(who, term_until=date(2026, 11, 30))
    page = read(who.ward, rehearsal(watch, "kind=concern&began_at=2026-12-02T09:00"))
    assert "the term or basis of the watch is over by then" in page
