"""How much waits for whoever acts, for the menu: one statement, whatever there is."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, NamedTuple

from carenet.access.actor_queries import ActorQuery
from carenet.access.selectors import soonest
from carenet.access.stand_ins import kind_of, values_of
from carenet.agencies.actors import Actor
from carenet.cases.selectors.untriaged import UNTRIAGED_KEYS
from carenet.core import clock
from carenet.core.compiled_queries import Place, Text
from carenet.referrals.selectors import NAMED
from carenet.referrals.selectors.waiting import SEEN, ways_to_act
from carenet.reminders.registry import notices
from carenet.reminders.selectors import OPEN_SUBJECTS
from carenet.tasks.selectors import WAITING_KEYS

#: As many of each kind are counted; the menu says that there are more.
MOST = 100
Part = tuple[str, list[Any]]


class Counts(NamedTuple):
    """How many things wait, each once, and how many of them are overdue."""

    waiting: int
    overdue: int


def count_waiting(actor: Actor) -> Counts:
    """Count what waits for the actor and their agency: the lines of Today that nobody has put off."""
    kind = kind_of(actor)
    if kind not in _TEXTS:
        _TEXTS[kind] = _text(actor)
    text = _TEXTS[kind]
    if text is None:
        return Counts(0, 0)
    given = {"notices": [*notices()], "midnight": clock.midnight(clock.today())}
    [(waiting, overdue)] = text.answer(values_of(actor) | given)
    return Counts(waiting, overdue)


_TEXTS: dict[Hashable, Text | None] = {}
_NOW, _AGENCY = Place("now", "timestamptz"), Place("agency", "uuid")
_TODAY, _MIDNIGHT = Place("today", "date"), Place("midnight", "timestamptz")


def _text(actor: Actor) -> Text | None:
    """Put the statement together for a kind of actor; None where nothing can wait for them."""
    parts = list(_parts(actor))
    if not parts:
        return None
    told = " UNION ALL ".join(f"({sql})" for sql, _parameters in parts)
    statement = f"""
        SELECT count(*), count(*) FILTER (WHERE late)
        FROM (SELECT about, bool_or(late) AS late FROM ({told}) AS every GROUP BY about) AS line
    """  # noqa: S608 - statements of our own
    return Text.of(statement, [each for _sql, parameters in parts for each in parameters])


def _parts(actor: Actor) -> Iterator[Part]:
    """Yield what waits, of each kind: what it is about, and whether it is overdue."""
    if told := _part(OPEN_SUBJECTS, actor, "a AS about, false AS late"):
        yield told
    # A next action is told of at its case.
    task = "CASE WHEN c THEN b ELSE a END AS about, d < %s AS late"
    if tasks := _part(WAITING_KEYS, actor, task, _TODAY):
        yield tasks
    call = "a AS about, (b = 'today' AND c < %s) AS late"
    if calls := _part(UNTRIAGED_KEYS, actor, call, _MIDNIGHT):
        yield calls
    ways = ways_to_act(actor)
    if ways and actor.may("referrals.view"):
        named = NAMED.statement(actor) if actor.user_id else None
        ids = (named.sql, named.parameters) if named else None
        sql, parameters = soonest(
            "referral", ways=ways, named=ids, agency=_AGENCY, now=_NOW, limit=MOST
        )
        seen = SEEN.statement(actor)
        if seen:
            ours = f"SELECT object_id AS about, next_due < %s AS late FROM ({sql}) AS ours"  # noqa: S608
            # The index may still name what is out of reach by now.
            ours += f" WHERE object_id IN ({seen.sql})"
            yield ours, [_NOW, *parameters, *seen.parameters]


def _part(query: ActorQuery[Any], actor: Actor, told: str, *more: Place) -> Part | None:
    """Return what a query tells for the count, its columns called a to d; None without any to see."""
    statement = query.statement(actor)
    if statement is None:
        return None
    columns = ", ".join("abcd"[: len(statement.compiler.select)])
    sql = f"SELECT {told} FROM ({statement.sql} LIMIT {MOST}) AS found ({columns})"  # noqa: S608
    return sql, [*more, *statement.parameters]
