"""Who sees a record, corrects it, sees and protects its address, ends it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext as _

from carenet.access.compiled_rules import CompiledRule
from carenet.access.models import AccessEntry
from carenet.access.policy import shared_with
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.decisions import ALLOWED, Decision, Denied, asked_once, needs_ability
from carenet.residents.models import EndedBecause, Resident, ResidentShare
from carenet.residents.registry import resident_visibilities

#: What an answered inquiry gives: to read the record.
VIEW = "view_resident"


def visible_to(actor: Actor) -> QuerySet[Resident]:
    """Return the residents whom the actor's own work concerns."""
    if not actor.may("residents.view"):
        return Resident.objects.none()
    return Resident.objects.filter(SEEN(actor), merged_into=None)


def reached_by(actor: Actor) -> QuerySet[Any, Any]:
    """Return ids of residents by index: all whom the actor sees are among them, some twice."""
    own = Resident.objects.filter(registered_by=actor.agency_id).values("pk")
    shared = ResidentShare.objects.filter(group=actor.group_id).values("content_object")
    by_rooms = [ids for way in resident_visibilities for ids in way.reaches(actor)]
    return own.union(shared, *by_rooms, all=True)


def is_led_to_few(actor: Actor, most: int) -> bool:
    """Whether so many people at most are registered by the actor's agency, or lead it by an entry.

    Counted by indexes alone, up to there: it says how to search, not who is seen.
    """
    entries = AccessEntry.objects.filter(
        kind__in=["case", "referral"], agency=actor.agency_id, restricted=False
    )
    own = Resident.objects.filter(registered_by=actor.agency_id)
    one = Value(1)
    rows = entries.values_list(one).union(own.values_list(one), all=True)
    return rows[: most + 1].count() <= most


def worked_with_by(actor: Actor) -> QuerySet[Resident]:
    """Return the residents whom the actor sees through work of their own, not by an inquiry alone."""
    if not actor.may("residents.view"):
        return Resident.objects.none()
    return Resident.objects.filter(KNOWN_BY_WORK(actor), merged_into=None)


@needs_ability("residents.view")
def can_view(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may see this person at all; the object rule of `visible_to`."""
    if visible_to(actor).filter(pk=resident.pk).exists():
        return ALLOWED
    return Denied(_("Nothing of your work concerns this person."), _("A case or a referral."))


@asked_once
@needs_ability("residents.edit")
def can_edit(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may correct the record."""
    if Resident.objects.filter(record_managed_by(actor), pk=resident.pk, merged_into=None).exists():
        return ALLOWED
    return not_record_manager()


@asked_once
def can_see_address(actor: Actor, resident: Resident) -> Decision:
    """Whether the address may be shown; asked of everybody once it is protected."""
    if not resident.address_protected or resident.registered_by_id == actor.agency_id:
        return ALLOWED
    seen = Resident.objects.filter(address_seen_by(actor), pk=resident.pk).exists()
    return address_decision(seen=seen)


def address_decision(*, seen: bool) -> Decision:
    """Return the decision that says whether the address is seen."""
    if seen:
        return ALLOWED
    return Denied(
        _("The address of this person is protected."),
        _("A disclosure of the address by the agency that registered the person."),
        code="address_protected",
    )


def address_seen_by(actor: Actor) -> Q:
    """Return the condition "the actor may see the address"; the list rule of `can_see_address`."""
    return (
        Q(address_protected=False)
        | Q(registered_by=actor.agency_id)
        | shared_with(actor, "resident", "view_protected_address")
    )


def can_protect_address(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may lift the protection: the agency that set it alone."""
    if resident.registered_by_id == actor.agency_id or not resident.address_protected:
        return can_edit(actor, resident)
    return Denied(
        _("Only the agency that registered the person may lift the address protection."),
        _("The registration of this person."),
        code="address_protected",
    )


def decide(actor: Actor, codename: str, resident: Resident) -> Decision:
    """Answer `has_perm` for residents."""
    rules: dict[str, Callable[[Actor, Resident], Decision]] = {
        VIEW: can_view,
        "change_resident": can_edit,
        "view_protected_address": can_see_address,
    }
    rule = rules.get(codename)
    if rule is None:
        return Denied(_("There is no such permission on residents."))
    seen = can_view(actor, resident)
    return rule(actor, resident) if seen and rule is not can_view else seen


@needs_ability("residents.end")
def can_end(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may record that the person has died or moved away."""
    if Resident.objects.filter(record_managed_by(actor), pk=resident.pk).exists():
        return ALLOWED
    return not_record_manager()


@needs_ability("residents.end")
def can_reinstate(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may undo the end: the agency that registered the person, or recorded it.

    Somebody who has moved away may come back at any time; a death is taken back within days only.
    """
    if actor.agency_id not in {resident.registered_by_id, resident.ended_by_id}:
        return not_record_manager()
    days = settings.RESIDENT_REINSTATE_DAYS
    latest = clock.now() - timedelta(days=days)
    died = resident.ended_because == EndedBecause.DIED
    if died and resident.ended_at and resident.ended_at <= latest:
        return Denied(
            _("A death is taken back within %(days)s days. Register the person anew.")
            % {"days": days},
            code="too_late",
        )
    return ALLOWED


def not_record_manager() -> Denied:
    return Denied(
        _("The record is kept by the agency that registered the person, or leads their case."),
        _("The lead of an open case of this person."),
        code="not_record_keeper",
    )


def registered_by(actor: Actor) -> Q:
    if not actor.does_casework:
        return Q(pk__in=[])
    return Q(registered_by=actor.agency_id)


def has_registered(actor: Actor, resident: Resident) -> bool:
    """Whether the actor's agency has registered this person, who is still on the register."""
    own = actor.does_casework and resident.registered_by_id == actor.agency_id
    return own and resident.merged_into_id is None


def record_managed_by(actor: Actor) -> Q:
    """Return the condition on residents "the actor's agency keeps the record"."""
    condition = registered_by(actor)
    for way in resident_visibilities:
        if way.edits:
            condition |= way.edits(actor)
    return condition


def kept_by(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Return of which of these residents the actor may correct the record, asked once for all."""
    if not actor.may("residents.edit"):
        return set()
    kept = Resident.objects.filter(record_managed_by(actor), pk__in=ids, merged_into=None)
    return set(kept.values_list("pk", flat=True))


def _worked_with(actor: Actor) -> Q:
    """Return the condition on residents "the agency registered them, or a room leads to them"."""
    condition = registered_by(actor)
    for way in resident_visibilities:
        condition |= way.sees(actor)
    return condition


#: The two of them, each built once for a kind of actor: they ask every room.
SEEN = CompiledRule(
    Resident, lambda actor: _worked_with(actor) | shared_with(actor, "resident", VIEW)
)
KNOWN_BY_WORK = CompiledRule(Resident, _worked_with)
