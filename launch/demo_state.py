"""Remembers, in the demo's database itself, for which code it was prepared.

Migrating and loading take seconds even when there is nothing to do. The mark is a comment on the
database: it comes and goes with the data, which a file beside it would not.
"""

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

from launch.paths import PROJECT

# What decides how the database has to look.
SOURCES = ("carenet", "config", "requirements/demo.txt")


def fingerprint(project: Path = PROJECT) -> str:
    """Digest the names and contents of all code; a changed byte gives another one."""
    digest = hashlib.sha256()
    for source in SOURCES:
        place = project / source
        files = [place] if place.is_file() else sorted(place.rglob("*.py"))
        for file in files:
            digest.update(f"{file.relative_to(project)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return f"carenet {digest.hexdigest()}"


def is_prepared(owner_url: str, mark: str) -> bool:
    """Whether the database carries the mark."""
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    return row == (mark,)


def note_prepared(owner_url: str, mark: str) -> None:
    """Put the mark on the database, in place of the one it had."""
    with psycopg.connect(owner_url) as connection:
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        name = sql.Identifier(connection.info.dbname)
        connection.execute(statement.format(name, sql.Literal(mark)))
