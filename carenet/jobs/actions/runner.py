"""The runner of long work: batches, each a transaction of its own that also moves the count.

Whoever holds the advisory lock of a piece of work is at it; a worker that dies lets go of it with its
connection, its step undone, and the next one begins where the last whole step has ended. The row
itself stays free meanwhile, so that nobody waits who looks on or cancels.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from carenet.agencies.actors import system_actor
from carenet.agencies.selectors.roster import Staff
from carenet.audit.actions import (
    AuditContext,
    acting_as,
    audit_context,
    declare,
    log_write,
    write_log,
)
from carenet.core.decisions import demand
from carenet.core.errors import CarenetError, Forbidden, Invalid
from carenet.jobs import policy
from carenet.jobs.actions.exports import may_write
from carenet.jobs.actions.storage import content_of, delete, store
from carenet.jobs.models import MOST_TOLD, Job
from carenet.jobs.registry import Batch, Part, SheetExport, is_known, kind_named, kinds
from carenet.jobs.states import ACTIVE, JobState

logger = logging.getLogger(__name__)
#: So often a step may break off for a reason that nobody knows before the work is given up.
MOST_FAILURES = 3
#: The lock of whoever is at long work: the other workers stay free for reminders.
AT_WORK = "long work"
_LOOKED_AT = 50
_ACTIVE = sorted(ACTIVE)
_LONGEST_REASON = 1000


@contextmanager
def one_at_a_time() -> Iterator[bool]:
    """Say whether nobody else is at long work, and keep others from it until the end of the block.

    It is the connection's, for many transactions: with a worker that dies it is free again. The block
    keeps its connection.
    """
    ours = _asked("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", AT_WORK)
    try:
        yield ours
    finally:
        if ours:
            _asked("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", AT_WORK)


def run_one_batch(*, now: datetime) -> bool:
    """Do one step of the work that has waited longest, if its kind is known or it is only to end.

    False when nothing is to be done, or the step broke off: what was wrong is still wrong now, and
    the next sweep tries again.
    """
    with transaction.atomic(durable=True):
        job = _taken()
        if job is None:
            return False
        if job.cancel_asked_at is not None:
            _end(job, JobState.CANCELLED, now)
        else:
            with translation.override(job.language):
                return _run(job, now)
    return True


def _taken() -> Job | None:
    """Return work that nobody else is at, ours until the transaction ends."""
    known = Q(kind__in=[kind.name for kind in kinds()]) | Q(cancel_asked_at__isnull=False)
    agreed = (
        Q(needs_release=False) | Q(released_at__isnull=False) | Q(cancel_asked_at__isnull=False)
    )
    waiting = Job.objects.filter(known, agreed, state__in=_ACTIVE).order_by("moved_at")
    for pk in waiting.values_list("pk", flat=True)[:_LOOKED_AT]:
        if _try_lock(pk):
            # Read after the lock: what the one before us did stands in the row.
            job = Job.objects.select_related("agency", "owner").filter(state__in=_ACTIVE, pk=pk)
            found = job.first()
            if found is not None and _free(found):
                return found
    return None


def _free(job: Job) -> bool:
    """Whether its rows may be read now: an export waits while files of exports are changed."""
    sheet = is_known(job.kind) and isinstance(kind_named(job.kind), SheetExport)
    return not sheet or may_write()


def _try_lock(pk: UUID) -> bool:
    return _asked("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", f"job {pk}")


def _asked(sql: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [name])
        return bool(cursor.fetchone() == (True,))


def _run(job: Job, now: datetime) -> bool:
    """Do one step; False where it broke off and is to be tried again."""
    try:
        with transaction.atomic():
            _run_batch(job, now)
    except CarenetError as refused:
        _fail(job, _as_text(refused), now)
    except Exception:
        logger.exception("job %s: a step broke off", job.pk)
        failures = job.failures + 1
        if failures >= MOST_FAILURES:
            _fail(job, _("Something unexpected stopped this work. Tell the operator."), now)
        else:
            Job.objects.filter(pk=job.pk).update(failures=failures, moved_at=now)
            return False
    return True


def _run_batch(job: Job, now: datetime) -> None:
    """Do one step as the owner may now: rights that have ended end the work."""
    actor = Staff.of(job.agency).actor(job.owner)
    if actor is None:
        raise Forbidden(_("You do not work for this agency any more."))
    demand(policy.can_run(actor, job.kind))
    kind = kind_named(job.kind)
    content = content_of(job) if kind.takes_file else b""
    part = Part(options=job.options, content=content, at=job.at, preview=job.preview)
    with audit_context(
        AuditContext(who=actor.who, action=f"job {kind.name}", request_id=str(job.pk))
    ) as trail:
        declare(actor.who)
        batch = kind.run_batch(actor, part)
        write_log(trail, failed=False)
    _move(job, batch, now)
    if batch.at is None:
        # Locked by now: an export that was cancelled while it wrote its last rows hands none out.
        job.refresh_from_db(fields=["cancel_asked_at", "reason"])
        ended = job.cancel_asked_at and isinstance(kind, SheetExport)
        _end(job, JobState.CANCELLED if ended else JobState.DONE, now)


def _move(job: Job, batch: Batch, now: datetime) -> None:
    job.state, job.moved_at, job.failures = JobState.RUNNING, now, 0
    job.done += batch.done
    job.total = max(job.total, job.done)
    job.at = batch.at or ""
    job.counts = dict(Counter(job.counts) + Counter(batch.counts))
    # One more than is shown says that there are more.
    job.told = [*job.told, *batch.told][: MOST_TOLD + 1]
    if batch.content:
        job.files = [*job.files, store(batch.content)]
    job.save(
        update_fields=[
            "state", "moved_at", "failures", "done", "total", "at", "counts", "told", "files",
        ]
    )  # fmt: skip


def _fail(job: Job, reason: str, now: datetime) -> None:
    # The step that broke off is undone; the row says where it began.
    job.refresh_from_db()
    job.reason = reason[:_LONGEST_REASON]
    _end(job, JobState.FAILED, now)


def _end(job: Job, state: JobState, now: datetime) -> None:
    """Write how it ended. What came in is needed no more, nor is half of what was to go out."""
    job.state, job.finished_at = state, now
    # A kind that this release does not know is never done, only ended.
    if state != JobState.DONE or not (job.preview or not kind_named(job.kind).takes_file):
        delete(job.files)
        job.files = []
    job.save(update_fields=["state", "finished_at", "reason", "files"])
    who = system_actor(job.agency).who
    with acting_as(who):
        log_write(
            who, "job.end", "job", job.pk,
            state=str(state), done=job.done, total=job.total,
        )  # fmt: skip


def _as_text(refused: CarenetError) -> str:
    if isinstance(refused, Invalid):
        return " ".join(str(each) for each in refused.fields.values())
    return str(refused.detail)
