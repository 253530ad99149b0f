"""What a migration may do to tables that people use meanwhile; `launch.migration_lint` asks.

Each migration is a transaction and keeps its locks to the end: one that changes two tables may wait
for the second while it keeps others from the first. An index that is not made concurrently keeps
everybody from writing. Those in `released_migrations.txt` came before these rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db.migrations import Migration
from django.db.migrations.operations import AddIndex, CreateModel, RemoveIndex

RELEASED = Path(__file__).with_name("released_migrations.txt")
BESIDE = (AddIndexConcurrently, RemoveIndexConcurrently)


def released() -> frozenset[str]:
    """Name the migrations that are in use and are not changed any more, as `app.name`."""
    return frozenset(RELEASED.read_text(encoding="utf-8").split())


def faults_of(migration: Migration) -> Iterator[str]:
    """Yield in words what would keep people waiting."""
    made = {each.name.lower() for each in migration.operations if isinstance(each, CreateModel)}
    touched = sorted({table for each in migration.operations if (table := _table(each))} - made)
    if len(touched) > 1:
        yield f"changes {', '.join(touched)}: one table in use at a time, please"
    for each in migration.operations:
        if _table(each) in made:
            continue
        if isinstance(each, (AddIndex, RemoveIndex)) and not isinstance(each, BESIDE):
            yield f"makes or drops an index of {_table(each)} while nobody can write: {_instead(each)}"
    beside = [each for each in migration.operations if isinstance(each, BESIDE)]
    if beside and len(migration.operations) > 1:
        yield "does something besides its index: tried again, it would do that twice"


def _table(operation: Any) -> str:
    return str(getattr(operation, "model_name", "") or "").lower()


def _instead(operation: AddIndex | RemoveIndex) -> str:
    return f"{type(operation).__name__}Concurrently, with atomic = False"
