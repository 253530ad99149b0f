"""A list comes in: each line finds its person, or makes a record, or waits for somebody to decide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.areas.models import Area
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.residents.actions import register_many, settle_person
from carenet.residents.actions.bases import not_yours
from carenet.residents.matching import Crowd, Likeness, Reason, is_unknown, read_birth
from carenet.residents.models import Resident
from carenet.residents.selectors import crowd_around, traits_of
from carenet.rest.limits import demand_recent
from carenet.watchlists import policy
from carenet.watchlists.actions.bases import (
    demand_of_list,
    end_of_list,
    from_ward_office,
    is_organ,
)
from carenet.watchlists.actions.transitions import KIND, refused_since, screen_at_once
from carenet.watchlists.models import ListEntry, ListEvent, WatchList
from carenet.watchlists.states import ListVerb

#: As many as one request takes; a longer list comes in parts, under the same name and day.
MOST_LINES = 2000
_BECAUSE = "list"
_BATCH = 1000
#: What stands under the names where a spreadsheet adds them up: 1名, 1,299 人, 12件.
_TOTAL = re.compile(r"[\d,.\s]+[名人件世帯]*")
#: What a line calls it.
_COLUMN = {"birth_date": "birth", "birth_year": "birth"}
_PLACE = {Reason.SAME_ADDRESS, Reason.SAME_PHONE}


class LineResult(models.TextChoices):
    """What became of a line, and what is to be done about it."""

    REGISTERED = "registered", gettext_lazy("A new record was made.")
    MATCHED = "matched", gettext_lazy("The person was found on the register.")
    UNCLEAR = (
        "unclear",
        gettext_lazy(
            "Somebody alike is known. Find the person on the register, or say that it is another."
        ),
    )
    KNOWN = "known", gettext_lazy("This line was taken in before.")
    DIFFERS = (
        "differs",
        gettext_lazy(
            "Another line was taken in under this key. Correct the record, or give the line a key of "
            "its own."
        ),
    )
    TWICE = "twice", gettext_lazy("The same person stands on this list under another line.")
    UNUSABLE = "unusable", gettext_lazy("Correct what is said under “errors” and send it again.")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list; `birth` as people write it, 和暦 or ISO, a year alone or empty."""

    key: str
    family_name: str
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    birth: str = ""
    address: str = ""
    phone: str = ""

    @property
    def hash(self) -> str:
        """What tells this line from another one under the same key."""
        parts = (getattr(self, name) for name in self.__slots__ if name != "key")
        return sha256("\0".join(parts).encode()).hexdigest()


@dataclass(slots=True)
class LineOutcome:
    """What became of one line."""

    key: str
    result: LineResult
    entry_id: UUID | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Import:
    """One list while it comes in."""

    actor: Actor
    watch_list: WatchList
    there: dict[str, ListEntry]
    seen: Crowd[Resident]
    hidden: Crowd[Resident]
    refused: set[UUID]
    new: Crowd[str] = field(default_factory=Crowd)
    to_register: list[tuple[ListEntry, dict[str, Any]]] = field(default_factory=list)
    entries: list[ListEntry] = field(default_factory=list)
    listed: set[UUID | None] = field(default_factory=set)
    #: Lines that somebody else has taken in, and the ward office now, too.
    confirmed: list[ListEntry] = field(default_factory=list)
    unconfirmed: set[UUID] = field(default_factory=set)


@transaction.atomic
def import_list(
    *,
    actor: Actor,
    name: str,
    delivered_on: date,
    lines: Sequence[Line],
    sharing_basis: str,
    agency: Agency | None = None,
    area: Area | None = None,
    basis_until: date | None = None,
) -> tuple[WatchList, list[LineOutcome]]:
    """Take in a list, or the rest of one; return it and what became of each line, in their order.

    Name, day, agency and area say which list it is, and a key which line: the same again changes
    nothing, but makes it the ward office's line where that sends it. Without an agency it is the
    actor's own. Who is surely on the register is found there (the same name, day of birth, and address
    or phone; nobody else alike), who is like nobody gets a record kept by that agency, and whoever is
    in between waits for a person to decide. A record that has ended, and who has refused on a list no
    older than this, are screened out at once. A later `basis_until` prolongs it. Raises `Invalid` for
    another basis than that with which the list came in before, and for one on which no list is
    delivered, `Forbidden` for a later end of what the ward office has given.
    """
    agency = agency or actor.agency
    demand(policy.can_import(actor, agency))
    demand_of_list(sharing_basis)
    if delivered_on > clock.today():
        raise Invalid({"delivered_on": _("Give a day that is not in the future.")})
    demand_recent("delivered_on", delivered_on)
    watch_list = _the_list(
        actor, basis_until, sharing_basis,
        name=name, delivered_on=delivered_on, agency=agency, area=area,
    )  # fmt: skip
    people = [_read(line) for line in lines]
    readable = [traits_of(person) for person in people if isinstance(person, Resident)]
    there = {each.key: each for each in watch_list.entries.all()}
    seen, hidden = crowd_around(actor, readable, of_agency=agency)
    work = _Import(actor, watch_list, there, seen, hidden, refused_since(watch_list))
    if is_organ(actor):
        work.unconfirmed = {each.pk for each in there.values()}
        work.unconfirmed -= from_ward_office(list(there.values()))
    work.listed = {each.resident_id for each in there.values()} - {None}
    states = [_one(work, line, person) for line, person in zip(lines, people, strict=True)]
    for line, state in zip(lines, states, strict=True):
        state.notes = _notes(line)
    _write(work)
    return watch_list, states


def _the_list(actor: Actor, basis_until: date | None, basis: str, **which: Any) -> WatchList:
    found, _made = WatchList.objects.get_or_create(
        **which,
        defaults={
            "sharing_basis": basis,
            "basis_until": end_of_list(basis, basis_until),
            "by_user": actor.user,
            "by_agency": actor.agency,
        },
    )
    held = WatchList.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)
    if held.sharing_basis != basis:
        raise Invalid(
            {"sharing_basis": _("This list came in on another basis. Give the same one.")}
        )
    if basis_until and held.basis_until and basis_until > held.basis_until:
        if not is_organ(actor) and from_ward_office(list(held.entries.all())):
            raise not_yours(_("To act for the ward office."))
        held.basis_until = end_of_list(basis, basis_until)
        held.save(update_fields=["basis_until"])
    return held


def _read(line: Line) -> Resident | dict[str, list[str]]:
    """Return the person whom a line describes, unsaved, or what is wrong with it."""
    if _TOTAL.fullmatch(normalize("NFKC", f"{line.family_name}{line.given_name}")):
        return {"family_name": [_("This is a number, not a name: a total, perhaps.")]}
    if not any((line.family_kana, line.given_kana, line.birth, line.address, line.phone)):
        return {"": [_("Nothing but a name stands here. Give kana, birth, address or telephone.")]}
    person = Resident(
        family_name=line.family_name, given_name=line.given_name,
        family_kana=line.family_kana, given_kana=line.given_kana,
        address=line.address, phone=line.phone,
    )  # fmt: skip
    try:
        if not is_unknown(line.birth):
            born = read_birth(line.birth)
            person.birth_date = born.day
            person.birth_year = None if born.day else born.year
        settle_person(person)
    except Invalid as error:
        return {_COLUMN.get(name, name): [str(told)] for name, told in error.fields.items()}
    except ValueError:
        return {"birth": [_("Give a date such as 1941-12-08 or 昭和16年12月8日, or a year.")]}
    return person


def _notes(line: Line) -> dict[str, list[str]]:
    """Return what of a line that can be used is not kept, by field."""
    try:
        born = None if is_unknown(line.birth) else read_birth(line.birth)
    except ValueError:
        return {}
    if born is None or born.day or not born.month:
        return {}
    told = _("The year %(year)s is kept. That it was in month %(month)s stands in the list alone.")
    return {"birth": [told % {"year": born.year, "month": born.month}]}


def _one(work: _Import, line: Line, person: Resident | dict[str, list[str]]) -> LineOutcome:
    before = work.there.get(line.key)
    if before is not None:
        same = before.line_hash == line.hash
        if same and before.pk in work.unconfirmed:
            work.unconfirmed.discard(before.pk)
            work.confirmed.append(before)
        return LineOutcome(line.key, LineResult.KNOWN if same else LineResult.DIFFERS, before.pk)
    if isinstance(person, dict):
        return LineOutcome(line.key, LineResult.UNUSABLE, errors=person)
    traits = traits_of(person)
    listed = work.new.likely(traits)
    if listed and _surely(listed[0][1]):
        return LineOutcome(line.key, LineResult.TWICE)
    known = work.seen.likely(traits)
    entry = ListEntry(watch_list=work.watch_list, key=line.key, line_hash=line.hash)
    if len(known) == 1 and not listed and _surely(known[0][1]):
        return _matched(work, entry, known[0][0])
    if known or listed or work.hidden.likely(traits):
        entry.words = _described(person)
        return _add(work, entry, LineResult.UNCLEAR)
    work.new.add(line.key, traits)
    work.to_register.append((entry, _fields(person)))
    return _add(work, entry, LineResult.REGISTERED)


def _matched(work: _Import, entry: ListEntry, person: Resident) -> LineOutcome:
    if person.pk in work.listed:
        return LineOutcome(entry.key, LineResult.TWICE)
    work.listed.add(person.pk)
    entry.resident = person
    screen_at_once(entry, person, refused=person.pk in work.refused)
    return _add(work, entry, LineResult.MATCHED)


def _add(work: _Import, entry: ListEntry, result: LineResult) -> LineOutcome:
    work.there[entry.key] = entry
    work.entries.append(entry)
    return LineOutcome(entry.key, result, entry.pk)


def _write(work: _Import) -> None:
    """Register who is new and write the entries, in a number of queries that grows by the thousand."""
    made = register_many(
        actor=work.actor,
        agency=work.watch_list.agency,
        people=[fields for _entry, fields in work.to_register],
        new_because=_BECAUSE,
    ) if work.to_register else []  # fmt: skip
    for (entry, _fields), person in zip(work.to_register, made, strict=True):
        entry.resident = person
    ListEntry.objects.bulk_create(work.entries, batch_size=_BATCH)
    ListEvent.objects.bulk_create(
        (
            ListEvent(
                entry=entry, verb=ListVerb.IMPORT, came_to=entry.state,
                by_agency=work.actor.agency, by_user=work.actor.user,
            )
            for entry in [*work.entries, *work.confirmed]
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    people = [entry.resident_id for entry in work.entries if entry.resident_id]
    if Resident.objects.filter(pk__in=people, merged_into__isnull=False).exists():
        raise Conflict(_("A record was merged with another one meanwhile. Send the list again."))
    log_write(work.actor.who, "list.import", "watchlist", work.watch_list.pk)
    written = [*work.entries, *work.confirmed]
    log_write(work.actor.who, "list.import", KIND, *(entry.pk for entry in written))


def _surely(likeness: Likeness) -> bool:
    """Whether nobody needs to look: name and day of birth, and where the person lives or answers."""
    reasons = set(likeness.reasons)
    return {Reason.SAME_NAME, Reason.SAME_BIRTH_DATE} <= reasons and bool(reasons & _PLACE)


def _fields(person: Resident) -> dict[str, Any]:
    names = (
        "family_name", "given_name", "family_kana", "given_kana",
        "birth_date", "birth_year", "address", "phone",
    )  # fmt: skip
    return {name: getattr(person, name) for name in names}


def _described(person: Resident) -> dict[str, Any]:
    born = person.birth_date
    return _fields(person) | {"birth_date": born.isoformat() if born else None}
