"""What a search for a person costs, beside one statement over the people whom the caller sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test import Client

from benchmarks.cost import Call, Cost, in_turn, signed_in, user_of
from benchmarks.figures import Figure
from benchmarks.ward import Ward
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.spellings import fold_kana, fold_name, fold_phone

ADDRESS = "/api/v1/residents/search/"
MOST_OVER_SQL, MOST_GROWTH = 4.0, 1.5
#: What is typed: the same in each ward, whatever its size.
FORMS = ("two kana", "full kana", "glyph variant", "telephone")
#: How a name is written otherwise by whoever bears it.
VARIANTS = (("高", "髙"), ("崎", "﨑"), ("辺", "邊"), ("斉", "齋"))
#: The people of the caller's cases and referrals first, then what is looked for: the least there is.
_SEEN_ONLY = """
    WITH seen AS (
        SELECT c.resident_id AS id FROM access_accessentry e JOIN cases_case c ON c.id = e.object_id
        WHERE e.kind = 'case' AND e.agency_id = %(agency)s AND NOT e.restricted
          AND (e.until IS NULL OR e.until > %(now)s)
        UNION
        SELECT f.resident_id FROM access_accessentry e JOIN referrals_referral f ON f.id = e.object_id
        WHERE e.kind = 'referral' AND e.agency_id = %(agency)s AND NOT e.restricted
          AND (e.until IS NULL OR e.until > %(now)s)
        UNION SELECT id FROM residents_resident WHERE registered_by_id = %(agency)s
    )
    SELECT json_agg(found)::text FROM (
        SELECT r.id, r.family_name, r.given_name, r.family_kana, r.given_kana, r.birth_precision,
               r.birth_date, r.birth_year, r.address, r.phone, r.ended_because, r.ended_on
        FROM seen JOIN residents_resident r ON r.id = seen.id
        JOIN residents_searchentry s ON s.resident_id = r.id
        WHERE r.merged_into_id IS NULL AND {condition}
        ORDER BY r.id DESC LIMIT 50
    ) AS found
"""
_BY_NAME = "(s.name LIKE %(name)s OR s.kana_parts LIKE %(kana)s)"
_BY_PHONE = "s.phone LIKE %(phone)s"


def measure(ward: Ward, rounds: int) -> dict[str, Cost]:
    """Return the cost of each form for each caller, ours and by one statement."""
    calls: dict[str, Call] = {}
    for name, actor in ward.callers.items():
        client = signed_in(user_of(actor))
        for form in FORMS:
            wanted = _wanted(actor, form)
            calls[f"{name}, {form}: ours"] = ask = _ask(client, wanted)
            calls[f"{name}, {form}: SQL"] = limit = _limit(actor, wanted)
            _demand_same(f"{name}, {form}", ask, limit)
    return in_turn(calls, rounds)


def figures(found: dict[str, Cost], smallest: dict[str, Cost] | None) -> Iterator[Figure]:
    """Yield the ratios of each form and caller; `smallest` are the costs in the smallest ward."""
    for name, ours in found.items():
        what, _, by = name.rpartition(": ")
        if by != "ours":
            continue
        limit = found[f"{what}: SQL"].both
        base = f"ours {ours.python:.1f} + {ours.database:.1f} ms, SQL {limit:.1f} ms"
        yield Figure(f"search, {what}: / one statement over the people seen",
                     ours.both / limit, MOST_OVER_SQL, base=base)  # fmt: skip
        if smallest:
            before = smallest[name].both
            yield Figure(f"search, {what}: / the same in the smallest ward",
                         ours.both / before, MOST_GROWTH, base=f"there {before:.1f} ms")  # fmt: skip


def _wanted(actor: Actor, form: str) -> dict[str, str]:
    """Return what is typed for somebody whom the actor sees, in one of the forms."""
    person = _somebody(actor, variant=form == "glyph variant")
    if form == "two kana":
        return {"name": person["family_kana"][:2]}
    if form == "full kana":
        return {"name": f"{person['family_kana']} {person['given_kana']}"}
    if form == "telephone":
        return {"phone": person["phone"][-8:]}
    written = person["family_name"]
    for plain, other in VARIANTS:
        written = written.replace(plain, other)
    return {"name": written}


def _somebody(actor: Actor, *, variant: bool) -> dict[str, Any]:
    kept = "|".join(plain for plain, _other in VARIANTS) if variant else "."
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.family_name, r.family_kana, r.given_kana, r.phone"
            " FROM access_accessentry e JOIN cases_case c ON c.id = e.object_id"
            " JOIN residents_resident r ON r.id = c.resident_id"
            " WHERE e.kind = 'case' AND e.agency_id = %s"
            " ORDER BY r.family_name ~ %s DESC, e.object_id LIMIT 1",
            [actor.agency_id, kept],
        )
        names = [each.name for each in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def _ask(client: Client, wanted: dict[str, str]) -> Call:
    def call() -> Any:
        answer = client.post(ADDRESS, wanted, content_type="application/json")
        if answer.status_code != 200:  # noqa: PLR2004
            raise RuntimeError(
                f"The search answered {answer.status_code}: {answer.content[:300]!r}"
            )
        return [each["id"] for each in answer.json()["results"]]

    return call


def _limit(actor: Actor, wanted: dict[str, str]) -> Call:
    name, phone = wanted.get("name", ""), wanted.get("phone", "")
    statement = _SEEN_ONLY.format(condition=_BY_PHONE if phone else _BY_NAME)
    told: dict[str, Any] = {
        "agency": actor.agency_id,
        "now": clock.now(),
        "name": f"%{fold_name(name)}%",
        "kana": f"%{fold_kana(name)}%",
        "phone": f"%{fold_phone(phone)}%",
    }

    def call() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(statement, told)
            [text] = cursor.fetchone()
        return [each["id"] for each in json.loads(text or "[]")]

    return call


def _demand_same(what: str, ask: Call, limit: Call) -> None:
    """Refuse to compare what finds other people, or nobody."""
    ours, by_sql = ask(), limit()
    if not ours or ours != by_sql:
        raise RuntimeError(f"{what}: the search finds {ours}, the statement {by_sql}.")
