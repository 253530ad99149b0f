"""Long work is forgotten some days after its end, with its file and what it told.

A preview that nobody carries out goes after a day: what was uploaded for it is full of people.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from carenet.jobs.actions.storage import FOLDER, delete
from carenet.jobs.models import Job
from carenet.jobs.states import ENDED
from carenet.rest.stored_files import delete_orphans

if TYPE_CHECKING:
    from datetime import datetime


#: For so long a preview that has come to its end can be carried out.
PREVIEW_KEPT = timedelta(days=1)
_AT_ONCE = 500


def delete_ended(*, now: datetime) -> int:
    """Delete work that ended `JOB_KEEP_DAYS` ago, and files that no row names; return how many rows.

    A preview whose file nobody has put to use goes after `PREVIEW_KEPT`. The trail keeps that there
    was such work.
    """
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


def _delete_orphans(now: datetime) -> None:
    kept = {name for names in Job.objects.values_list("files", flat=True) for name in names}
    delete_orphans(lambda _names: kept, now=now, folder=FOLDER)
