"""Taking whoever reported abuse out of concerns, and out of what lists and alerts say of the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from carenet.audit.actions import record
from carenet.cases.actions.copies import forget_in_reminders
from carenet.cases.actions.reporter import strike_out
from carenet.watchover.actions.concerns import relationship_of
from carenet.watchover.models import Alert, CheckIn, Concern, ListEvent, WatchAssignment, WatchEvent
from carenet.watchover.models.concern import ReporterKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor
    from carenet.cases.models import Case

_SAID = ("what", "where", "whom", "reason", "claimed_person")


class WordsInWatchOver:
    """Concerns, list remarks, events and check-ins."""

    def callers(self, calls: Sequence[UUID]) -> Sequence[dict[str, str]]:
        return [
            {
                "name": concern.reporter_name,
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
        strike_out(CheckIn.objects.filter(assignment__resident=person), strike, "note")
        strike_out(
            ListEvent.objects.filter(entry__resident=person), strike, "note", "data",
            guard="watchover.ListEvent:list_events_stay",
        )  # fmt: skip
        strike_out(
            WatchEvent.objects.filter(assignment__resident=person), strike, "note", "data",
            guard="watchover.WatchEvent:watch_events_stay",
        )  # fmt: skip

    def _forget_concerns(
        self, actor: Actor, case: Case, calls: Sequence[UUID], strike: Callable[[str], str]
    ) -> None:
        for concern in self._concerns(case, calls).select_for_update(of=("self",), no_key=True):
            said = f"{concern.reporter_name} {concern.reporter_phone}"
            if concern.consultation_id in calls or strike(said) != said:
                concern.reporter_name = concern.reporter_phone = concern.claimed_person = ""
                concern.reporter_kind = ReporterKind.OTHER
            for name in _SAID:
                setattr(concern, name, strike(getattr(concern, name)))
            concern.version += 1
            concern.save()
            record(actor.who, "concern.forget_reporter", "concern", concern.pk)

    def _concerns(self, case: Case, calls: Sequence[UUID]) -> QuerySet[Concern]:
        of_case = Q(consultation__in=calls) | Q(consultation__subject=case.resident_id)
        return Concern.objects.filter(of_case | Q(resident=case.resident_id))
