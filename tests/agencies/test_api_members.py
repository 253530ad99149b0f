"""`/agencies/{id}/members/`: for the agency's own people to see, for its managers to change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from tests.factories import a_member, an_agency, api

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return a_member(an_agency(), Role.MANAGER)


@pytest.fixture
def colleague(manager: Actor) -> Membership:
    actor = a_member(manager.agency, Role.STAFF)
    return Membership.objects.get(user=actor.user)


def url(agency: Agency, *more: object) -> str:
    return "/".join(["/api/v1/agencies", str(agency.pk), "members", *map(str, more), ""])


def change(actor: Actor, membership: Membership, body: Any, **headers: str) -> Response:
    where = url(actor.agency, membership.pk)
    return api(actor).patch(where, body, headers=headers)


def test_members_see_each_other(manager: Actor, colleague: Membership) -> None:
    rows = api(manager).get(url(manager.agency)).json()["results"]
    assert [row["user"]["id"] for row in rows] == [str(colleague.user_id), str(manager.user_id)]
    assert rows[0]["roles"] == ["staff"]


def test_whom_one_has_seen_is_in_the_trail(manager: Actor, colleague: Membership) -> None:
    api(manager).get(url(manager.agency))
    entry = AuditEntry.objects.get(
        deed=AuditAction.READ, object_kind="user", agency_id=manager.agency_id
    )
    assert set(entry.object_ids) == {manager.user_id, colleague.user_id}


def test_other_agencies_members_are_not_shown(manager: Actor) -> None:
    answer = api(manager).get(url(an_agency()))
    assert (answer.status_code, answer.json()["code"]) == (403, "other_agency")


def test_members_of_an_agency_that_does_not_exist_are_not_found(manager: Actor) -> None:
    agency = an_agency(active=False)
    assert api(manager).get(url(agency)).status_code == 404


def test_a_manager_changes_roles(manager: Actor, colleague: Membership) -> None:
    answer = change(manager, colleague, {"roles": ["watcher"]}, **{"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    colleague.refresh_from_db()
    assert colleague.role_set == {Role.WATCHER}


def test_a_change_says_which_version_was_seen(manager: Actor, colleague: Membership) -> None:
    assert change(manager, colleague, {"roles": ["watcher"]}).status_code == 428
    stale = change(manager, colleague, {"roles": ["watcher"]}, **{"If-Match": '"7"'})
    assert stale.status_code == 412


def test_the_last_manager_stays_one(manager: Actor) -> None:
    own = Membership.objects.get(user=manager.user)
    answer = api(manager).post(url(manager.agency, own.pk, "end"))
    assert answer.status_code == 409
    assert b"last_manager" in answer.content


def test_a_membership_ends_at_once(manager: Actor, colleague: Membership) -> None:
    signed_in = api(Actor(manager.agency, frozenset({Role.STAFF}), user=colleague.user))
    assert signed_in.get(url(manager.agency)).status_code == 200
    assert api(manager).post(url(manager.agency, colleague.pk, "end")).status_code == 200
    assert signed_in.get(url(manager.agency)).status_code == 403


def test_an_end_that_is_sent_again_gets_the_same_answer(
    manager: Actor, colleague: Membership
) -> None:
    where = url(manager.agency, colleague.pk, "end")
    first, second = (api(manager).post(where, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert second.status_code == 200
    assert json.loads(second.content) == json.loads(first.content)


def test_an_ended_membership_is_gone(manager: Actor, colleague: Membership) -> None:
    api(manager).post(url(manager.agency, colleague.pk, "end"))
    answer = change(manager, colleague, {"roles": ["staff"]}, **{"If-Match": '"2"'})
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.COORDINATOR, Role.AUDITOR])
def test_others_only_look(manager: Actor, colleague: Membership, role: Role) -> None:
    other = a_member(manager.agency, role)
    assert api(other).get(url(manager.agency)).status_code == 200
    assert api(other).post(url(manager.agency, colleague.pk, "end")).status_code == 403


def test_a_manager_does_not_reach_into_another_agency(manager: Actor) -> None:
    elsewhere = a_member(an_agency())
    membership = Membership.objects.get(user=elsewhere.user)
    assert api(manager).post(url(elsewhere.agency, membership.pk, "end")).status_code == 403
    assert api(manager).post(url(manager.agency, membership.pk, "end")).status_code == 404


def test_a_list_costs_the_same_number_of_queries_whatever_its_size(
    manager: Actor,
) -> None:
    client, costs = api(manager), []
    for more in (2, 5):
        for _ in range(more):
            a_member(manager.agency)
        with CaptureQueriesContext(connection) as queries:
            client.get(url(manager.agency))
        costs.append(len(queries))
    assert costs[0] == costs[1]
