"""Taking whoever reported abuse out of concerns, and out of what lists and alerts say of the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from carenet.abuse.actions.reporter import forget_claimed_person, strike_in, strike_out
from carenet.abuse.actions.reporter_copies import forget_in_reminders
from carenet.audit.actions import log_write
from carenet.residents.matching import fold_address, fold_kana, fold_name, fold_phone
from carenet.residents.selectors import traits_of
from carenet.watchover.actions.concerns import relationship_of
from carenet.watchover.models import (
    Alert,
    CheckIn,
    Concern,
    ListEntry,
    ListEvent,
    WatchAssignment,
    WatchEvent,
)
from carenet.watchover.models.concern import ReporterKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor
    from carenet.cases.models import Case
    from carenet.residents.matching import Traits
    from carenet.residents.models import Resident

_SAID = ("what", "where", "whom", "reason", "claimed_person")


#: What a line says of how somebody is reached.
_CONTACT: Mapping[str, Callable[[str], str]] = {"address": fold_address, "phone": fold_phone}


class ReporterTextInWatchOver:
    """Concerns, list remarks, events and check-ins."""

    def callers(self, calls: Sequence[UUID]) -> Sequence[dict[str, str]]:
        return [
            {
                "name": concern.reporter_name or concern.claimed_person,
                "phone": concern.reporter_phone,
                "relationship": relationship_of(concern),
            }
            for concern in Concern.objects.filter(consultation__in=calls)
        ]

    def forget(
        self, *, actor: Actor, case: Case, calls: Sequence[UUID], strike: Callable[[str], str]
    ) -> None:
        self._forget_concerns(actor, case, calls, strike)
        person = case.resident_id
        strike_out(
            WatchAssignment.objects.filter(resident=person), strike, "safety_note", "basis_words"
        )
        alerts = Alert.objects.filter(assignment__resident=person).values_list("pk", flat=True)
        watches = WatchAssignment.objects.filter(resident=person).values_list("pk", flat=True)
        concerns = self._concerns(case, calls).values_list("pk", flat=True)
        forget_in_reminders([*alerts, *watches, *concerns], strike)
        check_ins = CheckIn.objects.filter(assignment__resident=person)
        strike_out(check_ins, strike, "note")
        forget_claimed_person(check_ins, strike)
        unclear = self._forget_unclear_lines(case.resident, strike)
        strike_out(
            ListEvent.objects.filter(Q(entry__resident=person) | Q(entry__in=unclear)),
            strike, "note", "data",
            guard="watchover.ListEvent:list_events_stay",
        )  # fmt: skip
        events = WatchEvent.objects.filter(assignment__resident=person)
        guard = "watchover.WatchEvent:watch_events_stay"
        strike_out(events, strike, "note", "data", guard=guard)
        forget_claimed_person(events, strike, guard=guard)

    def _forget_concerns(
        self, actor: Actor, case: Case, calls: Sequence[UUID], strike: Callable[[str], str]
    ) -> None:
        for concern in self._concerns(case, calls).select_for_update(of=("self",), no_key=True):
            said = f"{concern.reporter_name} {concern.reporter_phone}"
            if concern.consultation_id in calls or strike(said) != said:
                concern.reporter_name = concern.reporter_phone = concern.claimed_person = ""
                concern.reporter_kind = ReporterKind.OTHER
            strike_in(concern, strike, *_SAID)
            concern.save_version()
            log_write(actor.who, "concern.forget_reporter", "concern", concern.pk)

    def _forget_unclear_lines(
        self, person: Resident, strike: Callable[[str], str]
    ) -> Sequence[UUID]:
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

    def _concerns(self, case: Case, calls: Sequence[UUID]) -> QuerySet[Concern]:
        of_case = Q(consultation__in=calls) | Q(consultation__subject=case.resident_id)
        return Concern.objects.filter(of_case | Q(resident=case.resident_id))


def _may_mean(words: Mapping[str, Any], person: Traits) -> bool:
    """Whether a line has the name or the kana of a person."""
    name = fold_name(f"{words.get('family_name') or ''}{words.get('given_name') or ''}")
    kana = fold_kana(f"{words.get('family_kana') or ''}{words.get('given_kana') or ''}")
    return bool((name and name == person.name) or (kana and kana == person.kana))
