"""One person, two records: merging them (名寄せ), and undoing that.

The survivor keeps its own words; what points at the other record moves to it, and the other one stays
as a sign that leads there. Both rows are locked first, in the order of their ids, then what points at
them, in the order in which the rooms have registered.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.access.actions import end_grants_on, move_grants
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write, no_such
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid, NotFound
from carenet.core.models import check_version
from carenet.residents import policy
from carenet.residents.actions.expiry_reminders import remind_of_everything
from carenet.residents.actions.history import facts, record_version
from carenet.residents.actions.protection import end_exports_with_address
from carenet.residents.models import RecordChange, Resident, ResidentMerge
from carenet.residents.registry import pointers_at_residents

#: Under which a merge notes that it protected the survivor's address.
PROTECTED = "address_protected"
ADDRESS = "view_protected_address"


@transaction.atomic
def merge(
    *,
    actor: Actor,
    survivor_id: UUID,
    loser_id: UUID,
    reason: str,
    version: int | None = None,
    loser_version: int | None = None,
) -> ResidentMerge:
    """Make one record of two, both of which the actor may correct, as they were compared.

    The survivor's fields stay; an address that either one protects is protected. Sight of the loser
    by an answered inquiry becomes sight of the survivor; disclosures of the loser's address end.
    What falls due about the loser falls due about the survivor. Raises `NotFound` when one is out of
    reach, `Invalid` when both are the same, `Conflict` when one of them alone has ended,
    `PreconditionFailed` when somebody has changed one of them since.
    """
    if survivor_id == loser_id:
        raise Invalid({"other": _("Name another record than the one that stays.")})
    survivor, loser = _lock_both(actor, survivor_id, loser_id)
    demand(policy.can_merge(actor, survivor, loser))
    check_version(survivor, version)
    check_version(loser, loser_version)
    if survivor.is_ended != loser.is_ended:
        raise Conflict(
            _("One of the two records has ended. End or reinstate the other one first."),
            code="record_ended",
        )
    moved = {pointer.name: pointer.move(loser.pk, survivor.pk) for pointer in pointers_at_residents}
    grants = move_grants(actor=actor, source=loser, target=survivor, codename=policy.VIEW)
    end_grants_on(actor=actor, subject=loser, codename=ADDRESS)
    protects = loser.address_protected and not survivor.address_protected
    merged = ResidentMerge.objects.create(
        survivor=survivor,
        loser=loser,
        reason=reason,
        moved={"rows": moved, "grants": [str(grant.pk) for grant in grants], PROTECTED: protects},
        by_agency=actor.agency,
        by_user=actor.user,
    )
    _change(actor, loser, RecordChange.MERGE, reason, merged_into=survivor)
    _change(actor, survivor, RecordChange.MERGE, reason, **({PROTECTED: True} if protects else {}))
    if protects:
        end_exports_with_address(actor, survivor)
    _reschedule_reminders(survivor, loser)
    log_write(actor.who, "resident.merge", "resident", survivor.pk, loser.pk)
    return merged


@transaction.atomic
def unmerge(
    *, actor: Actor, survivor_id: UUID, loser_id: UUID, reason: str, version: int | None = None
) -> ResidentMerge:
    """Put back what a merge has moved and what still stands where it was moved to.

    What came to the survivor since then stays with it. Raises `NotFound` out of reach, `Conflict`
    when this merge is not in force.
    """
    demand(actor.may("residents.merge"))
    if not policy.visible_to(actor).filter(pk=survivor_id).exists():
        raise NotFound
    held = _lock(Resident.objects.filter(pk__in=[survivor_id, loser_id]))
    survivor = held[survivor_id]
    check_version(survivor, version)
    merged = (
        survivor.merges.select_for_update(of=("self",))
        .select_related("loser")
        .filter(loser=loser_id, undone_at=None)
        .first()
    )
    if merged is None:
        raise Conflict(_("This record is not merged into the other one now."), code="not_merged")
    demand(policy.can_unmerge(actor, merged))
    loser = held[loser_id]
    for pointer in pointers_at_residents:
        pointer.move(survivor.pk, loser.pk, only=merged.moved["rows"].get(pointer.name, ()))
    move_grants(
        actor=actor,
        source=survivor,
        target=loser,
        codename=policy.VIEW,
        only=merged.moved["grants"],
    )
    lifts = merged.moved[PROTECTED] and not _decided_since(merged)
    _change(actor, loser, RecordChange.UNMERGE, reason, merged_into=None)
    _change(actor, survivor, RecordChange.UNMERGE, reason, **({PROTECTED: False} if lifts else {}))
    _note_undone(actor, merged, reason)
    _reschedule_reminders(survivor, loser)
    log_write(actor.who, "resident.unmerge", "resident", survivor.pk, loser.pk)
    return merged


def demand_unmerged(resident_id: UUID) -> None:
    """Raise `Conflict` when a record has become part of another one since it was looked up.

    Asked after a row that points at it was written, in the same transaction: the foreign key has
    waited for a merge under way, and one that comes later moves the row.
    """
    if Resident.objects.filter(pk=resident_id, merged_into__isnull=False).exists():
        raise Conflict(_("This record was just merged with another one. Look the person up again."))


def _lock_both(actor: Actor, survivor_id: UUID, loser_id: UUID) -> tuple[Resident, Resident]:
    found = _lock(policy.visible_to(actor).filter(pk__in=[survivor_id, loser_id]))
    if survivor_id not in found:
        raise NotFound
    if loser_id not in found:
        raise no_such("other", "resident", [loser_id])
    return found[survivor_id], found[loser_id]


def _lock(rows: QuerySet[Resident]) -> dict[UUID, Resident]:
    """Lock records until the transaction ends, everybody in the same order."""
    return {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}


def _change(
    actor: Actor, resident: Resident, change: RecordChange, reason: str, **fields: object
) -> None:
    before = facts(resident)
    for name, value in fields.items():
        setattr(resident, name, value)
    resident.save_version()
    record_version(actor=actor, resident=resident, change=change, before=before, reason=reason)


def _reschedule_reminders(*records: Resident) -> None:
    """Let what falls due about a person follow what it is about."""
    for resident in records:
        if not resident.is_ended:
            remind_of_everything(resident)


def _decided_since(merged: ResidentMerge) -> bool:
    """Whether somebody has decided on the survivor's address protection after the merge."""
    since = merged.survivor.versions.filter(at__gt=merged.at, change=RecordChange.EDIT)
    return since.filter(changes__has_key=PROTECTED).exists()


def _note_undone(actor: Actor, merged: ResidentMerge, reason: str) -> None:
    merged.undone_at = clock.now()
    merged.undone_reason = reason
    merged.undone_by_agency = actor.agency
    merged.undone_by_user = actor.user
    merged.save()
