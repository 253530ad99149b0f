"""`migrate` in working hours: it gives way to whoever uses a table, and tries again."""

from __future__ import annotations

from contextlib import closing
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.state import ModelState, ProjectState

from carenet.rest.management.commands import migrate
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


def two_models() -> ProjectState:
    """Return a state with a table that refers to another one."""
    key = ("id", models.AutoField(primary_key=True))
    to = ("to", models.ForeignKey("agencies.Other", models.CASCADE))
    state = ProjectState()
    state.add_model(ModelState("agencies", "Other", [key]))
    state.add_model(ModelState("agencies", "One", [key, to]))
    return state


def rendered_by_a_change(state: ProjectState) -> set[str]:
    """Return which models are made anew when the one that others refer to is changed."""
    names = ("Other", "One")
    before = {name: state.apps.get_model("agencies", name) for name in names}
    state.add_field("agencies", "other", "number", models.IntegerField(null=True), True)
    return {name for name in names if state.apps.get_model("agencies", name) is not before[name]}


def test_in_an_empty_database_a_change_renders_one_model() -> None:
    with migrate.models_rendered_alone():
        assert rendered_by_a_change(two_models()) == {"Other"}
    assert rendered_by_a_change(two_models()) == {"Other", "One"}


@pytest.mark.django_db(transaction=True)
def test_in_one_that_is_in_use_django_has_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError

    monkeypatch.setattr(migrate, "models_rendered_alone", refuse)
    with as_owner():
        call_command("migrate", interactive=False, stdout=StringIO())
