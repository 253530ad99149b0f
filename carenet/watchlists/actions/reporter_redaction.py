"""Taking whoever reported abuse out of what lists say of the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from carenet.abuse.actions.reporter import strike_out
from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.residents.matching import Traits, fold_address, fold_kana, fold_name, fold_phone
from carenet.residents.models import Resident
from carenet.residents.selectors import traits_of
from carenet.watchlists.models import ListEntry, ListEvent

#: What a line says of how somebody is reached.
_CONTACT: Mapping[str, Callable[[str], str]] = {"address": fold_address, "phone": fold_phone}


class ReporterTextInLists:
    """Remarks on entries, and lines that may mean the person."""

    def callers(self, calls: Sequence[UUID]) -> Sequence[dict[str, str]]:
        return []

    def forget(
        self, *, actor: Actor, case: Case, calls: Sequence[UUID], strike: Callable[[str], str]
    ) -> None:
        unclear = _forget_unclear_lines(case.resident, strike)
        strike_out(
            ListEvent.objects.filter(Q(entry__resident=case.resident_id) | Q(entry__in=unclear)),
            strike, "note", "data",
            guard="watchover.ListEvent:list_events_stay",
        )  # fmt: skip


def _forget_unclear_lines(person: Resident, strike: Callable[[str], str]) -> Sequence[UUID]:
    """Take the reporter out of lines that may mean the person; return which these are.

    Lines about others stay: there it is their own name and telephone. So does what the record
    says itself. A number that is gone leaves no sign, for a line has no place for one.
    """
    of_person = traits_of(person)
    unclear = ListEntry.objects.filter(resident=None).order_by("pk")
    found = [each.pk for each in unclear if _may_mean(each.words or {}, of_person)]
    lines = ListEntry.objects.filter(pk__in=found, resident=None).order_by("pk")
    for entry in lines.select_for_update(of=("self",), no_key=True):
        words = entry.words or {}
        theirs = {
            name: ""
            for name, fold in _CONTACT.items()
            if strike(words.get(name) or "") != (words.get(name) or "")
            and fold(words[name]) != getattr(of_person, name)
        }
        if theirs:
            entry.words = words | theirs
            entry.save_version("words")
    return found


def _may_mean(words: Mapping[str, Any], person: Traits) -> bool:
    """Whether a line has the name or the kana of a person."""
    name = fold_name(f"{words.get('family_name') or ''}{words.get('given_name') or ''}")
    kana = fold_kana(f"{words.get('family_kana') or ''}{words.get('given_kana') or ''}")
    return bool((name and name == person.name) or (kana and kana == person.kana))
