"""A migration that would keep people waiting is found before it is released."""

from __future__ import annotations

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from launch.busy_tables import faults_of, released

INDEX = models.Index(fields=["name"], name="by_name")
FIELD = models.TextField(null=True)


def faults(*operations: Operation) -> list[str]:
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations)})
    return list(faults_of(kind("0001_some", "some")))


@pytest.mark.parametrize(
    ("operations", "said"),
    [
        ([migrations.AddField("a", "x", FIELD), migrations.AddField("b", "x", FIELD)], "a, b"),
        ([migrations.AddIndex("a", INDEX)], "AddIndexConcurrently"),
        ([AddIndexConcurrently("a", INDEX), migrations.AddField("a", "x", FIELD)], "twice"),
    ],
)
def test_what_keeps_people_waiting_is_said(operations: list[Operation], said: str) -> None:
    (fault,) = faults(*operations)

    assert said in fault


def test_what_gives_way_is_let_through() -> None:
    new = migrations.CreateModel("c", fields=[("id", models.BigAutoField(primary_key=True))])

    assert faults(AddIndexConcurrently("a", INDEX)) == []
    assert (
        faults(migrations.AddField("a", "x", FIELD), migrations.AlterField("a", "y", FIELD)) == []
    )
    assert faults(new, migrations.AddIndex("c", INDEX), migrations.AddField("a", "x", FIELD)) == []


def test_the_first_migrations_are_released() -> None:
    assert "agencies.0001_initial" in released()
