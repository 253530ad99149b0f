"""A query that is put together once for a kind of actor finds what each actor sees, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from carenet.access.actor_queries import ActorQuery
from carenet.agencies.actors import Actor
from carenet.cases import policy
from carenet.cases.models import Case
from carenet.core import clock
from carenet.core.models import not_ended
from tests.factories import a_case, a_member, an_agency

pytestmark = pytest.mark.django_db


def seen(actor: Actor, ids: list[UUID]) -> QuerySet[Case]:
    return policy.visible_to(actor).filter(pk__any_of=ids).select_related("resident")


@pytest.fixture
def query() -> ActorQuery[Case]:
    return ActorQuery(seen, ids=[UUID(int=1)])


def test_each_actor_of_a_kind_sees_their_own_rows(query: ActorQuery[Case]) -> None:
    actors = [a_member(an_agency()), a_member(an_agency())]
    cases = [a_case(each) for each in actors]
    ids = [each.pk for each in cases]
    assert [query.rows(each, ids=ids) for each in actors] == [[case] for case in cases]


def test_of_ids_that_are_asked_for_only(query: ActorQuery[Case]) -> None:
    actor = a_member(an_agency())
    cases = [a_case(actor), a_case(actor), a_case(actor)]
    assert {*query.rows(actor, ids=[each.pk for each in cases[:2]])} == {*cases[:2]}
    assert query.rows(actor, ids=[]) == []


def test_where_nothing_can_be_seen_nothing_is_asked() -> None:
    actor = a_member(an_agency())
    a_case(actor)
    query = ActorQuery(lambda _actor: Case.objects.none())
    with CaptureQueriesContext(connection) as sent:
        assert query.rows(actor) == []
    assert (len(sent), query.sql(actor)) == (0, None)


def test_the_moment_is_that_of_the_question() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    end = clock.now() + timedelta(hours=1)
    Case.objects.filter(pk=case.pk).update(opened_at=end)
    query = ActorQuery(lambda _actor: Case.objects.filter(not_ended(clock.now(), "opened_at")))
    assert query.rows(actor) == [case]
    with clock.at(end):
        assert query.rows(actor) == []


def test_what_is_of_the_actor_alone_is_refused() -> None:
    query = ActorQuery(lambda actor: Case.objects.filter(summary=actor.claimed_person))
    with pytest.raises(ImproperlyConfigured, match="no place"):
        query.rows(a_member(an_agency()))


def test_building_it_asks_the_database_nothing() -> None:
    query = ActorQuery(lambda _actor: Case.objects.filter(number=Case.objects.count()))
    with pytest.raises(ImproperlyConfigured, match="asks the database nothing"):
        query.rows(a_member(an_agency()))
