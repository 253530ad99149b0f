"""Taking whoever reported abuse out of concerns, and out of what watches say of the person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from carenet.abuse.actions.reporter import forget_claimed_person, strike_in, strike_out
from carenet.abuse.actions.reporter_copies import forget_in_reminders
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.cases.models import Case
from carenet.watchover.actions.concerns import relationship_of
from carenet.watchover.models import Alert, CheckIn, Concern, WatchAssignment, WatchEvent
from carenet.watchover.models.concern import ReporterKind

_SAID = ("what", "where", "whom", "reason", "claimed_person")


class ReporterTextInWatchOver:
    """Concerns, events and check-ins."""

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

    def _concerns(self, case: Case, calls: Sequence[UUID]) -> QuerySet[Concern]:
        of_case = Q(consultation__in=calls) | Q(consultation__subject=case.resident_id)
        return Concern.objects.filter(of_case | Q(resident=case.resident_id))
