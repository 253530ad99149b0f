"""Registering people, once it is known that they are not there yet, and correcting their record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.residents.actions.history import facts, record_first_versions, record_version
from carenet.residents.actions.particulars import (
    demand_protected_address,
    settle_insured_number,
    settle_kana,
    settle_phone,
)
from carenet.residents.actions.protection import end_exports_with_address
from carenet.residents.matching import LIKELY
from carenet.residents.models import BirthPrecision, MatchHint, RecordChange, Resident
from carenet.residents.policy import (
    can_edit,
    can_protect_address,
    can_see_address,
    visible_to,
)
from carenet.residents.selectors import Match, likely_matches, matches_out_of_sight, traits_of
from carenet.rest.limits import OLDEST_BIRTH
from carenet.spellings import in_one_line, says_nothing

_KANA = ("family_kana", "given_kana")
_PARTICULARS = frozenset({*_KANA, "phone", "insured_number", "address", "address_protected"})
_NAMES = ("family_name", "given_name", "family_kana", "given_kana")


@transaction.atomic
def register(*, actor: Actor, new_because: str = "", **fields: Any) -> Resident:
    """Put a person on the register.

    `fields` are those of `Resident`; of `birth_date` and `birth_year` at most one is given, and the
    precision follows from it. Raises `Invalid` for an impossible birth date or a name in which
    nothing is seen, `Conflict` when somebody whom the actor sees is probably the same person, unless
    `new_because` says why not.
    """
    demand(actor.may("residents.register"))
    before = facts(Resident())
    resident = Resident(registered_by=actor.agency, **fields)
    settle_person(resident)
    _wait_for_the_same(resident)
    if not new_because:
        _demand_unlike(actor, resident)
    resident.save()
    record_version(
        actor=actor,
        resident=resident,
        change=RecordChange.REGISTER,
        before=before,
        reason=new_because,
    )
    log_write(actor.who, "resident.register", "resident", resident.pk)
    return resident


@transaction.atomic
def register_many(
    *, actor: Actor, agency: Agency, people: Sequence[Mapping[str, Any]], new_because: str
) -> list[Resident]:
    """Put many people on the register for an agency, in a fixed number of queries.

    For lists: the caller has asked the policy whether the actor may take them in, and has compared
    the people with the register. Raises `Invalid` for an impossible birth date or a name in which
    nothing is seen; nobody is registered.
    """
    before = facts(Resident())
    residents = [Resident(registered_by=agency, **fields) for fields in people]
    for resident in residents:
        settle_person(resident)
    Resident.objects.bulk_create(residents)
    record_first_versions(actor=actor, residents=residents, before=before, reason=new_because)
    log_write(actor.who, "resident.register", "resident", *(each.pk for each in residents))
    return residents


@transaction.atomic
def edit(
    *, actor: Actor, resident_id: UUID, version: int | None = None, **changes: Any
) -> Resident:
    """Correct the record of a person; raises `PreconditionFailed` when `version` is stale."""
    resident = get_visible(visible_to(actor).select_for_update(of=("self",)), pk=resident_id)
    demand(can_edit(actor, resident))
    if "address" in changes:
        demand(can_see_address(actor, resident))
    if "address_protected" in changes:
        demand(can_protect_address(actor, resident))
    check_version(resident, version)
    before = facts(resident)
    protects = changes.get("address_protected", False) and not resident.address_protected
    for name, value in changes.items():
        setattr(resident, name, value)
    if {"birth_date", "birth_year"} & changes.keys():
        _forget_other_birth(resident, changes)
        _settle_birth(resident)
    if changes.keys() & set(_NAMES):
        _settle_names(resident)
    _settle_particulars(resident, changes.keys())
    resident.save_version()
    record_version(actor=actor, resident=resident, change=RecordChange.EDIT, before=before)
    if protects:
        end_exports_with_address(actor, resident)
    log_write(actor.who, "resident.edit", "resident", resident.pk, fields=sorted(changes))
    return resident


def _wait_for_the_same(resident: Resident) -> None:
    """Let whoever registers somebody alike at this moment finish first: then they are compared.

    Two who are probably the same share one of these keys, for the other reasons alone do not suffice.
    """
    traits = traits_of(resident)
    keys = ("name", "kana", "birth_date", "phone", "insured_number")
    locks = sorted(f"register {key} {getattr(traits, key)}" for key in keys if getattr(traits, key))
    with connection.cursor() as cursor:
        for lock in locks:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])


def _demand_unlike(actor: Actor, resident: Resident) -> None:
    """Refuse a record of somebody who is probably there already, among those whom the actor sees."""
    alike = likely_matches(actor, traits_of(resident))
    if alike and alike[0].score >= LIKELY:
        raise Conflict(
            _(
                "Somebody on the register is probably the same person: look them up. "
                "If not, send “confirmed_new” with the reason."
            ),
            code="likely_match",
        )


def _forget_other_birth(resident: Resident, changes: dict[str, Any]) -> None:
    """A new day replaces a known year, and a new year a known day."""
    if "birth_date" not in changes:
        resident.birth_date = None
    if "birth_year" not in changes:
        resident.birth_year = None


def settle_person(resident: Resident) -> None:
    """Bring what was given into the form of the record; raises `Invalid` for what cannot be."""
    _settle_names(resident)
    _settle_birth(resident)
    _settle_particulars(resident, _PARTICULARS)


def _settle_particulars(resident: Resident, given: Collection[str]) -> None:
    """Settle those that were given: what older records say otherwise stays until it is corrected."""
    for name in _KANA:
        if name in given:
            settle_kana(resident, name)
    if "phone" in given:
        settle_phone(resident)
    if "insured_number" in given:
        settle_insured_number(resident)
    if "address" in given or "address_protected" in given:
        demand_protected_address(resident)


def _settle_names(resident: Resident) -> None:
    """A name is one line, and something of it is seen; all other characters stay as they were sent."""
    for part in _NAMES:
        name = in_one_line(getattr(resident, part)).strip()
        setattr(resident, part, "" if says_nothing(name) else name)
    if not resident.family_name:
        raise Invalid({"family_name": _("Give a name of which something can be seen.")})


def _settle_birth(resident: Resident) -> None:
    """Derive the precision from what was given; raises `Invalid` for what cannot be."""
    today = clock.today()
    if resident.birth_date and resident.birth_year:
        raise Invalid({"birth_year": _("Send either birth_date or birth_year, not both.")})
    if resident.birth_date:
        if not resident.birth_date.year >= OLDEST_BIRTH.year or resident.birth_date > today:
            raise Invalid({"birth_date": _("Give a date between 1880 and today.")})
        resident.birth_precision = BirthPrecision.DAY
    elif resident.birth_year:
        if not OLDEST_BIRTH.year <= resident.birth_year <= today.year:
            raise Invalid({"birth_year": _("Give a year between 1880 and this year.")})
        resident.birth_precision = BirthPrecision.YEAR
    else:
        resident.birth_precision = BirthPrecision.UNKNOWN


#: For how long a hint can be used, and how many one question may give.
HINT_LASTS, MOST_HINTS = timedelta(hours=24), 3


@dataclass(frozen=True, slots=True)
class DuplicateCheck:
    """Who may be meant: the people whom the actor sees, and hints at others."""

    matches: list[Match]
    hints: list[MatchHint]


@transaction.atomic
def find_duplicates(*, actor: Actor, **fields: Any) -> DuplicateCheck:
    """Compare a description with the register; `fields` are those of `Resident`.

    Hints are for people who ask, never for a partner's systems: an inquiry follows from them.
    """
    demand(actor.may("residents.register"))
    traits = traits_of(Resident(**fields))
    hints = []
    if actor.user and actor.may("residents.inquire"):
        elsewhere = matches_out_of_sight(actor, traits)[:MOST_HINTS]
        hints = [_hint(actor, match.resident) for match in elsewhere]
    if hints:
        # Not about whom: the trail of the one who asks must not tell what the hint does not.
        log_write(actor.who, "resident.hint", "match_hint", *(hint.pk for hint in hints))
    return DuplicateCheck(likely_matches(actor, traits), hints)


def _hint(actor: Actor, resident: Resident) -> MatchHint:
    now = clock.now()
    return MatchHint.objects.create(
        resident=resident,
        given_to=actor.agency,
        given_to_user=actor.user,
        given_at=now,
        until=now + HINT_LASTS,
    )
