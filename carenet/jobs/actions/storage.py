"""Files of long work: a folder of their own in the storage, forgotten some days after its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from carenet.core.errors import Conflict
from carenet.jobs.models import Job
from carenet.jobs.states import ENDED, JobState
from carenet.rest.stored_files import delete_orphans, file_storage, new_name

FOLDER = "work/"


def store(content: bytes) -> str:
    """Write a file; return its name in the storage."""
    return file_storage().save(new_name(FOLDER), ContentFile(content))


def content_of(job: Job) -> bytes:
    """Return what was uploaded, or what was produced, as a whole; raises as `parts_of` does."""
    return b"".join(parts_of(job))


def parts_of(job: Job) -> Iterator[bytes]:
    """Return the same part by part, none of them read before its turn.

    Raises `Conflict` at once where one is gone; reading raises `OSError` where the storage fails.
    """
    if not all(file_storage().exists(name) for name in job.files):
        raise Conflict(_("The file of this work is lost. Begin anew."), code="file_lost")
    return map(_read, job.files)


def _read(name: str) -> bytes:
    with file_storage().open(name) as file:
        content: bytes = file.read()
    return content


def delete(names: Iterable[str]) -> None:
    """Delete files once the transaction has committed."""
    for name in names:
        transaction.on_commit(partial(file_storage().delete, name))


#: For so long a preview that has come to its end can be carried out.
PREVIEW_KEPT = timedelta(days=1)
_AT_ONCE = 500


def delete_ended(*, now: datetime) -> int:
    """Delete work that ended `JOB_KEEP_DAYS` ago, and files that no row names; return how many rows.

    A preview whose file nobody has put to use goes after `PREVIEW_KEPT`. The trail keeps that there
    was such work.
    """
    _end_unreleased(now)
    with transaction.atomic():
        old = Q(finished_at__lt=now - timedelta(days=settings.JOB_KEEP_DAYS))
        # Carried out, a preview has given its file on.
        unused = Q(preview=True, finished_at__lt=now - PREVIEW_KEPT) & ~Q(files=[])
        over = Job.objects.filter(old | unused, state__in=sorted(ENDED))
        found = list(over.select_for_update(skip_locked=True)[:_AT_ONCE])
        for job in found:
            delete(job.files)
        Job.objects.filter(pk__in=[job.pk for job in found]).delete()
    _delete_orphans(now)
    return len(found)


def _end_unreleased(now: datetime) -> None:
    """Let what nobody has agreed to in `JOB_KEEP_DAYS` end: whoever asked may ask again."""
    waits = Job.objects.filter(
        needs_release=True,
        released_at=None,
        cancel_asked_at=None,
        state=JobState.WAITING,
        created_at__lt=now - timedelta(days=settings.JOB_KEEP_DAYS),
    )
    waits.update(cancel_asked_at=now, reason=_("Nobody has agreed to it in time. Ask again."))


def _delete_orphans(now: datetime) -> None:
    kept = {name for names in Job.objects.values_list("files", flat=True) for name in names}
    delete_orphans(lambda _names: kept, now=now, folder=FOLDER)
