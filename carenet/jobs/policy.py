"""Who sees long work and may begin or end it: whoever has asked for it, for the same agency."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditAction, AuditEntry
from carenet.core import clock
from carenet.core.decisions import ALLOWED, Decision, Denied, needs_ability
from carenet.jobs.models import Job
from carenet.jobs.registry import ADDRESS, SheetExport, is_known, kind_named
from carenet.jobs.states import JobState

#: How much earlier than its row, or later than its end, a work may have written into the trail: the last
#: step ends after the time that it notes, and two processes may go by clocks that differ.
CLOCKS_APART = timedelta(minutes=5)


def visible_to(actor: Actor) -> QuerySet[Job]:
    """Return the work that the actor has asked for."""
    if not actor.may("jobs.view") or actor.user is None:
        return Job.objects.none()
    return Job.objects.filter(owner=actor.user_id, agency=actor.agency_id)


def overseen_by(actor: Actor) -> QuerySet[Job]:
    """Return the work of the actor's agency for its managers: that it runs and for whom, no more."""
    if not (actor.may("jobs.view") and actor.may("agencies.manage_members")):
        return Job.objects.none()
    return Job.objects.filter(agency=actor.agency_id)


@needs_ability("jobs.view")
def can_view(actor: Actor, job: Job) -> Decision:
    """Whether the actor may follow the work; the object rule of `visible_to`."""
    return _owned(actor, job)


@needs_ability("jobs.run")
def can_run(actor: Actor, kind: str) -> Decision:
    """Whether the actor may let such work run: as the same may be done over the API, and no less."""
    if not is_known(kind):
        return Denied(
            _("There is no such work here."), _("A release that knows this kind of work.")
        )
    return actor.may(kind_named(kind).ability)


@needs_ability("jobs.run")
def can_end(actor: Actor, job: Job) -> Decision:
    """Whether the actor may cancel the work."""
    return _owned(actor, job)


def to_release(actor: Actor) -> QuerySet[Job]:
    """Return what somebody else of the actor's agency has asked for and the actor may agree to."""
    if not actor.may("jobs.release") or actor.user is None:
        return Job.objects.none()
    waits = Job.objects.filter(needs_release=True, released_at=None, cancel_asked_at=None)
    return waits.filter(agency=actor.agency_id, state=JobState.WAITING).exclude(owner=actor.user_id)


@needs_ability("jobs.release")
def can_release(actor: Actor, job: Job) -> Decision:
    """Whether the actor may agree to the work, or refuse it: never whoever has asked for it."""
    if job.agency_id != actor.agency_id:
        return Denied(_("This is another agency's work."), _("A manager or auditor of it."))
    if actor.user is None or job.owner_id == actor.user_id:
        return Denied(
            _("Somebody else has to agree to what you have asked for."),
            _("A second person: a manager or auditor of your agency."),
            code="second_person_needed",
        )
    return ALLOWED


def can_take(actor: Actor, job: Job) -> Decision:
    """Whether the actor may have the file that the work has produced; asked again each time.

    It is theirs as long as they may see every row and every address in it: who has left the role or the
    agency that showed them a row does not take it along. Which those are stands in the trail; where
    fewer are found than the work wrote, nobody can say so, and it is not theirs.
    """
    seen = can_view(actor, job)
    allowed = can_run(actor, job.kind) if seen else seen
    if not allowed:
        return allowed
    kind = kind_named(job.kind)
    if not isinstance(kind, SheetExport):
        return ALLOWED
    written = _written(job)
    rows = written[kind.row_kind]
    if len(rows) < job.done:
        return Denied(
            _("The trail does not tell any more which rows stand in this file. Ask for it anew."),
            _("A trail that tells of each of its rows."),
        )
    if not (
        kind.still_sees(actor, job.options, rows)
        and kind.still_sees_addresses(actor, written[ADDRESS])
    ):
        return Denied(
            _("You may not see everything any more that stands in this file. Ask for it anew."),
            _("To see each of its rows."),
        )
    return ALLOWED


def _written(job: Job) -> dict[str, set[UUID]]:
    """Return what stands in the file of an export, by what the trail calls it."""
    # By agency and time, which the trail has an index of.
    reads = AuditEntry.objects.filter(
        agency_id=job.agency_id,
        time__gte=job.created_at - CLOCKS_APART,
        time__lte=(job.finished_at or clock.now()) + CLOCKS_APART,
        request_id=str(job.pk),
        deed=AuditAction.READ,
    )
    found: dict[str, set[UUID]] = defaultdict(set)
    for kind, ids in reads.values_list("object_kind", "object_ids"):
        found[kind].update(ids)
    return found


def _owned(actor: Actor, job: Job) -> Decision:
    if actor.user is not None and (job.owner_id, job.agency_id) == (
        actor.user_id,
        actor.agency_id,
    ):
        return ALLOWED
    return Denied(
        _("Somebody else has asked for this work."), _("To be the one who has asked for it.")
    )
