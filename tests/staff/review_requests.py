"""Reading and posting of the review's pages with Django's client, and what they may cost."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from tests.staff.browser import session_of

MOST_QUERIES = 12
#: What the frame of a transaction asks, whatever the page.
FRAME = ("SAVEPOINT", "RELEASE", "ROLLBACK", "INSERT", "UPDATE", "SELECT set_config")


def as_(actor: Actor, **headers: str) -> Client:
    """Return a client that is signed in as the actor and reads English."""
    client = Client(headers={"Accept-Language": "en", **headers})
    client.cookies["sessionid"] = session_of(actor)
    return client


def read(actor: Actor, path: str) -> str:
    """Return a page that is there."""
    answer = as_(actor).get(path)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def post(actor: Actor, path: str, htmx: bool = False, **data: Any) -> Any:
    """Post a form, by htmx or as a whole page."""
    headers = {"HX-Request": "true"} if htmx else {}
    return as_(actor, **headers).post(path, data)


def assert_few(actor: Actor, path: str) -> None:
    """Hold a page to as many queries as the service allows."""
    client = as_(actor)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    queries = [each["sql"] for each in asked.captured_queries]
    reads = [sql for sql in queries if not sql.startswith(FRAME)]
    assert len(reads) <= MOST_QUERIES, "\n".join(sql[:150] for sql in reads)
