"""Long work is forgotten some days after its end, with its file and what it told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from carenet.jobs.actions.keeping import FOLDER, drop, shelf
from carenet.jobs.models import Job
from carenet.jobs.states import ENDED

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.storage import Storage

#: A file without a row is as old as this before it counts as left behind.
GRACE = timedelta(days=1)
_AT_ONCE = 500


def forget(*, now: datetime) -> int:
    """Delete work that ended `JOB_KEEP_DAYS` ago, and files that no row names; return how many rows.

    The trail keeps that there was such work.
    """
    with transaction.atomic():
        over = Job.objects.filter(
            state__in=sorted(ENDED), finished_at__lt=now - timedelta(days=settings.JOB_KEEP_DAYS)
        )
        old = list(over.select_for_update(skip_locked=True)[:_AT_ONCE])
        for job in old:
            drop(job.files)
        Job.objects.filter(pk__in=[job.pk for job in old]).delete()
    _forget_orphans(now)
    return len(old)


def _forget_orphans(now: datetime) -> None:
    files = shelf()
    kept = {name for names in Job.objects.values_list("files", flat=True) for name in names}
    for shard in _inside(files, FOLDER)[0]:
        folder = f"{FOLDER}/{shard}"
        for name in {f"{folder}/{each}" for each in _inside(files, folder)[1]} - kept:
            if files.get_modified_time(name) < now - GRACE:
                files.delete(name)


def _inside(files: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return files.listdir(folder)
    except FileNotFoundError:
        return [], []
