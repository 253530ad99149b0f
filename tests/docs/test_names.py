"""Every path, link, name and command that a page names is there."""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import global_settings
from django.core.management import get_commands

from launch.commands import INSTALLED
from launch.paths import PROJECT
from tests.docs.pages import LINK, every_page, names_on, text_of
from tests.docs.source import all_strings, assigned, classes, layers, strings
from tests.docs.variables import settings, variables

#: What running it makes, and what an operator writes.
NOT_IN_THE_REPOSITORY = {".carenet/", ".carenet/demo.json", ".env", ".venv"}
#: Names in capitals that are neither ours nor Django's settings.
OF_OTHERS = {"ATOMIC_REQUESTS", "TYPE_CHECKING"}
SUFFIXES = (".py", ".md", ".toml", ".yml", ".yaml", ".json", ".sh", ".txt", ".po", ".csv")
DOTTED = re.compile(r"(carenet|config|launch|tests)(\.\w+)+")
CAPITALS = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
CLASS = re.compile(r"([A-Z][a-z]\w+)(?:\.(\w+))?")


@every_page
def test_every_path_exists(page: Path) -> None:
    looked_for = {name for name in names_on(page) if looks_like_a_path(name)}
    missing = {name for name in looked_for - NOT_IN_THE_REPOSITORY if not path_exists(name, page)}
    assert not missing


def looks_like_a_path(name: str) -> bool:
    if re.search(r"[\s{}…<>*=:]", name) or name.startswith(("/", "application/")):
        return False
    first = name.split("/", maxsplit=1)[0]
    return name.endswith(SUFFIXES) or first in top_level() or bool(re.fullmatch(r"\w+/", name))


@cache
def top_level() -> set[str]:
    return {each.name for each in PROJECT.iterdir()}


@cache
def ends_of_paths() -> set[str]:
    """Return how every path below `carenet/` ends: with its name, with its folder before it, …"""
    rooms = PROJECT / "carenet"
    parts = [each.relative_to(rooms).parts for each in rooms.rglob("*")]
    return {"/".join(each[start:]) for each in parts for start in range(len(each))}


def path_exists(name: str, page: Path) -> bool:
    """Whether it is there: from the root, from the page, or as part of a room."""
    stem = name.removesuffix("/").removesuffix(".py")
    return (
        (PROJECT / name).exists()
        or (page.parent / name).exists()
        or name.removesuffix("/") in ends_of_paths()
        or any(stem in layer for layer in layers(1))
    )


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(text_of(page)) if "://" not in link]
    assert [link for link in links if not (page.parent / link.split("#")[0]).exists()] == []


@every_page
def test_every_dotted_name_exists(page: Path) -> None:
    names = {name for name in names_on(page) if DOTTED.fullmatch(name)}
    unknown = {name for name in names if not leads_to_something(name)}
    assert not {name for name in unknown if name not in all_strings("carenet", "config")}


def leads_to_something(name: str) -> bool:
    """Whether it is a module, or something in one; a module of settings is not imported."""
    try:
        if find_spec(name):
            return True
    except ModuleNotFoundError:
        pass  # its parent is a module: it may be a name in there
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


@every_page
def test_every_class_exists_and_has_what_is_said_of_it(page: Path) -> None:
    found = (CLASS.fullmatch(name) for name in names_on(page))
    said = {(match[1], match[2]) for match in found if match}
    unknown = {name for name, _ in said} - classes().keys()
    assert not unknown
    assert not {(name, part) for name, part in said if part and not has(name, part)}


def has(name: str, part: str) -> bool:
    found = getattr(import_module(classes()[name]), name)
    return hasattr(found, part) or part in getattr(found, "__annotations__", {})


@every_page
def test_every_name_in_capitals_is_a_setting_a_variable_or_a_code(page: Path) -> None:
    names = {name for name in names_on(page) if CAPITALS.fullmatch(name)}
    assert (
        not names - settings() - variables() - in_the_code() - set(dir(global_settings)) - OF_OTHERS
    )


@cache
def in_the_code() -> set[str]:
    return assigned("carenet") | strings("carenet", "config")


@every_page
def test_every_command_exists(page: Path) -> None:
    text = text_of(page)
    assert set(re.findall(r"run\.py ([a-z]+)", text)) <= {*INSTALLED, "lock", "clean"}
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= set(get_commands())
