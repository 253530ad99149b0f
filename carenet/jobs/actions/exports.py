"""What stands in exports follows what may stand there: files are removed, words are struck out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.errors import Conflict
from carenet.jobs.actions.storage import delete, parts_of, store
from carenet.jobs.models import Job
from carenet.jobs.registry import SheetExport, kind_named
from carenet.jobs.selectors import exports_with_addresses, exports_with_words, ids_showing
from carenet.jobs.states import ACTIVE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_ACTIVE = sorted(ACTIVE)
#: Shared by the steps of exports; whoever changes what stands in their files takes it alone.
_FILES = "files of exports"
LOST = _("The file of this work is lost. Begin anew.")


@transaction.atomic
def end_exports_with_address(
    *, actor: Actor, object_kind: str, object_ids: Collection[UUID], because: StrOrPromise
) -> Sequence[Job]:
    """End the exports in which an address of these objects stands; return those that were finished.

    `object_kind` is what the trail calls them; `because` is told to whoever asked for the exports. One
    that is under way and has not come to the address goes on: then it may not see it any more.
    """
    ended = []
    for job in _locked(exports_with_addresses(), object_kind, object_ids):
        finished = job.state not in ACTIVE
        _end(actor, job, because)
        if finished:
            ended.append(job)
    return ended


@transaction.atomic
def strike_out_of_exports(
    *,
    actor: Actor,
    object_kind: str,
    object_ids: Collection[UUID],
    strike: Callable[[str], str],
) -> None:
    """Strike words out of what exports, finished or under way, have written about these objects.

    `strike` returns a text without them. The work stands as it stood, so that its owner learns
    nothing; a file that cannot be written anew is removed.
    """
    for job in _locked(exports_with_words(), object_kind, object_ids):
        try:
            names = _struck(job, object_ids, strike)
        except (Conflict, OSError):
            _end(actor, job, LOST)
            continue
        if names != job.files:
            delete(set(job.files) - set(names))
            Job.objects.filter(pk=job.pk).update(files=names)
            log_write(actor.who, "job.strike_out", "job", job.pk)


def may_write() -> bool:
    """Whether nobody changes what stands in files of exports, until the transaction ends.

    A step asks before it reads its rows: so none is under way that nobody has looked for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(hashtextextended(%s, 0))", [_FILES])
        return bool(cursor.fetchone() == (True,))


def _locked(
    exports: QuerySet[Job], object_kind: str, object_ids: Collection[UUID]
) -> Sequence[Job]:
    """Lock the exports that show one of these objects, once the steps under way have ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_FILES])
    found = exports.filter(Q(state__in=_ACTIVE) | ~Q(files=[]))
    jobs = list(found.select_for_update(of=("self",), no_key=True).order_by("pk"))
    showing = ids_showing(object_kind, object_ids, jobs)
    return [job for job in jobs if job.pk in showing]


def _end(actor: Actor, job: Job, because: StrOrPromise) -> None:
    with translation.override(job.language):
        reason = str(because)
    if job.state in ACTIVE:
        Job.objects.filter(pk=job.pk).update(cancel_asked_at=clock.now(), reason=reason)
        log_write(actor.who, "job.cancel", "job", job.pk)
    else:
        delete(job.files)
        Job.objects.filter(pk=job.pk).update(files=[], reason=reason)
        log_write(actor.who, "job.remove_file", "job", job.pk)


def _struck(job: Job, object_ids: Collection[UUID], strike: Callable[[str], str]) -> list[str]:
    """Return the names of the parts, those that change written anew."""
    kind, names = kind_named(job.kind), []
    for name, content in zip(job.files, parts_of(job), strict=True):
        struck = content
        if isinstance(kind, SheetExport):
            struck = kind.struck(content, object_ids, strike)
        names.append(name if struck == content else store(struck))
    return names
