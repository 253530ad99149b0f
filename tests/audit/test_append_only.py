"""The application's database role adds to the trail and reads it; nothing else, by no way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from carenet.audit.models import AuditEntry
from tests.world import a_member

if TYPE_CHECKING:
    from collections.abc import Callable

    from carenet.agencies.actors import Actor
    from carenet.cases.models import Case

pytestmark = pytest.mark.django_db

FORBIDDEN = [
    "UPDATE audit_entry SET action = 'nothing'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "DROP TABLE audit_entry",
    "ALTER TABLE audit_entry ADD COLUMN note text",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "ALTER TABLE audit_entry OWNER TO CURRENT_USER",
    "DROP TRIGGER audit_entry_check ON audit_entry",
    "ALTER FUNCTION audit_entry_check() OWNER TO CURRENT_USER",
    "CREATE TRIGGER forget BEFORE INSERT ON audit_entry EXECUTE FUNCTION pg_catalog.now()",
    "CREATE RULE forget AS ON INSERT TO audit_entry DO INSTEAD NOTHING",
    "LOCK TABLE audit_entry IN ACCESS EXCLUSIVE MODE",
    "INSERT INTO audit_entry SELECT * FROM audit_entry ON CONFLICT (time, id) DO UPDATE SET action = ''",
    "MERGE INTO audit_entry USING audit_entry AS old ON false WHEN MATCHED THEN DELETE",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_the_role_may_not(case: Case, sql: str) -> None:  # noqa: ARG001 - it left entries
    with (
        pytest.raises(ProgrammingError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.delete(),
        lambda entry: entry.save(force_update=True),
        lambda _entry: AuditEntry.objects.all().delete(),
        lambda _entry: AuditEntry.objects.update(action=""),
    ],
)
def test_no_code_can(case: Case, change: Callable[[AuditEntry], object]) -> None:
    entry = AuditEntry.objects.get(object_ids=[case.pk])
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        change(entry)


def a_row(worker: Actor, **other: Any) -> AuditEntry:
    told = {
        "deed": "write", "action": "case.close", "time": datetime(2026, 1, 1, tzinfo=UTC),
        "actor_kind": "user", "actor_id": str(worker.user_id), "agency_id": worker.agency_id,
    } | other  # fmt: skip
    return AuditEntry.objects.create(**told)


def test_the_time_is_the_databases(staff: Actor) -> None:
    entry = AuditEntry.objects.get(id=a_row(staff).id)
    assert entry.time > datetime(2026, 1, 2, tzinfo=UTC)


def test_nobody_writes_for_an_agency_that_is_not_theirs(staff: Actor, outsider: Actor) -> None:
    with pytest.raises(ProgrammingError, match="somebody else"), transaction.atomic():
        a_row(staff, agency_id=outsider.agency_id)


def test_who_is_named_writes_for_nobody_else(staff: Actor) -> None:
    colleague = a_member(staff.agency)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('carenet.actor', %s, true), set_config('carenet.agency', %s, true)",
            [f"user:{staff.user_id}", str(staff.agency_id)],
        )
    a_row(staff)
    with pytest.raises(ProgrammingError, match="somebody else"), transaction.atomic():
        a_row(colleague)


def test_the_suite_runs_as_that_role(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user = tableowner, has_table_privilege('audit_entry', 'INSERT, SELECT')"
            " FROM pg_tables WHERE tablename = 'audit_entry'"
        )
        assert cursor.fetchone() == (False, True)
    assert AuditEntry.objects.filter(object_ids=[case.pk]).exists()


def test_the_role_is_no_superuser_and_nobody_elses_member() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolbypassrls,"
            " EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
