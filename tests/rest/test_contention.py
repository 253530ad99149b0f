"""Requests that meet: twins under one key, and requests that lock each other out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections, transaction
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.cases.actions import cases
from carenet.cases.actions.locks import lock_case
from carenet.cases.models import Case
from carenet.residents import actions
from carenet.residents.models import Resident
from carenet.rest.models import IdempotencyKey
from tests.factories import a_case, a_member, an_agency, api
from tests.rest.raw_requests import code_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

pytestmark = pytest.mark.django_db(transaction=True)

RESIDENTS = "/api/v1/residents/"
PERSON = {"family_name": "髙橋"}
KEY = {"Idempotency-Key": "2f1a"}
PATIENCE_SECONDS = 30


@pytest.fixture
def staff() -> Actor:
    return a_member(an_agency())


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def apart(pool: ThreadPoolExecutor, act: Callable[[], Any]) -> Future[Any]:
    """Do something in a thread of its own, on a connection of its own."""

    def run() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    return pool.submit(run)


def register(staff: Actor) -> Callable[[], Answer]:
    client = api(staff)
    client.raise_request_exception = False  # it would raise what another thread caused
    return lambda: client.post(RESIDENTS, PERSON, headers=KEY)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def until(happened: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE_SECONDS
    while not happened():
        assert monotonic() < end, "It never happened."
        sleep(0.01)


@contextmanager
def held_in_flight(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, Event]]:
    """Hold the first registration in its effect: it tells when it is there, and waits to go on."""
    there, go_on = Event(), Event()
    real = actions.register

    def slow(**given: Any) -> Resident:
        there.set()
        assert go_on.wait(PATIENCE_SECONDS)
        return real(**given)

    monkeypatch.setattr(actions, "register", slow)
    try:
        yield there, go_on
    finally:
        go_on.set()


def test_a_twin_in_flight_waits_and_gets_the_first_answer(
    staff: Actor, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_in_flight(monkeypatch) as (there, go_on):
        first = apart(threads, register(staff))
        assert there.wait(PATIENCE_SECONDS)
        twin = apart(threads, register(staff))
        until(somebody_waits)
        go_on.set()
        answers = [first.result(), twin.result()]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Resident.objects.count() == 1


def test_a_twin_that_has_waited_long_enough_is_sent_away(
    staff: Actor,
    threads: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    settings.IDEMPOTENCY_WAIT_SECONDS = 1
    with held_in_flight(monkeypatch) as (there, go_on):
        first = apart(threads, register(staff))
        assert there.wait(PATIENCE_SECONDS)
        twin = register(staff)()
        go_on.set()
        assert first.result().status_code == 201
    assert code_of(twin, 409) == "busy"
    assert int(twin["Retry-After"]) >= 1
    assert register(staff)().json() == first.result().json()


def test_a_twin_takes_over_from_a_first_one_that_failed(
    staff: Actor, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, go_on = Event(), Event()
    real = actions.register

    def fail_once(**given: Any) -> Resident:
        if there.is_set():
            return real(**given)
        there.set()
        assert go_on.wait(PATIENCE_SECONDS)
        raise RuntimeError

    monkeypatch.setattr(actions, "register", fail_once)
    first = apart(threads, register(staff))
    assert there.wait(PATIENCE_SECONDS)
    twin = apart(threads, register(staff))
    until(somebody_waits)
    go_on.set()
    assert (first.result().status_code, twin.result().status_code) == (500, 201)


def test_many_twins_at_once_have_one_effect(staff: Actor, threads: ThreadPoolExecutor) -> None:
    answers = [apart(threads, register(staff)) for _ in range(8)]
    bodies = [answer.result().json() for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert Resident.objects.count() == 1


def test_twins_of_an_expired_key_have_one_effect(staff: Actor, threads: ThreadPoolExecutor) -> None:
    register(staff)()
    IdempotencyKey.objects.update(created_at="2020-01-01T00:00:00+09:00")
    answers = [apart(threads, register(staff)) for _ in range(4)]
    assert {answer.result().status_code for answer in answers} == {201}
    assert Resident.objects.count() == 2


def held(case: Case, there: Event, go_on: Event, then: Case | None = None) -> None:
    """Lock a case until told to go on, then perhaps another one."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        there.set()
        assert go_on.wait(PATIENCE_SECONDS)
        if then:
            Case.objects.select_for_update().get(pk=then.pk)


def test_a_lock_that_does_not_come_free_is_a_conflict_to_try_again(
    staff: Actor, threads: ThreadPoolExecutor
) -> None:
    case, there, go_on = a_case(staff), Event(), Event()
    other = apart(threads, lambda: held(case, there, go_on))
    assert there.wait(PATIENCE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    answer = api(staff).post(f"/api/v1/cases/{case.pk}/plan/", {})
    go_on.set()
    other.result()
    assert code_of(answer, 409) == "busy"
    assert int(answer["Retry-After"]) >= 1


def test_a_deadlock_is_a_conflict_to_try_again(
    staff: Actor, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = a_case(staff), a_case(staff)
    there, go_on = Event(), Event()
    other = apart(threads, lambda: held(one, there, go_on, then=two))
    assert there.wait(PATIENCE_SECONDS)

    def the_wrong_way_round(*given: Any) -> Case:
        Case.objects.select_for_update().get(pk=two.pk)
        return lock_case(*given)

    with monkeypatch.context() as patch:
        patch.setattr(cases, "lock_case", the_wrong_way_round)
        address = f"/api/v1/cases/{one.pk}/plan/"
        request = apart(threads, lambda: api(staff).post(address, {}, headers=KEY))
        until(somebody_waits)
        go_on.set()
        answer = request.result()
        other.result()
    assert code_of(answer, 409) == "busy"
    assert int(answer["Retry-After"]) >= 1
    # The client does as it was told, under the same key.
    assert api(staff).post(address, {}, headers=KEY).json()["status"] == "planned"
