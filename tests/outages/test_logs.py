"""Nothing that somebody typed stands in a log, whatever went wrong with it."""

from __future__ import annotations

from contextlib import closing, suppress

import psycopg
import pytest
import yaml
from django.db import DatabaseError, connection, transaction

from launch.paths import PROJECT
from launch.postgres import ALWAYS
from tests.outages.installation import Installation

NAME = "山田花子"
WRONG = {
    "a key that is taken": "INSERT INTO people VALUES (1, %(name)s, 1), (1, %(name)s, 1)",
    "a value that breaks a rule": "INSERT INTO people VALUES (2, %(name)s, -1)",
    "a value of another kind": "INSERT INTO people VALUES (3, '', %(name)s::int)",
    "a rule that a trigger knows": "DO $$ BEGIN RAISE 'no' USING DETAIL = '山田花子'; END $$",
    "nothing where something must be": "INSERT INTO people VALUES (NULL, %(name)s, 1)",
    "a statement that nobody understands": "SELEC %(name)s",
}
TABLE = "CREATE TEMPORARY TABLE people (id int PRIMARY KEY, name text, years int CHECK (years > 0))"


def test_the_log_of_the_database_names_nobody(service: Installation) -> None:
    url = service.servers.environment["DATABASE_OWNER_URL"]
    with closing(
        psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor)
    ) as asked:
        asked.execute(TABLE)
        for wrong in WRONG.values():
            with pytest.raises(psycopg.Error):
                asked.execute(wrong, {"name": NAME})
        # It does write down what happens to itself.
        with suppress(psycopg.Error):
            asked.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    log = service.child("PostgreSQL").service.log.read_text(encoding="utf-8")
    assert "terminating connection" in log
    assert NAME not in log
    assert "people" not in log


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_an_error_that_is_logged_quotes_no_row(wrong: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            cursor.execute(wrong, {"name": NAME} if "%(name)s" in wrong else None)

    assert NAME not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_an_installation_sets_what_the_launcher_sets() -> None:
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    command = yaml.safe_load(text)["services"]["postgres"]["command"]

    said = {
        setting for setting in ALWAYS if setting.startswith("log_") and "timezone" not in setting
    }
    assert said <= {argument.removeprefix("--") for argument in command}
