"""What "my open cases" costs, beside one SQL statement, the stock way, and answers without anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client

from benchmarks.cost import Call, Cost, get, in_turn, signed_in, stock_client, user_of
from benchmarks.figures import Figure
from benchmarks.stock import CASES, CONSTANT, PLAIN
from benchmarks.ward import CHANNELS, TOPICS, Ward
from carenet.access.actions import SHARE
from carenet.agencies.actors import Actor
from carenet.cases.selectors import LEAD
from carenet.cases.states import OPEN
from carenet.core import clock

OURS, TASKS = "/api/v1/cases/", "/api/v1/tasks/"
#: The same answer as ours writes, by one statement on the access index.
_LIMIT = """
    WITH page AS (
        SELECT DISTINCT next_due, object_id FROM (
            SELECT entry.next_due, entry.object_id
            FROM unnest(%(ways)s::text[]) AS wanted_way,
            unnest(%(statuses)s::text[]) AS wanted_status,
            LATERAL (
                SELECT next_due, object_id FROM access_accessentry
                WHERE kind = 'case' AND agency_id = %(agency)s AND NOT restricted
                  AND way = wanted_way AND status = wanted_status
                  AND (until IS NULL OR until > %(now)s)
                ORDER BY next_due, object_id LIMIT 50
            ) AS entry
        ) AS best ORDER BY next_due, object_id LIMIT 50
    )
    SELECT json_agg(json_build_object(
        'id', c.id,
        'code', 'C-' || to_char(c.opened_at AT TIME ZONE 'Asia/Tokyo', 'YY') || '-'
                || to_char(c.number, 'FM999000000'),
        'status', c.status,
        'confidentiality', c.confidentiality,
        'resident', json_build_object(
            'id', r.id,
            'name', concat_ws(' ', nullif(r.family_name, ''), nullif(r.given_name, '')),
            'kana', concat_ws(' ', nullif(r.family_kana, ''), nullif(r.given_kana, ''))),
        'consultation', c.consultation_id,
        'lead_agency', json_build_object('id', a.id, 'name', a.name, 'kind', a.kind),
        'person_in_charge', CASE WHEN u.id IS NOT NULL THEN
            json_build_object('id', u.id, 'name', u.name) END,
        'summary', c.summary,
        'plan', c.plan,
        'next_action', c.next_action,
        'next_action_on', c.next_action_on,
        'opened_at', to_char(
            c.opened_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD"T"HH24:MI:SS.US"+09:00"'),
        'ended_at', c.ended_at,
        'end_reason', c.end_reason,
        'end_note', c.end_note
    ) ORDER BY page.next_due, page.object_id)::text
    FROM page
    JOIN cases_case c ON c.id = page.object_id
    JOIN residents_resident r ON r.id = c.resident_id
    JOIN agencies_agency a ON a.id = c.lead_agency_id
    LEFT JOIN agencies_user u ON u.id = c.person_in_charge_id
"""
MOST_OVER_LIMIT, MOST_OVER_PLAIN = 3.0, 2.0
#: Each case has a task: what the list of tasks costs beside that of the cases, whatever there is. It
#: tells through whose hands each has gone, by a statement more.
MOST_OVER_CASES = 1.8
#: How much more the stock way is to cost each caller, in a ward of a million cases and in a smaller one.
LARGE, LEAST_IN_LARGE, LEAST_IN_SMALL = 1_000_000, (250.0, 50.0, 2.5, 4.0, 4.0), 1.2

#: As many in each ward, whatever there is: it may not grow with the ward.
FILTERED, FACTS, MINE = (
    "consultations of a month by topic and channel", "facts of a person", "my agency's tasks"
)  # fmt: skip
MOST_GROWTH = 1.2
#: Of such consultations the smallest ward has a page of so many.
PAGE = 3


def measure(ward: Ward, rounds: int) -> Iterator[Figure]:
    """Yield what the list costs each caller, as ratios of what stands beside it in the same rounds."""
    office = signed_in(user_of(ward.office))
    calls: dict[str, Call] = {
        "constant": get(office, CONSTANT),
        "plain": get(stock_client(user_of(ward.office)), PLAIN),
    }
    calls["tasks"] = get(office, TASKS)
    for name, actor in ward.callers.items():
        client = signed_in(user_of(actor))
        _demand_same_answers(client, actor)
        calls[f"{name}: ours"] = get(client, OURS)
        calls[f"{name}: stock"] = get(stock_client(user_of(actor)), CASES)
        calls[f"{name}: SQL"] = _limit(actor)
    cost = in_turn(calls, rounds)
    yield from _figures(ward, cost)


def _figures(ward: Ward, cost: dict[str, Cost]) -> Iterator[Figure]:
    constant, plain = cost["constant"].both, cost["plain"].both
    name = "a constant answer of ours / Django's plain view with a session"
    yield Figure(name, constant / plain, MOST_OVER_PLAIN, base=f"{plain:.1f} ms")
    cases = cost["ward office: ours"].both
    name = "my agency's tasks / my open cases, ward office"
    yield Figure(name, cost["tasks"].both / cases, MOST_OVER_CASES, base=f"{cases:.1f} ms")
    for caller, least in zip(ward.callers, LEAST_IN_LARGE, strict=True):
        ours, limit = cost[f"{caller}: ours"], cost[f"{caller}: SQL"].both
        own = (ours.both - constant) / limit
        name = f"my open cases, {caller}: less the constant answer / one SQL statement"
        yield Figure(name, own, MOST_OVER_LIMIT, base=f"{limit:.1f} ms")
        ahead = cost[f"{caller}: stock"].both / ours.both
        goal = least if ward.size >= LARGE else LEAST_IN_SMALL
        base = f"ours {ours.python:.1f} + {ours.database:.1f} ms"
        yield Figure(
            f"my open cases, {caller}: the stock way / ours", ahead, goal, least=True, base=base
        )


def measure_growing(ward: Ward, rounds: int) -> dict[str, Cost]:
    """Return what costs the office the same in each ward: a filtered month, facts, a page of tasks."""
    last = clock.today() - timedelta(days=31)
    query = {
        "received_from": (last - timedelta(days=30)).isoformat(),
        "received_until": last.isoformat(),
        "topic": TOPICS[0],
        "channel": CHANNELS[0],
        "limit": str(PAGE),
    }
    client = signed_in(user_of(ward.office))
    [first] = json.loads(get(client, f"{OURS}?limit=1")().content)["results"]
    calls: dict[str, Call] = {
        FILTERED: get(client, f"/api/v1/consultations/?{urlencode(query)}"),
        FACTS: get(client, f"/api/v1/residents/{first['resident']['id']}/facts/"),
        MINE: get(client, TASKS),
    }
    for name, least in ((FILTERED, PAGE), (FACTS, 1)):
        if len(json.loads(calls[name]().content)["results"]) < least:
            raise RuntimeError(f"The ward has fewer than {least}: {name}.")
    return in_turn(calls, rounds)


def growth_figures(found: dict[str, Cost], smallest: dict[str, Cost]) -> Iterator[Figure]:
    """Yield how much more each costs than in the smallest ward."""
    for name, cost in found.items():
        there = smallest[name].both
        base = f"{cost.python:.1f} + {cost.database:.1f} ms, there {there:.1f} ms"
        label = f"{name}: / the same in the smallest ward"
        yield Figure(label, cost.both / there, MOST_GROWTH, base=base)


def _limit(actor: Actor) -> Call:
    told: dict[str, Any] = {
        "ways": [LEAD, SHARE],
        "statuses": sorted(OPEN),
        "agency": actor.agency_id,
        "now": clock.now(),
    }

    def call() -> str:
        with connection.cursor() as cursor:
            cursor.execute(_LIMIT, told)
            [text] = cursor.fetchone()
        return str(text)

    return call


def _demand_same_answers(client: Client, actor: Actor) -> None:
    """Refuse to compare what is not the same: the statement's text, and the fields of the stock way."""
    ours = json.loads(get(client, OURS)().content)["results"]
    by_sql = json.loads(_limit(actor)())
    stock = json.loads(get(stock_client(user_of(actor)), CASES)().content)["results"]
    if ours != by_sql:
        raise RuntimeError(f"The statement answers otherwise than the list: {_odd(ours, by_sql)}")
    if len(stock) != len(ours) or {*stock[0]} != {*ours[0]}:
        raise RuntimeError("The stock list answers with other fields, or fewer cases.")


def _odd(ours: list[Any], others: list[Any]) -> list[Any]:
    return [each for each in [*ours, *others] if (each in ours) != (each in others)]
