"""Diagrams of states and data model, and the lists of codes, drawn from the code: `run.py diagrams`.

A page says where each belongs: `<!-- diagram: NAME -->`, with the diagram below it; the name of a
class of codes in a line of its own, with the list below it.
"""

import os
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db.models import Field, Model, TextChoices
from django.utils.translation import override

from carenet.abuse.states import ABUSE_MOVES
from carenet.cases.states import GOAL_MOVES, MOVES, PLAN_MOVES
from carenet.core.states import UNCHANGED, Back, Table
from carenet.referrals.states import TABLE, Verb
from carenet.tasks.states import MOVES as TASK_MOVES
from carenet.watchlists.states import LIST_MOVES
from carenet.watchover.states import TABLE as WATCH_TABLE
from launch.output import LaunchError, say
from launch.paths import PROJECT

DOCS = PROJECT / "docs"
PAGES = ("states.md", "data-model.md")
#: Anything will do: no server is asked.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "config.settings.test",
    "DATABASE_URL": "postgresql://unused/unused",
    "REDIS_URL": "redis://unused",
}
PLACE = re.compile(
    r"(<!-- diagram: (?P<name>[\w.-]+) -->\n)(?:\n?```mermaid\n.*?```\n)?", re.DOTALL
)
CODES = re.compile(r"(?m)^(`(?P<path>[\w.]+)`\n\n)(?:\|.*\n)+")
#: A verb that leads out of more states than this becomes a note, not arrows.
MOST_SOURCES = 6


@dataclass(frozen=True)
class Move:
    """One arrow: from a state, by a verb, to a state."""

    source: TextChoices
    verb: str
    target: TextChoices


# States


def in_order(states: Iterable[Any]) -> list[Any]:
    """Return states in the order of the code, which is that of the work."""
    return sorted(states, key=lambda state: _order(state).index(state))


def _order(state: TextChoices) -> list[TextChoices]:
    return list(type(state).__members__.values())


def _moves(
    table: Table[Any, Any, Any], verbs: Iterable[TextChoices] | None = None
) -> Iterator[Move]:
    """Return the arrows of some verbs, or all: one that leads back does so to each possible origin."""
    for verb in verbs or table:
        for source in in_order(table[verb].targets):
            for target in _targets(table, source, table[verb].targets[source]):
                yield Move(source, verb, target)


def _targets(table: Table[Any, Any, Any], source: TextChoices, target: Any) -> list[Any]:
    if target == UNCHANGED:
        return [source]
    if not isinstance(target, Back):
        return [target]
    return in_order(
        {origin for row in table.values() for origin, to in row.targets.items() if to == source}
    )


STRAIGHT = (
    Verb.DISCARD, Verb.SEND, Verb.CLAIM, Verb.RECEIVE, Verb.ACCEPT, Verb.START, Verb.COMPLETE,
    Verb.FAIL, Verb.CLOSE,
)  # fmt: skip
WAITING = (Verb.ASK, Verb.ANSWER, Verb.HOLD, Verb.RESUME)
#: What is left: a verb that is new is drawn here.
OTHERWISE = tuple(verb for verb in Verb if verb not in {*STRAIGHT, *WAITING})

REFERRAL = ("referral", "referral.waiting", "referral.otherwise")
MACHINES: dict[str, Callable[[], Iterable[Move]]] = {
    "referral": lambda: _moves(TABLE, STRAIGHT),
    "referral.waiting": lambda: _moves(TABLE, WAITING),
    "referral.otherwise": lambda: _moves(TABLE, OTHERWISE),
    "case": lambda: _moves(MOVES),
    "plan": lambda: _moves(PLAN_MOVES),
    "goal": lambda: _moves(GOAL_MOVES),
    "task": lambda: _moves(TASK_MOVES),
    "abuse-report": lambda: _moves(ABUSE_MOVES),
    "watch": lambda: _moves(WATCH_TABLE),
    "list-entry": lambda: _moves(LIST_MOVES),
}


def draw_states(moves: Iterable[Move]) -> str:
    """Return a state diagram; a verb that leads out of nearly every state becomes a note."""
    all_moves = list(moves)
    sources: dict[str, set[str]] = {}
    for move in all_moves:
        sources.setdefault(move.verb, set()).add(move.source)
    everywhere = {verb for verb, found in sources.items() if len(found) > MOST_SOURCES}
    lines = ["stateDiagram-v2", *_named_states(all_moves)]
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in all_moves:
        if move.verb not in everywhere:
            verbs = arrows.setdefault((move.source, move.target), [])
            verbs.extend([move.verb] * (move.verb not in verbs))
    lines += [f"{a} --> {b} : {', '.join(verbs)}" for (a, b), verbs in arrows.items()]
    for verb in sorted(everywhere):
        for target in in_order({move.target for move in all_moves if move.verb == verb}):
            found = [
                move.source for move in all_moves if (move.verb, move.target) == (verb, target)
            ]
            lines.append(f"note right of {target} : {verb} from {', '.join(found)}")
    return _fence(lines)


def _named_states(moves: Iterable[Move]) -> list[str]:
    states = in_order({state for move in moves for state in (move.source, move.target)})
    first = _order(states[0])[0]
    with override("ja"):
        named = [f'state "{state.value} {state.label}" as {state.value}' for state in states]
    return [*named, f"[*] --> {first}"] if first in states else named


# Data model


def draw_room(label: str) -> str:
    """Return the tables of a room: what they point at, and which columns hold codes."""
    models = sorted(apps.get_app_config(label).get_models(), key=lambda model: model.__name__)
    boxes, lines = [], []
    for model in models:
        boxes.append(f"{model.__name__} {{")
        for field in model._meta.local_fields:
            other = field.related_model
            if isinstance(other, type) and other in models:
                lines.append(_line(model, field, other))
            elif isinstance(other, type):
                boxes.append(f"    {other.__name__} {field.name}")
            elif field.choices:
                boxes.append(f"    code {field.name}")
        boxes.append("}")
    return _fence(["erDiagram", *boxes, *lines])


def _line(model: type[Model], field: "Field[Any, Any]", other: type[Model]) -> str:
    one = "|o" if field.null else "||"
    many = "o|" if field.unique else "o{"
    return f"{other.__name__} {one}--{many} {model.__name__} : {field.name}"


def rooms() -> list[str]:
    """Return the rooms that have tables."""
    return [
        app.label
        for app in apps.get_app_configs()
        if app.name.startswith("carenet.") and list(app.get_models())
    ]


# Pages


def _fence(lines: Iterable[str]) -> str:
    head, *rest = lines
    body = "".join(f"    {line}\n" for line in rest)
    return f"```mermaid\n{head}\n{body}```\n"


def diagrams() -> Mapping[str, str]:
    """Return every diagram by its name: the state machines, and `tables-` of each room."""
    states = {name: draw_states(moves()) for name, moves in MACHINES.items()}
    return states | {f"tables-{label}": draw_room(label) for label in rooms()}


def fill(text: str, drawn: Mapping[str, str]) -> str:
    """Return the text of a page with its diagrams; raises LaunchError for an unknown name."""

    def place(found: re.Match[str]) -> str:
        if found["name"] not in drawn:
            raise LaunchError(
                f"図 {found['name']} はありません。", f"There is no diagram {found['name']}."
            )
        return found[1] + drawn[found["name"]]

    return PLACE.sub(place, text)


def list_codes(text: str) -> str:
    """Return the text of a page with the lists of codes that it names, in Japanese and English."""

    def listed(found: re.Match[str]) -> str:
        lines = ["| 日本語 | English | identifier |", "|---|---|---|"]
        for code in pkgutil.resolve_name(found["path"]):
            with override("ja"):
                japanese = str(code.label)
            with override("en"):
                lines.append(f"| {japanese} | {code.label} | `{code.value}` |")
        return found[1] + "\n".join(lines) + "\n"

    return CODES.sub(listed, text)


def main(folder: Path = DOCS) -> None:
    """Write the pages anew."""
    os.environ.update({**ENVIRONMENT, **os.environ})
    django.setup()
    drawn = diagrams()
    for name in PAGES:
        page = folder / name
        page.write_text(fill(page.read_text("utf-8"), drawn), "utf-8")
    codes = folder / "domain.md"
    codes.write_text(list_codes(codes.read_text("utf-8")), "utf-8")
    say("図を書き直しました。", f"{len(drawn)} diagrams are drawn.")


if __name__ == "__main__":
    main()
