"""What an agency is told of its watches: a case has ended and the watch has not, or it has."""

from __future__ import annotations

from datetime import timedelta

from carenet.agencies.actors import Actor
from carenet.cases.models import Case, Confidentiality
from carenet.core import clock
from carenet.reminders.actions import schedule_reminder
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import OPEN

CASE_ENDED = "watch.case_ended"
BASIS_ENDED = "watch.basis_ended"
TERM_ENDED = "watch.term_ended"
#: For so long it is news.
TOLD_FOR = timedelta(days=14)


def ask_on_case_end(*, actor: Actor, case: Case) -> None:  # noqa: ARG001 - whoever ends it
    """Ask the responsible agencies of the person's open watches: registered with `cases`.

    Of a restricted case its lead alone is asked: nobody else may learn that there was one.
    """
    watches = WatchAssignment.objects.filter(resident=case.resident_id, status__in=sorted(OPEN))
    if case.confidentiality != Confidentiality.NORMAL:
        watches = watches.filter(responsible_agency=case.lead_agency_id)
    for watch in watches.select_related("responsible_agency").order_by("pk"):
        schedule_reminder(
            kind=CASE_ENDED,
            subject_id=watch.pk,
            subject_code=watch.code,
            agency=watch.responsible_agency,
            due_at=clock.now(),
        )


def notify_of_end(watch: WatchAssignment, kind: str = BASIS_ENDED) -> None:
    """Tell the responsible agency that a watch is over: nothing carries it any more, or its term is."""
    schedule_reminder(
        kind=kind,
        subject_id=watch.pk,
        subject_code=watch.code,
        agency=watch.responsible_agency,
        due_at=clock.now(),
    )
