"""What people do with long work: ask for it, carry a preview out, cancel it, or close its agency."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carenet.agencies.actions import lock_membership
from carenet.agencies.actors import Actor
from carenet.agencies.registry import ClosureBatch
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import get_visible
from carenet.jobs import policy
from carenet.jobs.actions.storage import store
from carenet.jobs.models import Job
from carenet.jobs.registry import Options, kind_named, needs_release
from carenet.jobs.states import ACTIVE, JobState
from carenet.rest.uploads import MEGABYTE

#: As much as one person may have under way.
MOST_AT_ONCE = 3


@transaction.atomic
def start(*, actor: Actor, kind: str, options: Options, content: bytes = b"") -> Job:
    """Ask for work; what takes a file is a preview first.

    Raises `Invalid` where the work cannot begin as asked, `Conflict` with too much under way.
    """
    demand(policy.can_run(actor, kind))
    asked = kind_named(kind)
    if len(content) > settings.ATTACHMENT_MAX_BYTES:
        most = settings.ATTACHMENT_MAX_BYTES // MEGABYTE
        raise Invalid({"file": _("Send at most %(most)s MB.") % {"most": most}})
    _demand_room(actor)
    total = asked.begin(actor, options, content)
    files = [store(content)] if asked.takes_file else []
    return _begun(
        actor, kind=kind, options=options, total=total, preview=asked.takes_file, files=files
    )


@transaction.atomic
def apply_preview(*, actor: Actor, job_id: UUID) -> Job:
    """Do what a preview has shown, with the file that it had; once.

    Raises `Conflict` for what is no preview, has not come to its end, or was carried out before.
    """
    preview = _lock(actor, job_id)
    demand(policy.can_run(actor, preview.kind))
    if not preview.preview or preview.state != JobState.DONE:
        raise Conflict(_("Only a preview that has come to its end can be carried out."))
    if not preview.files:
        raise Conflict(_("This was carried out before. Look at what it has come to."))
    _demand_room(actor)
    files = preview.files
    preview.files = []
    preview.save(update_fields=["files"])
    return _begun(
        actor, kind=preview.kind, options=preview.options, total=preview.total, files=files,
        follows=preview,
    )  # fmt: skip


@transaction.atomic
def cancel(*, actor: Actor, job_id: UUID) -> Job:
    """Ask that the work ends after the step that it is on; what was done stays.

    To ask again changes nothing. Raises `Conflict` when it has ended.
    """
    job = _lock(actor, job_id)
    demand(policy.can_end(actor, job))
    if job.state not in ACTIVE:
        raise Conflict(_("This work has ended. There is nothing to cancel any more."))
    if job.cancel_asked_at is None:
        job.cancel_asked_at = clock.now()
        job.save(update_fields=["cancel_asked_at"])
        log_write(actor.who, "job.cancel", "job", job.pk)
    return job


@transaction.atomic
def release(*, actor: Actor, job_id: UUID) -> Job:
    """Agree to what somebody else of the agency has asked for: it begins with the next step.

    Raises `NotFound` for what does not wait for it, `Forbidden` for whoever has asked for it.
    """
    job = _lock_to_release(actor, job_id)
    job.released_by, job.released_at = actor.user, clock.now()
    job.save(update_fields=["released_by", "released_at"])
    log_write(actor.who, "job.release", "job", job.pk, work=job.kind)
    return job


@transaction.atomic
def refuse(*, actor: Actor, job_id: UUID, reason: str) -> Job:
    """Refuse what somebody else of the agency has asked for; they are told the reason."""
    job = _lock_to_release(actor, job_id)
    job.cancel_asked_at, job.reason = clock.now(), reason
    job.save(update_fields=["cancel_asked_at", "reason"])
    log_write(actor.who, "job.refuse", "job", job.pk, work=job.kind)
    return job


def _lock_to_release(actor: Actor, job_id: UUID) -> Job:
    own = policy.visible_to(actor).filter(pk=job_id).first()
    if own is not None:
        demand(policy.can_release(actor, own))
    job = get_visible(policy.to_release(actor).select_for_update(no_key=True), pk=job_id)
    demand(policy.can_release(actor, job))
    return job


def _lock(actor: Actor, job_id: UUID) -> Job:
    """Lock a row; a step holds it for no longer than its own last moment."""
    return get_visible(policy.visible_to(actor).select_for_update(no_key=True), pk=job_id)


def _demand_room(actor: Actor) -> None:
    if actor.user:  # two requests at once count one after the other
        lock_membership(actor.user, actor.agency)
    running = Job.objects.filter(owner=actor.user_id, state__in=sorted(ACTIVE))
    if running.count() >= MOST_AT_ONCE:
        raise Conflict(
            _("%(most)s pieces of your work are under way. Wait for one of them, or cancel it.")
            % {"most": MOST_AT_ONCE}
        )


def _begun(actor: Actor, **fields: Any) -> Job:
    language = get_language() or settings.LANGUAGE_CODE
    job = Job(agency=actor.agency, owner=actor.user, language=language, **fields)
    job.needs_release = needs_release(actor, kind_named(job.kind))
    job.save(force_insert=True)
    log_write(
        actor.who, "job.start", "job", job.pk,
        work=job.kind, preview=job.preview, total=job.total,
    )  # fmt: skip
    return job


def cancel_for_closure(batch: ClosureBatch) -> None:
    """Cancel these pieces of work: registered with `agencies`."""
    jobs = Job.objects.filter(pk__in=batch.ids, cancel_asked_at=None)
    jobs.update(cancel_asked_at=clock.now())
    log_write(batch.by.who, "job.cancel", "job", *batch.ids)
