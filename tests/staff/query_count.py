"""What a page asks of the database."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries(client: Client, path: str) -> list[str]:
    """Return what a page asks once its session is in use; savepoints ask nothing."""
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as every:
        client.get(path)
    return [query["sql"] for query in every if "SAVEPOINT" not in query["sql"]]
