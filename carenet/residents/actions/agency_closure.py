"""The register of an agency that closes goes to its successor, with the protection of addresses."""

from __future__ import annotations

from carenet.agencies.registry import ClosureBatch
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.residents.actions.inquiries import INQUIRY_REMINDER, notify_inquirer
from carenet.residents.models import Inquiry, Resident


def pass_residents(batch: ClosureBatch) -> None:
    """Let the successor be the one that registered these people: registered with `agencies`.

    It alone lifts the protection of their addresses from now on. Nothing of the person changes, so the
    history of the record begins no new version; the trail says who handed it on.
    """
    held = Resident.objects.select_for_update(no_key=True).filter(pk__in=batch.ids).order_by("pk")
    Resident.objects.filter(pk__in=[each.pk for each in held]).update(registered_by=batch.successor)
    log_write(batch.by.who, "resident.pass_on", "resident", *batch.ids, to=str(batch.successor.pk))


def pass_inquiries(batch: ClosureBatch) -> None:
    """Let the successor ask and answer; an inquiry between the two of them is over."""
    now, successor = clock.now(), batch.successor
    for inquiry in Inquiry.objects.select_for_update().filter(pk__in=batch.ids).order_by("pk"):
        asks = inquiry.asked_by_id == batch.agency.pk
        other = inquiry.asked_of_id if asks else inquiry.asked_by_id
        if other == successor.pk:
            inquiry.until = now
            cancel_reminder(kind=INQUIRY_REMINDER, subject_id=inquiry.pk, because="agency_closed")
        elif asks:
            inquiry.asked_by = successor
        else:
            inquiry.asked_of = successor
        inquiry.save_version()
        if not asks and other != successor.pk:
            schedule_reminder(
                kind=INQUIRY_REMINDER,
                subject_id=inquiry.pk,
                subject_code=inquiry.code,
                agency=successor,
                due_at=now,
            )
        elif other == successor.pk and not asks:
            notify_inquirer(inquiry, now)
        log_write(batch.by.who, "inquiry.pass_on", "inquiry", inquiry.pk, to=str(successor.pk))
