"""`/agencies/{id}/calendar/`: for everybody to read, for the agency's managers to change."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actions import add_calendar_exception
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from tests.factories import a_member, an_agency, api

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return a_member(an_agency(closed_weekdays=[5, 6]), Role.MANAGER)


def url(agency: Agency, *more: object) -> str:
    return "/".join(["/api/v1/agencies", str(agency.pk), "calendar", *map(str, more), ""])


def change(actor: Actor, body: Any, version: int = 1) -> Any:
    return api(actor).patch(url(actor.agency), body, headers={"If-Match": f'"{version}"'})


def test_everybody_reads_when_an_agency_works(manager: Actor) -> None:
    answer = api(a_member(an_agency(), Role.WATCHER)).get(url(manager.agency))
    assert answer.headers["ETag"] == '"1"'
    assert answer.json() == {
        "closed_weekdays": [5, 6],
        "closed_on_holidays": True,
        "closed_at_new_year": True,
        "exceptions": [],
    }


def test_a_manager_changes_what_is_sent_and_nothing_else(manager: Actor) -> None:
    answer = change(manager, {"closed_on_holidays": False})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json()["closed_weekdays"] == [5, 6]
    assert answer.json()["closed_on_holidays"] is False


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"closed_weekdays": [0, 1, 2, 3, 4, 5, 6]}, "/closed_weekdays"),
        ({"closed_weekdays": [7]}, "/closed_weekdays/0"),
        ({"closed_weekdays": "sunday"}, "/closed_weekdays"),
        ({"opens_at": "09:00"}, "/opens_at"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_by_field(
    manager: Actor, body: dict[str, Any], pointer: str
) -> None:
    answer = change(manager, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_change_says_which_version_was_seen(manager: Actor) -> None:
    body = {"closed_weekdays": [6]}
    assert api(manager).patch(url(manager.agency), body).status_code == 428
    assert change(manager, body, version=2).status_code == 412


def test_an_exception_is_added_and_removed(manager: Actor) -> None:
    added = api(manager).post(
        url(manager.agency, "exceptions"), {"on": "2026-11-02", "reason": "研修"}
    )
    assert (added.status_code, added.headers["ETag"]) == (201, '"2"')
    (shown,) = api(manager).get(url(manager.agency)).json()["exceptions"]
    assert shown == added.json()
    removed = api(manager).post(url(manager.agency, "exceptions", shown["id"], "remove"))
    assert (removed.status_code, removed.headers["ETag"]) == (200, '"3"')
    assert removed.json()["exceptions"] == []


def test_a_removal_may_say_which_version_was_seen(manager: Actor) -> None:
    exception = add_calendar_exception(actor=None, agency=manager.agency, on="2026-11-02")  # type: ignore[arg-type]
    where = url(manager.agency, "exceptions", exception.pk, "remove")
    assert api(manager).post(where, headers={"If-Match": '"1"'}).status_code == 412
    assert api(manager).post(where, headers={"If-Match": '"2"'}).status_code == 200
    assert api(manager).post(where).status_code == 404


def test_a_removal_that_is_sent_again_gets_the_same_answer(manager: Actor) -> None:
    exception = add_calendar_exception(actor=None, agency=manager.agency, on="2026-11-02")  # type: ignore[arg-type]
    where = url(manager.agency, "exceptions", exception.pk, "remove")
    answers = [api(manager).post(where, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_a_day_has_one_exception(manager: Actor) -> None:
    where = url(manager.agency, "exceptions")
    api(manager).post(where, {"on": "2026-11-02"})
    answer = api(manager).post(where, {"on": "2026-11-02", "is_open": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "exception_exists")


@pytest.mark.parametrize(
    "body", [{}, {"on": "2026-02-30"}, {"on": "2026-11-02", "reason": "x" * 101}]
)
def test_a_day_that_means_nothing_is_refused(manager: Actor, body: dict[str, str]) -> None:
    assert api(manager).post(url(manager.agency, "exceptions"), body).status_code == 400


def test_nobody_else_changes_it(manager: Actor) -> None:
    staff, outsider = a_member(manager.agency), a_member(an_agency(), Role.MANAGER)
    exception = add_calendar_exception(actor=None, agency=manager.agency, on="2026-11-02")  # type: ignore[arg-type]
    for actor in (staff, outsider):
        for where in (("exceptions",), ("exceptions", exception.pk, "remove")):
            answer = api(actor).post(url(manager.agency, *where), {"on": "2026-11-04"}
                                     if len(where) == 1 else {})  # fmt: skip
            assert answer.status_code == 403
        answer = api(actor).patch(url(manager.agency), {}, headers={"If-Match": '"2"'})
        assert answer.status_code == 403
