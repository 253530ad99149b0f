"""A query that is put together once finds what the same query finds that is put together anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from carenet.agencies.models import Membership, User
from carenet.audit.models import AuditAction, AuditEntry
from carenet.core import clock
from carenet.core.compiled_queries import CompiledInsert, CompiledQuery, hang_on
from carenet.rest.database import is_away
from tests.factories import a_member, a_user, an_agency

pytestmark = pytest.mark.django_db
EXAMPLES = {"user": UUID(int=1), "now": datetime(1900, 1, 1, tzinfo=UTC)}


def current(user: UUID, now: datetime) -> QuerySet[Membership]:
    return Membership.objects.current(now).filter(user=user).select_related("agency").order_by("pk")


@pytest.fixture
def query() -> CompiledQuery[Membership]:
    return CompiledQuery(current, **EXAMPLES)


def test_it_finds_the_rows_of_each_value_it_is_given(query: CompiledQuery[Membership]) -> None:
    users = [a_user(), a_user()]
    for user in users:
        a_member(an_agency(), user=user)
        a_member(an_agency(), user=user)
    now = clock.now()
    for user in users:
        assert query.rows(user=user.pk, now=now) == list(current(user.pk, now))


def test_related_rows_come_in_the_same_statement(query: CompiledQuery[Membership]) -> None:
    member = a_member(agency := an_agency())
    query.rows(user=member.user_id, now=clock.now())
    with CaptureQueriesContext(connection) as sent:
        [found] = query.rows(user=member.user_id, now=clock.now())
        assert found.agency == agency
    assert len(sent) == 1


def test_a_moment_is_asked_anew_each_time(query: CompiledQuery[Membership]) -> None:
    member = a_member(an_agency())
    now = clock.now()
    assert query.row(user=member.user_id, now=now)
    assert query.row(user=member.user_id, now=now - timedelta(days=1)) is None


def test_a_constant_may_hold_what_stands_for_a_value_elsewhere() -> None:
    named = a_user(name="100%s $1 '")
    query = CompiledQuery(
        lambda user: User.objects.filter(pk=user, name__contains="%s $1 '"), user=UUID(int=1)
    )
    assert query.rows(user=named.pk) == [named]
    assert query.rows(user=a_user().pk) == []


def test_the_server_plans_a_text_once_for_each_connection(
    query: CompiledQuery[Membership],
) -> None:
    member, now = a_member(an_agency()), clock.now()
    for _ in range(3):
        query.rows(user=member.user_id, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [statement for [statement] in cursor.fetchall()]
    assert len([each for each in kept if "agencies_membership" in each]) == 1
    assert not any(str(member.user_id) in each for each in kept)


def test_who_meets_an_outdated_plan_is_to_try_again_and_then_it_is_made_anew() -> None:
    def ask() -> None:
        with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("SELECT name FROM growing", [])

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE growing (name varchar(3))")
    ask()
    with connection.cursor() as cursor:  # as another process does: the driver does not see it
        cursor.execute("DO 'BEGIN ALTER TABLE growing ALTER name TYPE varchar(9); END'")
    with pytest.raises(NotSupportedError) as raised, transaction.atomic():
        ask()
    assert is_away(raised.value)
    ask()


def test_a_server_that_keeps_none_is_asked_as_well(
    query: CompiledQuery[Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    member = a_member(an_agency())
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    assert query.row(user=member.user_id, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'membership'")
        assert cursor.fetchone() == (0,)


def test_rows_that_hang_on_another_are_told_without_asking() -> None:
    agency = a_member(an_agency()).agency
    members = list(agency.memberships.all())
    hang_on(agency, "memberships", members)
    with CaptureQueriesContext(connection) as sent:
        assert list(agency.memberships.all()) == members
    assert not sent.captured_queries


def test_a_value_that_the_sql_does_not_ask_for_is_refused() -> None:
    query = CompiledQuery(lambda **_user: Membership.objects.all(), user=UUID(int=1))
    with pytest.raises(ImproperlyConfigured, match="user"):
        query.rows(user=UUID(int=2))


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(query: CompiledQuery[Membership]) -> None:
    member = a_member(an_agency())
    query.rows(user=member.user_id, now=clock.now())
    found: list[Membership] = []

    def ask() -> None:
        found.extend(query.rows(user=member.user_id, now=clock.now()))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert [each.user_id for each in found] == [member.user_id]


def test_rows_are_added_as_django_adds_them() -> None:
    told = {"action": "x", "actor_kind": "system", "deed": AuditAction.READ, "time": clock.now()}
    rows = [
        AuditEntry(**told, object_ids=[UUID(int=1)], detail={"code": "語"}, agency_id=UUID(int=2)),
        AuditEntry(**told, address="2001:db8::1"),
    ]
    with CaptureQueriesContext(connection) as sent:
        CompiledInsert(AuditEntry).add(rows)
    assert len(sent) == 1
    fields = [each.attname for each in AuditEntry._meta.local_concrete_fields if each.column]
    fields.remove("written_at")  # the database's own
    for row in rows:
        stored = AuditEntry.objects.get(pk=row.pk)
        assert [getattr(stored, each) for each in fields] == [getattr(row, each) for each in fields]


def test_no_rows_ask_nothing() -> None:
    with CaptureQueriesContext(connection) as sent:
        CompiledInsert(AuditEntry).add([])
    assert len(sent) == 0
