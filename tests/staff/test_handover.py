"""The handover of a term by pages: who leaves, who comes after, the preview, and its steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.watchover.models import WatchAssignment, WatchHandover
from tests.factories import a_member, an_agency
from tests.staff.markup import without_layout
from tests.staff.review_requests import as_, assert_few, post, read
from tests.watchover.watches import START, Neighbourhood, a_neighbourhood, a_watch

pytestmark = pytest.mark.django_db
operation = pytest.mark.operation
LIST = "/review/handovers/"
LAST = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def now(settings: Settings) -> Iterator[None]:
    settings.REMINDER_CONSOLE = ""
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def who() -> Neighbourhood:
    return a_neighbourhood()


@pytest.fixture
def successor(who: Neighbourhood) -> Actor:
    return a_member(who.watcher.agency, Role.WATCHER)


def key(actor: Actor) -> str:
    return f"{actor.user_id}.{actor.agency_id}"


def by_law(who: Neighbourhood, **fields: Any) -> Any:
    basis = fields.pop("sharing_basis", "WITHIN_PURPOSE")
    given: dict[str, Any] = {"sharing_basis": "WITHIN_PURPOSE", "term_until": LAST}
    watch = a_watch(who, **(given | fields))
    WatchAssignment.objects.filter(pk=watch.pk).update(sharing_basis=basis)
    return WatchAssignment.objects.get(pk=watch.pk)


def new(who: Neighbourhood) -> str:
    return f"{LIST}new/?leaving={key(who.watcher)}"


def planned(who: Neighbourhood, after: str, day: str = "2026-12-01") -> WatchHandover:
    answer = post(who.ward, new(who), after_0=after, effective_on=day)
    assert answer.status_code == 303, answer.content.decode()
    return WatchHandover.objects.get()


def test_the_first_step_offers_everybody_who_looks_in_or_stands_by(who: Neighbourhood) -> None:
    by_law(who)
    page = read(who.ward, f"{LIST}new/")
    assert key(who.watcher) in page
    assert key(who.backup) in page


def test_the_first_step_wants_somebody_chosen(who: Neighbourhood) -> None:
    by_law(who)
    answer = as_(who.ward).get(f"{LIST}new/?go=1&leaving=x")
    assert answer.status_code == 422
    assert "Choose at least one person." in answer.content.decode()


def test_a_plan_moves_nothing_and_leads_to_its_preview(
    who: Neighbourhood, successor: Actor
) -> None:
    watch = by_law(who)
    plan = planned(who, key(successor))
    watch.refresh_from_db()
    assert watch.watcher == who.watcher.user
    page = read(who.ward, f"{LIST}{plan.pk}/")
    assert watch.code in page
    assert "Let it be carried out on its day" in page


def test_the_preview_says_what_keeps_a_watch_from_the_successor(who: Neighbourhood) -> None:
    by_law(who)
    plan = planned(who, "")
    assert "nobody comes after" in read(who.ward, f"{LIST}{plan.pk}/")


@pytest.mark.operation("watch_handovers_partial_update")
def test_who_was_asked_anew_and_agrees_goes_to_the_successor(
    who: Neighbourhood, successor: Actor
) -> None:
    watch = by_law(who, sharing_basis="CONSENT")
    plan = planned(who, key(successor))
    path = f"{LIST}{plan.pk}/"
    assert "the person has to be asked for their consent anew" in read(who.ward, path)
    post(who.ward, f"{path}consents/", version=plan.version, consented=str(watch.pk))
    page = without_layout(read(who.ward, path))
    assert f'value="{watch.pk}" checked' in page
    assert "the person has to be asked for their consent anew" not in page


@pytest.mark.parametrize(
    ("deed", "status"),
    [
        pytest.param("schedule", "scheduled", marks=operation("watch_handovers_schedule_create")),
        pytest.param("carry-out", "done", marks=operation("watch_handovers_carry_out_create")),
        pytest.param("cancel", "cancelled", marks=operation("watch_handovers_cancel_create")),
    ],
)
def test_a_plan_takes_its_steps(
    who: Neighbourhood, successor: Actor, deed: str, status: str
) -> None:
    by_law(who)
    plan = planned(who, key(successor))
    answer = post(who.ward, f"{LIST}{plan.pk}/{deed}/", version=plan.version)
    assert answer["Location"] == f"{LIST}{plan.pk}/"
    plan.refresh_from_db()
    assert plan.status == status
    assert as_(who.ward).get(f"{LIST}{plan.pk}/").status_code == 200


@pytest.mark.operation("watch_handovers_release_create")
def test_the_briefing_is_released_from_the_preview(who: Neighbourhood, successor: Actor) -> None:
    by_law(who)
    plan = planned(who, key(successor))
    post(who.ward, f"{LIST}{plan.pk}/release/")
    plan.refresh_from_db()
    assert plan.released_at == START


def test_a_plan_that_was_changed_meanwhile_is_not_carried_out(
    who: Neighbourhood, successor: Actor
) -> None:
    by_law(who)
    plan = planned(who, key(successor))
    post(who.ward, f"{LIST}{plan.pk}/people/", after_0="", effective_on="2026-12-01")
    answer = post(who.ward, f"{LIST}{plan.pk}/carry-out/", version=plan.version)
    assert answer.status_code == 412
    plan.refresh_from_db()
    assert plan.status == "draft"


def test_a_day_that_is_past_is_refused_at_its_field_and_stays(
    who: Neighbourhood, successor: Actor
) -> None:
    by_law(who)
    answer = post(who.ward, new(who), after_0=key(successor), effective_on="2026-11-01")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'value="2026-11-01"' in page
    assert f'value="{key(successor)}" selected' in page


def test_another_day_of_a_plan_keeps_its_people(who: Neighbourhood, successor: Actor) -> None:
    by_law(who)
    plan = planned(who, key(successor))
    page = read(who.ward, f"{LIST}{plan.pk}/people/")
    assert f'value="{key(successor)}" selected' in page


@pytest.mark.operation("watch_handovers_create")
def test_a_plan_of_others_is_not_found(who: Neighbourhood, successor: Actor) -> None:
    by_law(who)
    plan = planned(who, key(successor))
    elsewhere = a_member(an_agency(), Role.MANAGER)
    for path in ("", "people/"):
        assert as_(elsewhere).get(f"{LIST}{plan.pk}/{path}").status_code == 404
    assert post(elsewhere, f"{LIST}{plan.pk}/carry-out/").status_code == 404


@pytest.mark.parametrize("path", [LIST, f"{LIST}new/", "{plan}", "{plan}people/", "{new}"])
def test_a_page_of_the_handover_asks_at_most_ten_queries(
    who: Neighbourhood, successor: Actor, path: str
) -> None:
    by_law(who)
    by_law(who)
    plan = planned(who, key(successor))
    assert_few(who.ward, path.format(plan=f"{LIST}{plan.pk}/", new=new(who)))
