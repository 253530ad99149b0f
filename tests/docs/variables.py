"""The settings, and the variables that anybody reads from the environment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from launch.environment import NAMES
from launch.paths import PROJECT
from tests.docs.pages import text_of
from tests.docs.source import assigned, calls
from tests.test_compose import REFERENCE, read_by


@cache
def settings() -> set[str]:
    return assigned("config/settings")


@cache
def variables() -> set[str]:
    """Return what anybody reads from the environment."""
    compose = REFERENCE.finditer(text_of(PROJECT / "docker-compose.yml"))
    return {
        "DJANGO_SETTINGS_MODULE",  # by Django itself
        *read_by("owner"),
        *(match["name"] for match in compose),
        *NAMES,
        *read_by_the_launcher(),
    }


def read_by_the_launcher() -> Iterator[str]:
    for name, call in calls("launch"):
        of = getattr(call.func, "value", None)
        asked = call.args[0] if call.args else None
        if (
            name == "get"
            and "environ" in ast.unparse(of or call.func)
            and isinstance(asked, ast.Constant)
        ):
            yield str(asked.value)
