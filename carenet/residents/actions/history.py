"""What every change of a record leaves behind: a row of its history, and fresh search keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from carenet import spellings
from carenet.agencies.actors import Actor
from carenet.residents import matching
from carenet.residents.models import RecordChange, Resident, ResidentVersion, SearchEntry
from carenet.residents.selectors import traits_of

#: What is not a fact about the person.
_NOT_KEPT = frozenset({"id", "version", "registered_by_id", "registered_at"})

#: The columns of a search entry that folding makes.
_KEYS = (
    "name", "kana", "kana_parts", "phone", "address", "place", "insured_number", "folded_by",
)  # fmt: skip
_BATCH = 500


def facts(resident: Resident) -> dict[str, Any]:
    """Return what the record says now, by column.

    Taken before a change, it is what `record_version` compares.
    """
    names = (field.attname for field in Resident._meta.concrete_fields)
    return {name: getattr(resident, name) for name in names if name not in _NOT_KEPT}


def record_version(
    *,
    actor: Actor,
    resident: Resident,
    change: RecordChange,
    before: dict[str, Any],
    reason: str = "",
) -> None:
    """Add a saved change to the record's history and bring its search keys up to date.

    Part of the action that made the change, in its transaction; `before` is what `facts` said.
    """
    _version(actor, resident, change, before, reason).save(force_insert=True)
    _index(resident)


def record_first_versions(
    *, actor: Actor, residents: Sequence[Resident], before: dict[str, Any], reason: str
) -> None:
    """Begin the histories of many new records; `before` is what `facts` says of an empty one."""
    change = RecordChange.REGISTER
    ResidentVersion.objects.bulk_create(
        _version(actor, each, change, before, reason) for each in residents
    )
    SearchEntry.objects.bulk_create(SearchEntry(resident=each, **_keys(each)) for each in residents)


def _version(
    actor: Actor, resident: Resident, change: RecordChange, before: dict[str, Any], reason: str
) -> ResidentVersion:
    now = facts(resident)
    return ResidentVersion(
        resident=resident,
        version=resident.version,
        change=change,
        changes={
            name: {"from": before[name], "to": value}
            for name, value in now.items()
            if before[name] != value
        },
        reason=reason,
        **actor.attribution,
    )


def rebuild_search_keys(*, most: int) -> int:
    """Make the keys anew that older rules of folding have made; return how many people that were.

    By the operator or the clock, after a new version: what is stored of the people stays as it is.
    Whoever is being edited at the same moment is passed over, for the edit makes their keys.
    """
    with transaction.atomic():
        old = Resident.objects.filter(search__folded_by__lt=spellings.RULES).order_by("pk")
        people = list(old.select_for_update(skip_locked=True, of=("self",))[:most])
        entries = [SearchEntry(resident=each, **_keys(each)) for each in people]
        SearchEntry.objects.bulk_update(entries, _KEYS, batch_size=_BATCH)
    return len(people)


def _index(resident: Resident) -> None:
    SearchEntry.objects.update_or_create(resident=resident, defaults=_keys(resident))


def _keys(resident: Resident) -> dict[str, Any]:
    traits = traits_of(resident)
    return {
        "name": traits.name,
        "kana": traits.kana,
        "kana_parts": f"{traits.kana} {matching.fold_kana(resident.given_kana)}".strip(),
        "phone": traits.phone,
        "address": traits.address,
        "place": spellings.place_of(traits.address),
        "insured_number": traits.insured_number,
        "folded_by": spellings.RULES,
    }
