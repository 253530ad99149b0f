"""Exports are ended because something in them may not be handed out any more: the files are removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import translation

from carenet import clock
from carenet.audit.actions import record
from carenet.jobs.actions.keeping import drop
from carenet.jobs.models import Job
from carenet.jobs.selectors import exports, ids_showing
from carenet.jobs.states import ACTIVE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor

_ACTIVE = sorted(ACTIVE)


@transaction.atomic
def end_exports_showing(
    *,
    actor: Actor,
    object_kind: str,
    object_id: UUID,
    because: StrOrPromise,
    with_address: bool = False,
) -> Sequence[Job]:
    """End the exports that show an object, or its address alone; return those that were finished.

    `object_kind` is what the trail calls it; `because` is told to whoever asked for them. Those that
    are still under way end as well, whomever they show: what a step shows is in the trail only once it
    is over.
    """
    held = exports(with_address=with_address).filter(Q(state__in=_ACTIVE) | ~Q(files=[]))
    jobs = list(held.select_for_update(of=("self",), no_key=True).order_by("pk"))
    showing = ids_showing(object_kind, object_id, jobs)
    ended = []
    for job in jobs:
        with translation.override(job.language):
            reason = str(because)
        if job.state in ACTIVE:
            Job.objects.filter(pk=job.pk).update(cancel_asked_at=clock.now(), reason=reason)
            record(actor.who, "job.cancel", "job", job.pk)
        elif job.pk in showing:
            drop(job.files)
            Job.objects.filter(pk=job.pk).update(files=[], reason=reason)
            record(actor.who, "job.remove_file", "job", job.pk)
            ended.append(job)
    return ended
