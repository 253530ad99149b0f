"""Long work of an agency that closes ends after the step that it is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.jobs.models import Job

if TYPE_CHECKING:
    from carenet.agencies.registry import ClosureBatch


def cancel_for_closure(batch: ClosureBatch) -> None:
    """Cancel these pieces of work: registered with `agencies`."""
    jobs = Job.objects.filter(pk__in=batch.ids, cancel_asked_at=None)
    jobs.update(cancel_asked_at=clock.now())
    log_write(batch.by.who, "job.cancel", "job", *batch.ids)
