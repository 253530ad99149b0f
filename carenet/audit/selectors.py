"""What can be asked of the trail's table itself."""

from __future__ import annotations

from django.db import connection

CHANGES = ("UPDATE", "DELETE", "TRUNCATE")


def only_grows() -> bool:
    """Whether the role that the service runs as can do no more to the trail than add and read.

    False means a misconfigured installation: it runs as the tables' owner (docs/operations.md).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_table_privilege('audit_entry', privilege))"
            " FROM unnest(%s::text[]) AS privilege",
            [list(CHANGES)],
        )
        row = cursor.fetchone()
    return bool(row == (False,))
