"""`migrate` in working hours: it gives way to whoever uses a table, and tries again."""

from __future__ import annotations

from contextlib import closing
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from tests.conftest import as_owner


class Heard(StringIO):
    """What the command says; the first time it gives way, the others are done with the table."""

    def __init__(self, others: psycopg.Connection[Any]) -> None:
        super().__init__()
        self.others = others

    def write(self, text: str) -> int:
        if "trying again" in text:
            self.others.rollback()
        return super().write(text)


@pytest.mark.django_db(transaction=True)
def test_it_gives_way_to_whoever_uses_a_table_and_tries_again() -> None:
    with as_owner():
        parameters = connection.get_connection_params()
        with closing(psycopg.connect(**parameters)) as others:
            others.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
            said = Heard(others)

            call_command("migrate", interactive=False, stdout=said)

    assert said.getvalue().count("A table is busy; trying again") == 1
    assert "No migrations to apply." in said.getvalue()
