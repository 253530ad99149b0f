"""What happens to watches when a person's record ends, or becomes part of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor, system_actor
from carenet.audit.actions import acting_as
from carenet.cases.models import Case
from carenet.core import clock
from carenet.core.errors import Conflict
from carenet.core.models import not_ended
from carenet.residents.models import Consent, EndedBecause, Resident
from carenet.residents.registry import PointsAtResident
from carenet.watchover.actions.case_end import notify_of_end
from carenet.watchover.actions.locks import locked, log_event, save_version
from carenet.watchover.actions.transitions import apply, refresh_term
from carenet.watchover.models import Pause, WatchAssignment
from carenet.watchover.states import OPEN, WatchEndReason, WatchVerb

_REASONS = {
    EndedBecause.DIED: WatchEndReason.DIED,
    EndedBecause.MOVED_AWAY: WatchEndReason.MOVED,
}


def end_watches(*, actor: Actor | None, resident: Resident) -> None:
    """End every watch over a person whose record ends: registered with `residents`.

    Whoever is responsible for them; no policy is asked, for who ends the record has been asked.
    """
    reason = _REASONS[EndedBecause(resident.ended_because)]
    found = WatchAssignment.objects.filter(resident=resident, status__in=sorted(OPEN))
    for assignment in locked(found):
        apply(assignment, WatchVerb.END, actor, reason=reason)


def end_watches_of_consent(*, actor: Actor, consent: Consent) -> None:  # noqa: ARG001 - whoever hears it
    """End the watches that rest on a withdrawn consent: registered with `residents`."""
    theirs = WatchAssignment.objects.filter(resident=consent.resident_id, consent=consent)
    resting = theirs.filter(status__in=sorted(OPEN))
    for watch in locked(resting):
        by = system_actor(watch.responsible_agency)
        with acting_as(by.who):
            apply(watch, WatchVerb.END, by, reason=WatchEndReason.BASIS_ENDED)
        notify_of_end(watch)


def limit_watches_to_case(*, actor: Actor, case: Case) -> None:
    """Let watches that rest on the purpose of a case end some days after it: registered with `cases`.

    Those that the lead answers for, unless another case of it still carries them. `ask_on_case_end`
    asks whether
    they go on: then on another basis.
    """
    theirs = Case.objects.filter(
        resident=case.resident_id, lead_agency=case.lead_agency_id, ended_at=None
    )
    if theirs.exclude(pk=case.pk).exists():
        return
    last = clock.today() + timedelta(days=settings.BASIS_DAYS_AFTER_CASE)
    resting = WatchAssignment.objects.filter(
        not_ended(last, "basis_until"),
        resident=case.resident_id,
        responsible_agency=case.lead_agency_id,
        sharing_basis=SharingBasis.WITHIN_PURPOSE,
        status__in=sorted(OPEN),
    )
    for watch in locked(resting):
        watch.basis_until = last
        refresh_term(watch)
        save_version(watch)
        log_event(actor, WatchVerb.EDIT, watch, fields=["basis_until"])


class WatchesOfResident(PointsAtResident):
    """Watches follow a merge; raises `Conflict` when the same person looks in on both records.

    Which of the two goes on is somebody's decision: their rhythms and their bases may differ.
    """

    def move(self, source: UUID, target: UUID, only: Iterable[str] | None = None) -> Sequence[str]:
        open_ones = WatchAssignment.objects.filter(status__in=sorted(OPEN), watcher__isnull=False)
        watchers = open_ones.filter(resident=target).values("watcher")
        if open_ones.filter(resident=source, watcher__in=watchers).exists():
            raise Conflict(
                _("The same person looks in on both records. End one of the two watches first."),
                code="watched_twice",
            )
        return super().move(source, target, only)


class PausesOfResident(PointsAtResident):
    """Pauses follow a merge; of two open ones that of the surviving record goes on.

    A second open one would silence the watch after somebody has ended the one they see.
    """

    def move(self, source: UUID, target: UUID, only: Iterable[str] | None = None) -> Sequence[str]:
        open_ones = Pause.objects.filter(until=None)
        if open_ones.filter(resident=target).exists():
            open_ones.filter(resident=source).update(until=Greatest(F("since"), clock.now()))
        return super().move(source, target, only)
