"""Databases of our own: measurements do not meet each other's people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.db import connection
from psycopg import sql

#: The service's role fills and asks; what only an owner may do goes over this address.
OWNER = "DATABASE_OWNER_URL"


@contextmanager
def database_copy(name: str) -> Iterator[None]:
    """Work in a copy of the database of this process until the end of the block."""
    empty = str(connection.settings_dict["NAME"])
    copy = f"{empty}_{name}"
    connection.close()
    names = {"copy": sql.Identifier(copy), "empty": sql.Identifier(empty)}
    with _owner("postgres") as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {copy}").format(**names))
        owner.execute(sql.SQL("CREATE DATABASE {copy} TEMPLATE {empty}").format(**names))
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = empty


def address() -> str:
    """Return the address of the database that this process works in, for other processes."""
    given, name = urlsplit(os.environ["DATABASE_URL"]), connection.settings_dict["NAME"]
    # urlunsplit would drop the empty host of "postgresql://user:word@/name?host=/folder".
    return f"{given.scheme}://{given.netloc}/{name}?{given.query}"


def as_owner(*statements: str) -> None:
    """Run statements that the service's own role may not."""
    with _owner(str(connection.settings_dict["NAME"])) as owner:
        for each in statements:
            owner.execute(each)


def _owner(name: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(os.environ[OWNER], dbname=name, autocommit=True)
