"""A ward with as many cases as wanted: a few by the actions, all others copied from them by SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import partial
from time import time_ns
from typing import Any

from django.db import connection
from faker import Faker

from benchmarks.case_actions import (
    DAYS,
    DAYS_BACK,
    NEAREST,
    Person,
    end,
    open_case,
    refer,
    share,
    specimen,
)
from benchmarks.database import as_owner
from benchmarks.rows import (
    Markers,
    Pattern,
    Row,
    comparable,
    copied_id,
    ids_of,
    written_by,
)
from carenet.accounts.actions.accounts import create_account
from carenet.agencies.actions import add_member, create_agency
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.actions import AuditContext, audit_context
from carenet.cases.models import Case
from carenet.core import clock
from carenet.spellings import fold_kana, fold_name

#: Nobody types it: the servers end with the measurement.
PASSWORD = "とても長い合言葉です-1"  # noqa: S105
PLAZAS, TIMES_THE_WARD = 8, 2
#: Of ten cases five are open, two of them besides referred to the core centre, three have ended.
PLACES = {"open": (0, 1, 2, 3, 4), "referred": (5, 6), "ended": (7, 8, 9)}
#: How many cases other agencies share with each of the callers.
SHARES = (5, 300, 5_000, 60_000)
FAMILIES, GIVENS = 80, 60
#: What the consultations are about, and how they came: one in eight is as a filter asks for it.
TOPICS, CHANNELS = ("community", "health", "debt", "care"), ("phone", "counter")


@dataclass
class Ward:
    """Agencies and cases, and by whom the measurements ask."""

    leads: list[Actor]
    core: Actor
    callers: dict[str, Actor]
    size: int = 0
    numbered_from: int = 0
    patterns: dict[str, Pattern] = field(default_factory=dict)

    @property
    def office(self) -> Actor:
        return self.leads[0]


def a_ward() -> Ward:
    """Return the agencies of a ward without a case; each has staff."""
    office = _staff(AgencyKind.WARD_OFFICE, "区役所", Role.STAFF, Role.COORDINATOR)
    plazas = [_staff(AgencyKind.CARE_PLAZA, f"ケアプラザ{n}") for n in range(PLAZAS)]
    core = _staff(AgencyKind.CORE_CONSULTATION_CENTER, "基幹相談支援センター")
    callers = {
        f"{number:,} shares": _staff(AgencyKind.LIFE_SUPPORT_CENTER, f"共有{number}")
        for number in SHARES
    }
    callers["ward office"] = office
    return Ward([*[office] * TIMES_THE_WARD, *plazas], core, callers)


def _staff(kind: AgencyKind, name: str, *roles: Role) -> Actor:
    given = frozenset(roles or (Role.STAFF,))
    agency = create_agency(actor=None, kind=kind, name=f"測定 {name}")
    user = create_account(
        username=f"bench-{agency.pk.hex[-12:]}", name="測定 花子", password=PASSWORD
    )
    add_member(actor=None, agency=agency, user=user, roles=given)
    return Actor(agency=agency, roles=given, user=user)


def fill(ward: Ward, size: int) -> None:
    """Give a ward `size` cases with their people, consultations, notes, referrals and shares."""
    ward.size = size
    with audit_context(AuditContext(in_turn=True)):
        _record_patterns(ward)
    for name, digits in PLACES.items():
        for digit in digits:
            ward.patterns[name].copy(first=_first(digit), last=size, step=10)
    for number in SHARES:
        for first, step in _chosen(number, size):
            ward.patterns[f"share {number}"].copy(first, size, step)
    _settle(ward)


def _first(digit: int) -> int:
    return digit or 10


def _chosen(number: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the step of the open cases that are shared with a caller of so many."""
    each = max(min(number, size // 4) // len(PLACES["open"]), 1)
    for digit in PLACES["open"]:
        yield _first(digit), 10 * max(size // 10 // each, 1)


def _record_patterns(ward: Ward) -> None:
    lead, person, begin = ward.leads[2], specimen(), _milliseconds()
    ward.numbered_from = _numbered_from()
    numbers = {
        (table, "number"): f"{ward.numbered_from} + n"
        for table in ("cases_case", "referrals_referral")
    }
    markers = _markers(ward, person)
    for name, story in _stories(ward).items():
        start = _milliseconds()
        rows = written_by(partial(story, lead, person), since=start)
        codes = _codes(Case.objects.get(pk=_case_of(rows)), ward.numbered_from)
        ward.patterns[name] = Pattern(rows, ids_of(rows, start), markers | codes, numbers)
    opened = ward.patterns["open"]
    case = Case.objects.get(pk=_case_of(opened.rows))
    same = {each: copied_id(each) for each in opened.ids}
    known = [row for pattern in ward.patterns.values() for row in pattern.rows]
    for number, caller in zip(SHARES, ward.callers.values(), strict=False):
        rows = written_by(partial(share, lead, case, caller.agency), since=begin, known=known)
        known += rows
        theirs = [each for each in ids_of(rows, begin) if each not in same]
        ward.patterns[f"share {number}"] = Pattern(rows, theirs, opened.markers | same)


def _stories(ward: Ward) -> dict[str, Callable[[Actor, Person], Case]]:
    return {"open": open_case, "referred": partial(refer, ward.core), "ended": end}


def _milliseconds() -> int:
    return time_ns() // 1_000_000


def _case_of(rows: Sequence[Row]) -> str:
    [found] = [each.values["id"] for each in rows if each.table == "cases_case"]
    return str(found)


# What is another in each copy.


def _pick(values: Sequence[object], place: str) -> str:
    listed = ", ".join(f"'{each}'" for each in values)
    return f"(ARRAY[{listed}])[1 + ({place}) % {len(values)}]"


def _names() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return family and given names with their kana, the same ones each time.

    Folding leaves each as it is, and no given name begins with a vowel, which might lengthen the name
    before it: so the keys of a copy are put together from its names.
    """
    fake = Faker("ja_JP")
    fake.seed_instance(1)
    families = {fake.last_name_pair()[:2] for _ in range(1000)}
    givens = {fake.first_name_pair()[:2] for _ in range(1000)}
    return (
        _folded_as_they_are(families)[:FAMILIES],
        [each for each in _folded_as_they_are(givens) if each[1][0] not in "アイウエオ"][:GIVENS],
    )


def _folded_as_they_are(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(each for each in names if (fold_name(each[0]), fold_kana(each[1])) == each)


def _markers(ward: Ward, person: Person) -> Markers:
    families, givens = _names()
    family, given = "n / 10", f"n / 10 / {len(families)}"
    lead = "n / 10"
    who, first = ward.leads[2], clock.today() + timedelta(days=NEAREST)
    day = f"(date '{first}' + (n * 37 % {DAYS})::int)"
    past = f"(date '{clock.today()}' - (n * 37 % {DAYS_BACK})::int)"
    phone = ("lpad((n / 10000 % 1000)::text, 3, '0')", "lpad((n % 10000)::text, 4, '0')")
    return {
        person.family_name: _pick([each[0] for each in families], family),
        person.family_kana: _pick([each[1] for each in families], family),
        person.given_name: _pick([each[0] for each in givens], given),
        person.given_kana: _pick([each[1] for each in givens], given),
        person.birth_date.isoformat(): "(date '1925-01-01' + (n * 11 % 15000)::int)::text",
        person.house: "(1 + n % 2400)::text",
        person.phone: f"'045-' || {phone[0]} || '-' || {phone[1]}",
        person.digits: f"'045' || {phone[0]} || {phone[1]}",
        person.next_action_on.isoformat(): f"{day}::text",
        _midnight(person.next_action_on): f"({day}::timestamp AT TIME ZONE 'Asia/Tokyo')::text",
        person.received_on.isoformat(): f"{past}::text",
        _midnight(person.received_on): f"({past}::timestamp AT TIME ZONE 'Asia/Tokyo')::text",
        person.topic: _pick(TOPICS, "n"),
        person.channel: _pick(CHANNELS, f"n / {len(TOPICS)}"),
        str(who.agency_id): _pick([each.agency_id for each in ward.leads], lead),
        str(who.user_id): _pick([each.user_id for each in ward.leads], lead),
    }


def _midnight(day: date) -> str:
    """Return the beginning of a day as PostgreSQL writes it in UTC."""
    return f"{day - timedelta(days=1)} 15:00:00+00"


#: What counts cases and referrals; of a copy it is what the copy is of, and its code has it.
_SEQUENCES = ("cases_case_number", "referrals_referral_number")
#: As many are left between what there is and the copies: the patterns are numbered, too.
_LEFT = 100


def _numbered_from() -> int:
    """Return a number behind all that cases and referrals have in this database."""
    counted = ", ".join(f"nextval('{each}')" for each in _SEQUENCES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT greatest({counted})")
        [last] = cursor.fetchone()
    return int(last) + _LEFT


def _codes(case: Case, begin: int) -> Markers:
    case.refresh_from_db()
    referrals = {each.code: each for each in case.referrals.all()}
    # Six digits at least: lpad would cut a seventh off.
    number = f"to_char({begin} + n, 'FM999000000')"
    return {code: f"'{code[:5]}' || {number}" for code in (case.code, *referrals)}


def _settle(ward: Ward) -> None:
    """Let the sequences go on behind the copies, and tell the planner what there is."""
    last = ward.numbered_from + ward.size
    as_owner(*(f"SELECT setval('{each}', {last})" for each in _SEQUENCES), "VACUUM ANALYZE")


def check(ward: Ward, numbers: Sequence[int]) -> None:
    """Run the actions with the values of these copies.

    Raises `RuntimeError` where they write anything else.
    """
    for number in numbers:
        name = next(name for name, digits in PLACES.items() if number % 10 in digits)
        pattern = ward.patterns[name]
        expected, theirs = pattern.copied(number)
        lead, person = ward.leads[number // 10 % len(ward.leads)], _person(pattern, number)
        start = _milliseconds()
        with audit_context(AuditContext(in_turn=True)):
            rows = written_by(partial(_stories(ward)[name], lead, person), since=start)
        _demand_same(comparable(expected, theirs), comparable(rows, ids_of(rows, start)), number)


def _demand_same(copied: Sequence[str], written: Sequence[str], number: int) -> None:
    here, there = set(copied) - set(written), set(written) - set(copied)
    if len(copied) != len(written) or here or there:
        told = [f"Copy {number} is not what the actions write:"]
        told += [f"copied: {each}" for each in sorted(here)]
        told += [f"written: {each}" for each in sorted(there)]
        raise RuntimeError("\n".join(told))


def _person(pattern: Pattern, number: int) -> Person:
    """Return whom a copy is of: what stands in it where the specimen stands in the pattern."""
    here, there = pattern.values(number), specimen()
    told: dict[str, Any] = {
        each.name: here[str(getattr(there, each.name))] for each in fields(Person)
    }
    for name in ("birth_date", "next_action_on", "received_on"):
        told[name] = date.fromisoformat(told[name])
    return Person(**told)
