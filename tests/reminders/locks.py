"""Somebody else who is busy: a second session of the database that holds a lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg import sql


@contextmanager
def held_elsewhere(row: Model) -> Iterator[None]:
    """Keep a committed row locked, as a sweep does that works on it."""
    query = sql.SQL("SELECT 1 FROM {} WHERE id = %s FOR UPDATE")
    with other_session() as other:
        other.execute(query.format(sql.Identifier(row._meta.db_table)), [row.pk])
        yield


@contextmanager
def nobody_writes_to(model: type[Model]) -> Iterator[None]:
    """Keep every writer waiting in the middle of its INSERT."""
    table = sql.Identifier(model._meta.db_table)
    with other_session() as other:
        other.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(table))
        yield


def somebody_waits_to_write_to(model: type[Model]) -> bool:
    """Whether a writer waits in the middle of its INSERT by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass",
            [model._meta.db_table],
        )
        return bool(cursor.fetchone() != (0,))


@contextmanager
def other_session() -> Iterator[psycopg.Connection]:
    with psycopg.connect(**connection.get_connection_params()) as other, other.transaction():
        yield other
