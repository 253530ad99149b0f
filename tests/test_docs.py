"""The pages say what the code does: tables, codes, settings, paths and names are held against it."""

from __future__ import annotations

import ast
import hashlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from inspect import getmembers, isclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import global_settings
from django.conf import settings as settings_of_django
from django.core.management import get_commands
from django.db.models import TextChoices
from django.utils.translation import override
from rest_framework import exceptions

import carenet.core.errors
from carenet.core.decisions import Denied
from carenet.core.errors import CarenetError, Conflict, Forbidden
from carenet.core.states import UNCHANGED, Back, Refusal
from carenet.referrals.escalation import ESCALATION_POLICIES, Start, Who
from carenet.referrals.policy import VERB_ABILITIES
from carenet.referrals.states import (
    ASKED_FROM,
    ENDINGS,
    HELD_FROM,
    OPEN,
    PROPOSED_FROM,
    TABLE,
    TURN,
    ReferralStatus,
    Side,
    Situation,
    Verb,
    before_work,
    resolve,
)
from carenet.reminders import registry as reminders
from carenet.reminders.api.health import PARTS
from carenet.reminders.channels import CHANNELS
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.rest import problems
from carenet.watchlists.states import LIST_MOVES
from carenet.watchover.escalation import DEFAULT_POLICIES as ALERT_POLICIES
from carenet.watchover.states import TABLE as WATCH_TABLE
from launch import diagrams
from launch.commands import INSTALLED
from launch.environment import NAMES
from launch.paths import PROJECT
from tests.access.addresses import addresses
from tests.test_compose import REFERENCE, is_environment, read_by

DOCS = PROJECT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    *(PROJECT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "SECURITY")),
]
every_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix()
)
#: What running it makes, and what an operator writes.
NOT_IN_THE_REPOSITORY = {".carenet/", ".carenet/demo.json", ".env", ".venv"}
#: Names in capitals that are neither ours nor Django's settings.
OF_OTHERS = {"ATOMIC_REQUESTS", "TYPE_CHECKING"}
SUFFIXES = (".py", ".md", ".toml", ".yml", ".yaml", ".json", ".sh", ".txt", ".po", ".csv")

FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
DOTTED = re.compile(r"(carenet|config|launch|tests)(\.\w+)+")
CAPITALS = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
CLASS = re.compile(r"([A-Z][a-z]\w+)(?:\.(\w+))?")

Table = list[dict[str, str]]


# Reading pages


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def tables(text: str) -> Iterator[Table]:
    """Return the tables of a text, each row by the heads of its columns."""
    for block in re.findall(r"(?:^ *\|.*\n)+", FENCE.sub("", text), re.MULTILINE):
        lines = [line.strip()[1:-1].split("|") for line in block.splitlines()]
        heads, _rule, *rows = [[cell.strip() for cell in line] for line in lines]
        yield [dict(zip(heads, row, strict=True)) for row in rows]


def table(page: str, *heads: str) -> Table:
    """Return the rows of the page's tables with these heads."""
    found = [each for each in tables(text_of(DOCS / page)) if tuple(each[0]) == heads]
    assert found, f"{page} has no table with the columns {heads}"
    return [row for each in found for row in each]


def names_in(cell: str) -> list[str]:
    return INLINE.findall(cell)


def names_on(page: Path) -> set[str]:
    """Return what stands in backticks on a page, outside of blocks of code."""
    return set(names_in(FENCE.sub("", text_of(page))))


# Reading code


@cache
def trees(*roots: str) -> list[ast.Module]:
    files = [file for root in roots for file in sorted((PROJECT / root).rglob("*.py"))]
    return [ast.parse(text_of(file)) for file in files]


def nodes(*roots: str) -> Iterator[ast.AST]:
    for tree in trees(*roots):
        yield from ast.walk(tree)


@cache
def calls(*roots: str) -> list[tuple[str, ast.Call]]:
    """Return the calls with the last part of the called name."""
    return [(called_name(node), node) for node in nodes(*roots) if isinstance(node, ast.Call)]


def called_name(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", "") or getattr(call.func, "id", ""))


@cache
def strings(*roots: str) -> set[str]:
    return {
        node.value
        for node in nodes(*roots)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@cache
def classes() -> dict[str, str]:
    """Return our classes: name → module."""
    return {
        node.name: file.relative_to(PROJECT).with_suffix("").as_posix().replace("/", ".")
        for root in ("carenet", "config", "launch")
        for file in sorted((PROJECT / root).rglob("*.py"))
        for node in ast.walk(ast.parse(text_of(file)))
        if isinstance(node, ast.ClassDef)
    }


def assigned(*roots: str) -> set[str]:
    """Return the names that are given a value anywhere."""
    return {
        target.id
        for node in nodes(*roots)
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


@cache
def all_strings(*roots: str) -> str:
    """Return all strings of the code in one, a line each."""
    return "\n".join(strings(*roots))


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads(text_of(PROJECT / "pyproject.toml"))


@cache
def layers(contract: int) -> list[set[str]]:
    """Return the layers of an import contract, from the top down."""
    found: list[str] = pyproject()["tool"]["importlinter"]["contracts"][contract]["layers"]
    return [set(re.findall(r"\w+", layer)) for layer in found]


# Paths, links, names


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


# docs/architecture.md


def test_the_rooms_are_those_of_the_import_contract() -> None:
    rooms = [names_in(row["room"])[0] for row in table("architecture.md", "room", "holds")]
    there = {each.stem for each in (PROJECT / "carenet").iterdir()}
    in_order = [room for layer in layers(0) for room in sorted(layer) if room in there]
    assert rooms == in_order


def test_the_furniture_is_that_of_the_import_contract() -> None:
    rows = [names_in(row["file"]) for row in table("architecture.md", "file", "holds")]
    assert [{name.removesuffix(".py").removesuffix("/") for name in row} for row in rows] == layers(
        1
    )


def test_every_registry_is_told_of() -> None:
    page = text_of(DOCS / "architecture.md")
    registries = (PROJECT / "carenet").glob("*/registry.py")
    assert all(each.relative_to(PROJECT).as_posix() in page for each in registries)


# docs/referrals.md


def test_the_transition_table_is_that_of_the_code() -> None:
    told: dict[Verb, dict[str, Any]] = {}
    for row in table("referrals.md", "verb", "from", "to", "who", "API", "needs"):
        verb = Verb(names_in(row["verb"])[0])
        line = told.setdefault(verb, {"sides": set(), "targets": {}})
        line["sides"] |= {Side(side) for side in row["who"].split(", ")}
        line["targets"] |= dict.fromkeys(sources_in(row["from"]), target_in(row["to"]))
    rows = {verb: {"sides": set(row.sides), "targets": row.targets} for verb, row in TABLE.items()}
    assert told == rows


def sources_in(cell: str) -> set[ReferralStatus]:
    named = {ReferralStatus(name) for name in names_in(cell)}
    return named | OPEN if "any open" in cell else named


def target_in(cell: str) -> ReferralStatus | Back:
    words = {
        "unchanged": UNCHANGED,
        "where it was asked from": ASKED_FROM,
        "where it was held from": HELD_FROM,
        "where it was proposed from": PROPOSED_FROM,
    }
    return words[cell] if cell in words else ReferralStatus(names_in(cell)[0])


def test_the_verbs_of_the_api_are_marked() -> None:
    rows = table("referrals.md", "verb", "from", "to", "who", "API", "needs")
    assert marked_verbs() == set(VERB_ABILITIES)
    assert {row["API"] for row in rows} == {"●", "–"}


def marked_verbs() -> set[Verb]:
    rows = table("referrals.md", "verb", "from", "to", "who", "API", "needs")
    return {Verb(names_in(row["verb"])[0]) for row in rows if row["API"] == "●"}


def test_the_table_says_which_verbs_do_not_lead_out_of_the_work() -> None:
    rows = table("referrals.md", "verb", "from", "to", "who", "API", "needs")
    told = {
        Verb(names_in(row["verb"])[0]) for row in rows if "before the work began" in row["needs"]
    }
    assert told == {verb for verb, row in TABLE.items() if row.guard is before_work}


def test_the_statuses_are_those_of_the_code() -> None:
    rows = table("referrals.md", "status", "日本語", "whose turn", "")
    statuses = [ReferralStatus(names_in(row["status"])[0]) for row in rows]
    turns = {status: row["whose turn"] for status, row in zip(statuses, rows, strict=True)}
    notes = {status: row[""] for status, row in zip(statuses, rows, strict=True)}
    with override("ja"):
        assert [row["日本語"] for row in rows] == [str(each.label) for each in ReferralStatus]
    assert statuses == list(ReferralStatus)
    assert turns == {status: TURN.get(status, "–") for status in ReferralStatus}
    assert {status for status, note in notes.items() if note.startswith("open")} == OPEN
    assert {status for status, note in notes.items() if note.endswith("an ending")} == ENDINGS


def test_the_verbs_of_information_are_told() -> None:
    line = re.search(
        r"`INFORMATION` knows only: (.*?)\.", text_of(DOCS / "referrals.md"), re.DOTALL
    )
    assert line
    assert {Verb(name) for name in names_in(line[1])} == {
        verb for verb, row in TABLE.items() if row.informs
    }


STEPS = ("step 0", "step 1", "step 2", "step 3")
WHO = {
    Who.PERSON: "person",
    Who.PERSON_ELSE_DESK: "person, else staff",
    Who.DESK: "staff",
    Who.MANAGERS: "managers",
    Who.ANYBODY: "anybody",
    Who.COORDINATORS: "coordinators",
}


def test_the_escalation_policies_are_documented() -> None:
    told: list[Any] = []
    for row in table("referrals.md", "kind", "stage", "while", "begins", *STEPS):
        kind, stage = names_in(row["kind"])[0], names_in(row["stage"])[0]
        statuses = {ReferralStatus(name) for name in names_in(row["while"])}
        steps = [row[step] for step in STEPS if row[step]]
        told.append((kind, stage, statuses, row["begins"] == "at once", steps))
    assert told == [
        (
            each.kind,
            each.stage,
            each.statuses,
            each.start is Start.AT_ONCE,
            [f"{step.tier.side}: {WHO[step.tier.who]}" for step in each.steps],
        )
        for each in ESCALATION_POLICIES
    ]


# docs/watchover.md


def test_the_moves_of_a_watch_are_told() -> None:
    rows = table("watchover.md", "verb", "from", "to")
    told = {
        names_in(row["verb"])[0]: dict.fromkeys(names_in(row["from"]), names_in(row["to"])[0])
        for row in rows
    }
    assert told.pop("propose") == {}
    assert told == {verb: move.targets for verb, move in WATCH_TABLE.items()}


def test_the_moves_of_a_list_entry_are_told() -> None:
    rows = table("watchover.md", "what is done", "from", "to")
    told = {
        names_in(row["what is done"])[0]: dict.fromkeys(
            names_in(row["from"]), names_in(row["to"])[0]
        )
        for row in rows
    }
    assert told == {verb: move.targets for verb, move in LIST_MOVES.items()}


def test_the_escalation_policies_of_alerts_are_documented() -> None:
    rows = table("watchover.md", "kind", *STEPS)
    told = {names_in(row["kind"])[0]: [row[step] for step in STEPS if row[step]] for row in rows}
    assert told == {
        kind: list(map(shown_step, each.steps)) for kind, each in ALERT_POLICIES.items()
    }
    page = text_of(DOCS / "watchover.md")
    for each in ALERT_POLICIES.values():
        assert f"again every {each.repeat_every.seconds // 60} minutes" in page


def shown_step(step: PolicyStep[Any]) -> str:
    minutes = step.after.seconds // 60
    when = f"after {minutes} min" if minutes else "at once"
    return f"`{step.tier}` {when}" + (", open hours" if step.hours is Hours.OFFICE else "")


# docs/reminders.md


def test_the_kinds_channels_and_parts_are_told() -> None:
    kinds = table("reminders.md", "kind", "written by", "ends with", "step 0", "then")
    assert {names_in(row["kind"])[0] for row in kinds} == set(reminders._kinds)
    marked = {names_in(row["kind"])[0] for row in kinds if "◇" in row["kind"]}
    assert marked == reminders.notices()
    channels = table("reminders.md", "channel", "takes a key", "waits for open days", "gives up")
    for row in channels:
        channel = CHANNELS[names_in(row["channel"])[0]]
        assert row["takes a key"].startswith("yes" if channel.keyed else "no")
        assert row["waits for open days"].startswith("yes" if channel.rings else "no")
        assert str(channel.gives_up_after or "never") in row["gives up"]
    assert len(channels) == len(CHANNELS)
    assert {*PARTS, *reminders.health_parts} <= names_on(DOCS / "reminders.md")


# docs/api.md


def test_the_addresses_are_those_of_the_urlconf() -> None:
    told: dict[str, set[str]] = {}
    for row in table("api.md", "address", "methods", "verbs", ""):
        address = names_in(row["address"])[0]
        if row["methods"]:
            told[address] = set(row["methods"].split(", "))
        verbs = names_in(row["verbs"])
        if verbs == ["docs/referrals.md"]:
            verbs = sorted(marked_verbs())
        told |= {f"{address}{verb}/": {"POST"} for verb in verbs}
    answered = {
        "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route): each.methods - {"OPTIONS"}
        for route, each in addresses().items()
        if not route.startswith("/")
    }
    assert told == answered


def test_the_problem_codes_are_those_of_the_code() -> None:
    told = {
        (names_in(row["code"])[0], int(status))
        for row in table("api.md", "code", "status", "when")
        for status in row["status"].split(", ")
    }
    assert told == {*domain_problems(), *other_problems(), *framework_problems()}


def domain_problems() -> Iterator[tuple[str, int]]:
    """Return what the domain's errors and the policies' denials say, each with its status."""
    errors = {
        name: each
        for name, each in getmembers(carenet.core.errors, isclass)
        if issubclass(each, CarenetError) and each is not CarenetError
    }
    statuses = {name: each.status for name, each in errors.items()} | {
        Denied.__name__: Forbidden.status,
        Refusal.__name__: Conflict.status,
    }
    yield from ((each.code, each.status) for each in errors.values())
    for name, call in calls("carenet"):
        for keyword in call.keywords:
            if (
                name in statuses
                and keyword.arg == "code"
                and isinstance(keyword.value, ast.Constant)
            ):
                yield str(keyword.value.value), statuses[name]


def other_problems() -> Iterator[tuple[str, int]]:
    """Return what is answered from outside the views, and by exceptions of our own."""
    for name, call in calls("carenet"):
        constants = [each.value for each in call.args if isinstance(each, ast.Constant)]
        if name == "problem_response" and len(constants) > 1:
            yield str(constants[1]), int(str(constants[0]))
    for _name, each in getmembers(problems, isclass):
        if issubclass(each, exceptions.APIException) and "default_code" in vars(each):
            yield str(each.default_code), int(each.status_code)


def framework_problems() -> Iterator[tuple[str, int]]:
    """Return what Django REST framework itself raises in a view, with these settings."""
    for each in (
        exceptions.ParseError,
        exceptions.NotAuthenticated,
        exceptions.MethodNotAllowed,
        exceptions.NotAcceptable,
        exceptions.UnsupportedMediaType,
        exceptions.Throttled,
    ):
        yield str(each.default_code), each.status_code


# docs/operations.md


def environment_table() -> dict[str, str]:
    rows = table("operations.md", "variable", "default", "meaning")
    return {names_in(row["variable"])[0]: row["default"] for row in rows}


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


# docs/domain.md


def code_lists() -> list[tuple[str, Table]]:
    page = text_of(DOCS / "domain.md")
    found = re.findall(r"^`([\w.]+)`\n\n((?:\|.*\n)+)", page, re.MULTILINE)
    return [(path, next(tables(block))) for path, block in found]


@pytest.mark.parametrize(("path", "rows"), code_lists(), ids=[path for path, _ in code_lists()])
def test_a_code_list_is_that_of_the_code(path: str, rows: Table) -> None:
    codes: type[TextChoices] = pkgutil.resolve_name(path)
    meant = []
    for code in codes:
        said = []
        for language in ("ja", "en"):
            with override(language):
                said.append(str(code.label))
        meant.append([*said, f"`{code.value}`"])
    assert [list(row.values()) for row in rows] == meant


# docs/states.md, docs/data-model.md


def test_the_diagrams_are_those_of_the_code() -> None:
    drawn = diagrams.diagrams()
    pages = [text_of(DOCS / name) for name in diagrams.PAGES]
    assert pages == [diagrams.fill(page, drawn) for page in pages], "python3 run.py diagrams"
    places = [found["name"] for page in pages for found in diagrams.PLACE.finditer(page)]
    assert sorted(places) == sorted(drawn)


def test_every_arrow_of_a_referral_is_one_that_the_table_knows() -> None:
    moves = [move for name in diagrams.REFERRAL for move in diagrams.MACHINES[name]()]
    assert {move.verb for move in moves} == set(Verb)
    for move in moves:
        target = ReferralStatus(move.target)
        now = Situation(
            ReferralStatus(move.source),
            pool=True,
            withdrawal_requested=True,
            asked_from=target,
            held_from=target,
            proposed_from=target,
        )
        verb = Verb(move.verb)
        assert target in {resolve(verb, side, now) for side in TABLE[verb].sides}, move


# docs/glossary.md, docs/README.md


def test_every_table_of_the_database_has_its_line_in_the_glossary() -> None:
    lines = list(table("glossary.md", "term", "日本語", "in one line"))
    terms = [name for row in lines for name in names_in(row["term"])]
    models = {
        model.__name__
        for app in apps.get_app_configs()
        if app.name.startswith("carenet.")
        for model in app.get_models()
    }
    assert not models - set(terms)
    assert len(terms) == len(set(terms))
    assert all(row["日本語"] and row["in one line"] for row in lines)


def test_every_page_stands_in_the_index() -> None:
    listed = set(LINK.findall(text_of(DOCS / "README.md")))
    assert {page.name for page in DOCS.glob("*.md")} - {"README.md"} == listed - {"adr/README.md"}


# LICENSE, docs/adr/, .pre-commit-config.yaml


def test_the_licence_is_the_whole_text_of_apache_2() -> None:
    digest = hashlib.sha256((PROJECT / "LICENSE").read_bytes()).hexdigest()
    assert digest == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert pyproject()["project"]["license"] == "Apache-2.0"


def test_the_release_is_the_same_everywhere() -> None:
    version = pyproject()["project"]["version"]
    assert settings_of_django.SPECTACULAR_SETTINGS["VERSION"] == version
    cut = re.findall(r"^## \[([\d.]+)\]", text_of(PROJECT / "CHANGELOG.md"), re.MULTILINE)
    assert cut[0] == version


def test_the_decisions_are_numbered_listed_and_of_one_form() -> None:
    pages = sorted(page for page in (DOCS / "adr").glob("*.md") if page.name != "README.md")
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    assert LINK.findall(text_of(DOCS / "adr" / "README.md")) == [page.name for page in pages]
    for page in pages:
        assert re.findall(r"^\*\*(\w+)\.\*\*", text_of(page), re.MULTILINE) == [
            "Context", "Decision", "Consequences",
        ]  # fmt: skip


def test_commits_are_checked_without_a_download() -> None:
    repos = yaml.safe_load(text_of(PROJECT / ".pre-commit-config.yaml"))["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    assert all(".venv/bin/python" in hook["entry"] for hook in repos[0]["hooks"])
