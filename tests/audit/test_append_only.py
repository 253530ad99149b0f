"""The application's database role adds to the trail and reads it; nothing else, by no way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from carenet.audit.models import AuditEntry
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
    "DROP TRIGGER audit_entry_stamp ON audit_entry",
    "ALTER FUNCTION audit_entry_stamp() OWNER TO CURRENT_USER",
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


def test_a_row_that_is_dated_back_stands_out() -> None:
    back = datetime(2026, 1, 1, tzinfo=UTC)
    row = AuditEntry.objects.create(
        deed="write", action="case.close", actor_kind="system", time=back, written_at=back
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT time = %s, written_at >= now() FROM audit_entry WHERE id = %s", [back, row.id]
        )
        assert cursor.fetchone() == (True, True)


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
