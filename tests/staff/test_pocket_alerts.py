"""Alerts in the pocket: who is told of which, what one may do about it, and what it ends in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.watchover.actions.alerts import acknowledge, resolve
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.pauses import pause
from carenet.watchover.models import Alert
from carenet.watchover.selectors.actionable_alerts import answerable
from tests.factories import a_member, api
from tests.staff.pocket import a_person, a_street, due_now, missed
from tests.staff.test_pocket import browser_of, look
from tests.watchover.watches import Neighbourhood

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db
VISIT_CLOSES = "Your visit closes the alert."


def a_missed_visit(**person: Any) -> tuple[Neighbourhood, Alert]:
    who = a_street()
    missed(who, resident=a_person(who, **person))
    return who, Alert.objects.get()


def a_worry(outcome: str = "no_answer") -> tuple[Neighbourhood, Alert]:
    who = a_street()
    _, watch = due_now(who, resident=a_person(who))
    check_in(actor=who.watcher, assignment_id=watch.pk, outcome=outcome)
    return who, Alert.objects.get()


def page_of(actor: Actor, alert: Alert, query: str = "") -> str:
    answer = browser_of(actor).get(
        f"/pocket/alerts/{alert.pk}/{query}", headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 200
    return answer.content.decode()


def do(actor: Actor, alert: Alert, step: str, **said: Any) -> Response:
    return browser_of(actor).post(
        f"/pocket/alerts/{alert.pk}/{step}/", said, headers={"Accept-Language": "en"}
    )


def left_by(actor: Actor) -> QuerySet[AuditEntry]:
    """Return what somebody left in the trail, in which rows of other tests stay."""
    return AuditEntry.objects.filter(actor_id=str(actor.user_id))


def test_watcher_backup_and_who_keeps_the_watch_are_told_that_nobody_has_looked_in() -> None:
    who, alert = a_missed_visit()
    for actor in (who.watcher, who.backup, who.desk, who.ward):
        assert [each.pk for each in answerable(actor)] == [alert.pk]


def test_nobody_else_is_told() -> None:
    who, alert = a_missed_visit()
    other = a_member(who.watcher.agency, Role.WATCHER)
    assert not answerable(other).exists()
    assert browser_of(other).get(f"/pocket/alerts/{alert.pk}/").status_code == 404


def test_what_worries_about_the_person_waits_for_who_keeps_the_watch_alone() -> None:
    who, alert = a_worry()
    assert not answerable(who.watcher).exists()
    assert [each.pk for each in answerable(who.desk)] == [alert.pk]


def test_the_worst_comes_first_and_what_is_resolved_is_gone() -> None:
    who, silent = a_missed_visit()
    _, watch = due_now(who)
    check_in(actor=who.watcher, assignment_id=watch.pk, outcome="emergency")
    worst = Alert.objects.exclude(pk=silent.pk).get()
    assert [each.pk for each in answerable(who.desk)] == [worst.pk, silent.pk]
    resolve(actor=who.desk, alert_id=worst.pk, outcome="safe")
    assert [each.pk for each in answerable(who.desk)] == [silent.pk]


def test_todays_visits_say_that_an_alert_waits_and_that_the_visit_closes_it() -> None:
    who, alert = a_missed_visit()
    page = look(who.watcher)
    assert "Open alerts: 1" in page
    assert VISIT_CLOSES in page
    assert f"/pocket/alerts/{alert.pk}/" in page


def test_todays_visits_say_nothing_of_alerts_where_there_is_none() -> None:
    who, _ = due_now()
    page = look(who.watcher)
    assert "Open alerts" not in page
    assert VISIT_CLOSES not in page


def test_the_list_names_the_person_and_the_page_says_how_to_reach_them() -> None:
    who, alert = a_missed_visit()
    listed = browser_of(who.watcher).get("/pocket/alerts/").content.decode()
    assert "佐藤 ハナ" in listed
    page = page_of(who.watcher, alert)
    for told in ("青葉台1-2-3", 'href="tel:0111234567"'):
        assert told in page
    assert "1941" not in page


def test_a_protected_address_is_not_told_with_the_alert() -> None:
    who, alert = a_missed_visit(address_protected=True)
    assert "青葉台" not in page_of(who.watcher, alert)


def test_whoever_is_silent_takes_their_alert_on() -> None:
    who, alert = a_missed_visit()
    assert do(who.watcher, alert, "take-on", version=alert.version).status_code == 303
    alert.refresh_from_db()
    assert alert.acknowledged_by == who.watcher.user
    page = page_of(who.watcher, alert, "?done")
    assert "You have taken it on." in page
    assert "Take it on" not in page


def test_whoever_looks_in_cannot_resolve_it_but_by_a_visit() -> None:
    who, alert = a_missed_visit()
    page = page_of(who.watcher, alert)
    assert VISIT_CLOSES in page
    assert 'data-deed="resolve"' not in page
    assert do(who.watcher, alert, "resolve", outcome="safe").status_code == 403
    visit = f"/pocket/visits/{alert.assignment_id}/"
    assert browser_of(who.watcher).post(visit, {"outcome": "met"}).status_code == 303
    alert.refresh_from_db()
    assert (alert.ended_by, alert.resolved_by) == ("check_in", who.watcher.user)
    assert VISIT_CLOSES not in page_of(who.watcher, alert)


def test_during_a_pause_of_the_person_nobody_is_sent_to_them() -> None:
    who, alert = a_missed_visit()
    pause(actor=who.desk, assignment_id=alert.assignment_id, reason="hospital")
    assert VISIT_CLOSES not in page_of(who.watcher, alert)


@pytest.mark.parametrize("outcome", ["safe", "intervened", "false_alarm"])
def test_whoever_keeps_the_watch_resolves_it_with_what_was_found(outcome: str) -> None:
    who, alert = a_worry()
    answer = do(who.desk, alert, "resolve", outcome=outcome, note="会えました", version=1)
    assert answer.status_code == 303
    alert.refresh_from_db()
    assert (alert.outcome, alert.resolved_by) == (outcome, who.desk.user)


def test_119_and_110_come_first_where_it_is_an_emergency() -> None:
    who, alert = a_worry("emergency")
    page = page_of(who.desk, alert)
    assert page.index('href="tel:119"') < page.index('href="tel:110"') < page.index("青葉台")
    assert page.index('href="tel:110"') < page.index("data-deed=")


def test_of_anything_else_the_page_begins_with_the_person() -> None:
    who, alert = a_worry("concern")
    assert "tel:119" not in page_of(who.desk, alert)


def test_who_looks_in_reads_whose_word_it_is_where_the_visit_closes_nothing() -> None:
    who, alert = a_worry()
    page = page_of(who.watcher, alert)
    assert who.desk.agency.name in page
    assert "data-deed=" not in page


def test_a_lost_race_shows_what_the_colleague_did_and_keeps_the_note() -> None:
    who, alert = a_worry()
    resolve(actor=who.ward, alert_id=alert.pk, outcome="intervened")
    answer = do(who.desk, alert, "resolve", outcome="safe", note="窓が開いていた", version=1)
    assert answer.status_code == 412
    page = answer.content.decode()
    assert who.ward.user
    assert who.ward.user.name in page
    assert "somebody stepped in" in page
    assert "窓が開いていた" in page
    assert "__all__" not in page


@pytest.mark.parametrize("step", ["take-on", "resolve"])
def test_where_a_step_was_refused_one_comes_back_to_the_alert(step: str) -> None:
    who, alert = a_missed_visit()
    address = f"/pocket/alerts/{alert.pk}/{step}/"
    answer = browser_of(who.watcher).get(address)
    assert (answer.status_code, answer["Location"]) == (303, f"/pocket/alerts/{alert.pk}/")
    assert not left_by(who.watcher).filter(deed=AuditAction.DENIAL).exists()


def test_what_a_refused_step_shows_of_a_person_is_in_the_trail() -> None:
    who, alert = a_missed_visit()
    acknowledge(actor=who.backup, alert_id=alert.pk)
    answer = do(who.watcher, alert, "take-on", version=alert.version)
    assert answer.status_code == 412
    assert "佐藤 ハナ" in answer.content.decode()
    read = left_by(who.watcher).get(deed=AuditAction.READ, object_kind="resident")
    assert read.object_ids == [alert.assignment.resident_id]


def test_a_refusal_over_the_api_shows_nobody() -> None:
    who, alert = a_missed_visit()
    answer = api(who.desk).post(
        f"/api/v1/alerts/{alert.pk}/acknowledge/", {}, headers={"If-Match": '"99"'}
    )
    assert answer.status_code == 412
    assert not left_by(who.desk).filter(deed=AuditAction.READ).exists()


def test_taking_on_what_a_colleague_has_in_hand_is_refused_with_their_name() -> None:
    who, alert = a_missed_visit()
    acknowledge(actor=who.backup, alert_id=alert.pk)
    answer = do(who.watcher, alert, "take-on", version=alert.version)
    assert answer.status_code == 412
    assert who.backup.user
    assert who.backup.user.name in answer.content.decode()


@pytest.mark.parametrize(
    "said", [{}, {"outcome": "asleep"}, {"outcome": "safe", "version": "x"},
             {"outcome": "safe", "version": "99999999999"}],
)  # fmt: skip
def test_what_nobody_can_have_found_is_refused(said: dict[str, str]) -> None:
    who, alert = a_worry()
    assert do(who.desk, alert, "resolve", **said).status_code == 422
    assert not Alert.objects.exclude(resolved_at=None).exists()


def test_ten_alerts_cost_no_more_than_ten_queries() -> None:
    who = a_street()
    for number in range(10):
        _, watch = due_now(
            who, resident=a_person(who, new_because="別人", given_name=f"花{number}")
        )
        check_in(actor=who.watcher, assignment_id=watch.pk, outcome="no_answer")
    client = browser_of(who.desk)
    for page in ("/pocket/alerts/", f"/pocket/alerts/{Alert.objects.first().pk}/", "/pocket/"):  # type: ignore[union-attr]
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) <= 10
