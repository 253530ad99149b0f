"""`docs/operations.md`: variables and their defaults."""

from __future__ import annotations

import ast

from tests.docs.pages import names_in, table
from tests.docs.source import calls
from tests.docs.variables import variables
from tests.test_compose import is_environment, read_by


def environment_table() -> dict[str, str]:
    rows = table("operations.md", "variable", "default", "meaning")
    return {names_in(row["variable"])[0]: row["default"] for row in rows}


def test_the_variables_are_those_that_are_read() -> None:
    assert set(environment_table()) == variables()


def test_the_variables_have_the_defaults_of_the_settings() -> None:
    told = environment_table()
    required = {name for name, needed in read_by("owner").items() if needed}
    assert {name for name in read_by("owner") if told[name] == "required"} == required
    for name, default in defaults().items():
        if name not in required:
            assert told[name] == shown(default), name


def defaults() -> dict[str, object]:
    """Return the defaults of the variables of the settings, as far as they are plain values."""
    found: dict[str, object] = {}
    for _name, call in calls("config/settings"):
        for keyword in call.keywords:
            if is_environment(call.func) and keyword.arg == "default" and _is_plain(keyword.value):
                found[ast.literal_eval(call.args[0])] = ast.literal_eval(keyword.value)
    return found


def _is_plain(value: ast.expr) -> bool:
    return isinstance(value, (ast.Constant, ast.List))


def shown(default: object) -> str:
    if default in ([], ""):
        return "empty"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_the_settings_of_referrals_have_the_same_defaults_on_their_page() -> None:
    rows = table("referrals.md", "setting", "default", "meaning")
    told = {names_in(row["setting"])[0]: float(row["default"]) for row in rows}
    meant = {name: each for name, each in defaults().items() if name.startswith("REFERRAL_")}
    assert told == meant
