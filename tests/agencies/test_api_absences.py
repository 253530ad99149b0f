"""`/agencies/{id}/members/{id}/absences/`: who is away, and who stands in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from carenet.agencies.actions import end_membership, record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import Absence, Membership, User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import on_duty
from tests.factories import a_member, an_agency, api

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return a_member(an_agency(), Role.MANAGER)


@pytest.fixture
def member(manager: Actor) -> Actor:
    return a_member(manager.agency)


@pytest.fixture
def colleague(manager: Actor) -> Actor:
    return a_member(manager.agency)


def membership_of(actor: Actor) -> Membership:
    return Membership.objects.get(user=actor.user, agency=actor.agency)


def url(actor: Actor, *more: object) -> str:
    parts = [actor.agency.pk, "members", membership_of(actor).pk, "absences", *more]
    return "/".join(["/api/v1/agencies", *map(str, parts), ""])


def days(number: float) -> datetime:
    return timezone.now() + timedelta(days=number)


def there(actor: Actor) -> list[User]:
    assert actor.user
    return on_duty(actor.agency, [actor.user])


def test_a_member_says_that_they_are_away_from_now_on(member: Actor) -> None:
    answer = api(member).post(url(member), {})
    assert answer.status_code == 201
    assert answer.json()["until"] is None
    assert there(member) == []


def test_a_watcher_says_so_of_themselves_and_sees_no_colleague(manager: Actor) -> None:
    watcher = a_member(manager.agency, Role.WATCHER)
    absence = api(watcher).post(url(watcher), {})
    assert absence.status_code == 201
    assert there(watcher) == []
    assert api(watcher).post(url(manager), {}).status_code == 403
    assert api(watcher).get(url(manager)).status_code == 403
    assert api(watcher).post(url(watcher, absence.json()["id"], "end"), {}).status_code == 200
    assert there(watcher) == [watcher.user]


def test_a_manager_says_it_for_a_member_and_names_who_stands_in(
    manager: Actor, member: Actor, colleague: Actor
) -> None:
    answer = api(manager).post(url(member), {"deputy": str(colleague.user_id)})
    assert answer.json()["deputy"]["id"] == str(colleague.user_id)
    assert there(member) == [colleague.user]


def test_nobody_says_it_for_a_colleague(member: Actor, colleague: Actor) -> None:
    assert api(member).post(url(colleague), {}).status_code == 403


def test_it_holds_by_the_clock(manager: Actor, member: Actor) -> None:
    record_absence(actor=manager, membership=membership_of(member), since=days(1), until=days(2))
    assert there(member) == [member.user]


def test_whoever_is_back_early_says_so(member: Actor) -> None:
    absence = api(member).post(url(member), {}).json()
    assert api(member).post(url(member, absence["id"], "end"), {}).status_code == 200
    assert there(member) == [member.user]
    assert api(member).post(url(member, absence["id"], "end"), {}).status_code == 409


def test_one_that_was_called_off_never_took_place(member: Actor) -> None:
    absence = api(member).post(url(member), {"since": days(1).isoformat()}).json()
    over = api(member).post(url(member, absence["id"], "end"), {}).json()
    assert over["since"] == over["until"]
    assert api(member).post(url(member), {"since": days(1).isoformat()}).status_code == 201


def test_nobody_is_away_twice_at_a_time(member: Actor) -> None:
    api(member).post(url(member), {"since": days(1).isoformat(), "until": days(5).isoformat()})
    answer = api(member).post(url(member), {"until": days(2).isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (409, "absence_exists")
    assert api(member).post(url(member), {"until": days(0.5).isoformat()}).status_code == 201


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"until": "2020-01-01T09:00:00+09:00"}, "/until"),
        ({"since": "2031-01-02T09:00:00+09:00", "until": "2031-01-01T09:00:00+09:00"}, "/until"),
        ({"since": "2031-01-02T09:00:00"}, "/since"),
        ({"reason": "病気"}, "/reason"),
    ],
)
def test_what_means_nothing_is_refused_by_field(
    member: Actor, body: dict[str, Any], pointer: str
) -> None:
    answer = api(member).post(url(member), body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_only_another_member_of_the_agency_stands_in(member: Actor) -> None:
    for deputy in (member, a_member(an_agency())):
        answer = api(member).post(url(member), {"deputy": str(deputy.user_id)})
        assert answer.json()["errors"][0]["pointer"] == "/deputy"


def test_a_deputy_who_is_away_is_followed_to_theirs(
    manager: Actor, member: Actor, colleague: Actor
) -> None:
    for absent, deputy in ((member, colleague), (colleague, manager)):
        record_absence(actor=absent, membership=membership_of(absent), deputy=deputy.user)
    assert there(member) == [manager.user]


def test_two_who_stand_in_for_each_other_are_both_away(member: Actor, colleague: Actor) -> None:
    for absent, deputy in ((member, colleague), (colleague, member)):
        record_absence(actor=absent, membership=membership_of(absent), deputy=deputy.user)
    assert there(member) == []


def test_a_deputy_who_has_left_stands_in_no_more(member: Actor, colleague: Actor) -> None:
    record_absence(actor=member, membership=membership_of(member), deputy=colleague.user)
    end_membership(actor=None, membership=membership_of(colleague))
    assert there(member) == []


def test_few_absences_cost_as_many_queries_as_many(manager: Actor, member: Actor) -> None:
    def cost(number: int) -> int:
        Absence.objects.all().delete()
        Absence.objects.bulk_create(
            Absence(
                membership=membership_of(member), since=days(each), until=days(each + 0.5),
                deputy=manager.user,
            )
            for each in range(number)
        )  # fmt: skip
        client = api(manager)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rows = client.get(url(member) + "?limit=200").json()["results"]
        assert len(rows) == number
        return len(queries)

    assert cost(3) == cost(8)
