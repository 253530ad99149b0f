"""`manage.py migrate` in working hours: it gives way to requests, and tries again.

A migration that waits for a table keeps everybody behind it waiting, and two that wait for each other
are a deadlock. So each waits for half a second only, less than PostgreSQL takes to look for a deadlock;
what was done of it is undone, requests pass, and it begins anew. Those before it stay.

An empty database keeps nobody waiting, and has the short way (`models_rendered_alone`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from carenet.rest.problems import TRY_AGAIN

LOCK_TIMEOUT = "500ms"
TRIES = 60
LONGEST_PAUSE = 5.0
#: The method of Django that says which models are rendered after an operation.
_FINDS = "_find_reload_model"
# Left behind by an index that was being made beside the work, and was not finished.
_UNFINISHED = """
    SELECT quote_ident(nspname) || '.' || quote_ident(relname)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE NOT indisvalid AND relkind = 'i' AND nspname = current_schema()
"""


class Command(migrate.Command):
    """Django's own, with a limit on how long it keeps others waiting."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise `OperationalError` when the tables were busy at each of `TRIES` tries."""
        connection = connections[options["database"]]
        for number in range(1, TRIES + 1):
            _give_way(connection)
            try:
                with models_rendered_alone() if _is_empty(connection) else nullcontext():
                    super().handle(*args, **options)
            except OperationalError as error:
                state = getattr(error.__cause__, "sqlstate", "")
                if state not in TRY_AGAIN or number == TRIES or connection.in_atomic_block:
                    raise
            else:
                return
            pause = min(0.2 * number, LONGEST_PAUSE)
            self.stdout.write(f"A table is busy; trying again in {pause:.1f} s.")
            time.sleep(pause)


def _is_empty(connection: BaseDatabaseWrapper) -> bool:
    return not MigrationRecorder(connection).applied_migrations()


@contextmanager
def models_rendered_alone() -> Iterator[None]:
    """Let each operation render the model that it changes, and none that leads to it.

    Django renders all models that hang together after each operation: nine tenths of what it costs to
    migrate an empty database. Of the other models an operation reads table and key, which do not change;
    where code asks for models (`RunPython`), all are rendered anew. That the schema is the same in the
    end is compared by `run.py upgrade`.
    """
    of_django = getattr(ProjectState, _FINDS)

    def find_reload_model(
        state: ProjectState, app_label: str, model_name: str, delay: bool = False
    ) -> set[tuple[str, str]]:
        del delay
        state.is_delayed = True
        return {(app_label, model_name)}

    setattr(ProjectState, _FINDS, find_reload_model)
    try:
        yield
    finally:
        setattr(ProjectState, _FINDS, of_django)


def _give_way(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        # What rewrites or checks a large table takes its time.
        cursor.execute("SELECT set_config('statement_timeout', '0', false)")
        if connection.in_atomic_block:
            return
        cursor.execute(_UNFINISHED)
        for (index,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
