"""PostgreSQL as Django speaks to it, with a limit on every wait: `ENGINE = "carenet.rest.postgres"`.

A server that is gone refuses at once. One that hangs says nothing at all, and libpq would wait for
ever on a Unix socket, two seconds at least on any other. A statement that takes its time is no sign
of it: whoever has waited for `patience` seconds asks over a second connection whether anybody is
there, and goes on waiting if so. The limits are `OPTIONS["limits"]` of the database, in seconds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from functools import cache
from threading import Lock
from types import TracebackType
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property
from psycopg import IsolationLevel
from psycopg.errors import ConnectionTimeout

from carenet.rest.outage import Outage

#: The server gets so long before somebody tries it again.
LEFT_ALONE_SECONDS = 1.0
CONNECT_SECONDS = 0.8
PATIENCE_SECONDS = 0.5
#: As many statements as the server keeps planned for a connection.
MOST_PREPARED = 40

_outage = Outage(LEFT_ALONE_SECONDS)
_asking = Lock()


class Watched(psycopg.Connection[Any]):
    """A connection that never waits for a server that is not there."""

    connect_seconds: float
    patience: float
    parameters: dict[str, Any] | None = None

    @classmethod
    def reach(cls, parameters: dict[str, Any]) -> Watched:
        """Connect within the limit; raises `OperationalError`, at once while the server is missed."""
        if not _outage.may_try():
            raise psycopg.OperationalError("The database did not answer a moment ago.")
        try:
            connection = cls.connect(**parameters)
        except ConnectionTimeout:
            _outage.begins()
            raise
        except psycopg.Error:
            _outage.ends()  # it said no, or nobody is there to say anything: no wait either way
            raise
        _outage.ends()
        connection.parameters = parameters
        return connection

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Any:
        return _within(super()._connect_gen(conninfo), cls.connect_seconds)

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        return super().wait(self._patient(gen), *args, **kwargs)

    def _patient(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """Pass the waiting on; while nothing comes, look now and then whether anybody is there."""
        look_at = time.monotonic() + self.patience
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() > look_at:
                    if not self._somebody_there():
                        gen.close()
                        self.close()
                        raise psycopg.OperationalError("The database does not answer.")
                    look_at = time.monotonic() + self.patience
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _somebody_there(self) -> bool:
        if _outage.lasts():
            return False
        if self.parameters is None or not _asking.acquire(blocking=False):
            return True  # nobody knows yet: another thread is asking
        try:
            type(self).connect(**self.parameters).close()
        except ConnectionTimeout:
            _outage.begins()
            return False
        except psycopg.Error:
            return True  # it answers; what it thinks of this statement will come
        finally:
            _asking.release()
        return True


class Prepared(psycopg.RawCursor[Any]):
    """A cursor whose statements the server keeps, planned, for its connection."""

    def execute(self, query: Any, params: Any = None, **_kwargs: Any) -> Any:
        return super().execute(query, params, prepare=True)


@cache
def watched(connect_seconds: float, patience: float) -> type[Watched]:
    """Return the kind of connection that has these limits."""
    limits = {"connect_seconds": connect_seconds, "patience": patience}
    return type("Watched", (Watched,), limits)


def _within(gen: Generator[Any, Any, Any], seconds: float) -> Generator[Any, Any, Any]:
    """Pass the waiting on for so long; raises `ConnectionTimeout` after it."""
    end = time.monotonic() + seconds
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > end:
                gen.close()
                raise ConnectionTimeout("The database does not answer.")
            wanted = gen.send(ready)
    except StopIteration as done:
        return done.value


#: The first line of the context names the trigger that has refused; what follows may hold values.
_FUNCTION = re.compile(r"\APL/pgSQL function (\w+)")


class Discreet(DatabaseErrorWrapper):
    """Django's translation of errors, without what PostgreSQL quotes of a row: errors are logged."""

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(exc_value, psycopg.Error) and exc_value.diag.message_primary:
            exc_value.args = (_message(exc_value),)
        super().__exit__(exc_type, exc_value, traceback)


def _message(error: psycopg.Error) -> str:
    """Return what happened, to which column or constraint or by which rule, and no value."""
    diag = error.diag
    # "invalid input syntax for type date: …" and its like say what was typed.
    words = diag.message_primary if not (diag.sqlstate or "").startswith("22") else ""
    place = ".".join(filter(None, (diag.table_name, diag.column_name or diag.constraint_name)))
    rule = _FUNCTION.search(diag.context or "")
    return " ".join(filter(None, (diag.sqlstate, place, words, rule and rule[1])))


class Operations(DatabaseOperations):
    """Django's own; of a prepared statement it tells the text, without values."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        if isinstance(cursor, Prepared):
            return str(sql)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, over connections that are watched; its errors quote nothing.

    `acting` is who acts as the server was told for this transaction; None where it has to be told anew,
    for what was set is gone with the transaction, or may be with a savepoint.
    """

    ops_class = Operations
    acting: str | None = None

    def connect(self) -> None:
        self.acting = None
        super().connect()

    def commit(self) -> None:
        super().commit()
        self.acting = None

    def rollback(self) -> None:
        super().rollback()
        self.acting = None

    def savepoint_rollback(self, sid: str) -> None:
        super().savepoint_rollback(sid)
        self.acting = None

    def prepared_cursor(self) -> Any:
        """Return a cursor for texts that are asked again and again: the server plans each once.

        They have their values as `$1`, and are sent apart from them. (docs/adr/0045)
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(Prepared(self.connection))  # type: ignore[attr-defined]

    @cached_property
    def wrap_database_errors(self) -> Discreet:
        return Discreet(self)

    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        parameters.pop("limits", None)
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        limits = self.settings_dict["OPTIONS"].get("limits", {})
        self.isolation_level = IsolationLevel.READ_COMMITTED
        kind = watched(
            limits.get("connect", CONNECT_SECONDS), limits.get("patience", PATIENCE_SECONDS)
        )
        connection = kind.reach(conn_params)
        # Django's own statements are none of them: they have their values in the text.
        most = limits.get("prepared", MOST_PREPARED)
        connection.prepare_threshold = 1 if most else None
        connection.prepared_max = most
        return connection
