"""The handover of a term is planned, changed, released, scheduled and called off: nothing moves yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.actions import log_out_of_reach, log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.residents.actions import is_refused, note_consents
from carenet.residents.models import Consent, ConsentMethod, ConsentPole, Resident
from carenet.rest.limits import demand_near
from carenet.watchover import policy
from carenet.watchover.actions.bases import READ
from carenet.watchover.actions.locks import log_event
from carenet.watchover.models import HandoverPair, WatchAssignment, WatchHandover
from carenet.watchover.selectors.handover import last_day_of_term, touched
from carenet.watchover.states import HandoverStatus

#: What the trail calls it.
KIND = "watchhandover"


@transaction.atomic
def plan(
    *,
    actor: Actor,
    pairs: Sequence[dict[str, Any]],
    effective_on: date | None = None,
    term_until: date | None = None,
    consented: Iterable[UUID] = (),
) -> WatchHandover:
    """Plan to whom the watches of those who leave go; nothing moves by that.

    Each pair has `outgoing` and perhaps `successor`, each with an agency, the actor's own without.
    Without `term_until` the new term ends when all terms do. Raises `Conflict` where somebody's
    watches are in another plan already, `Invalid` for days that cannot be.
    """
    demand(policy.can_plan_handover(actor))
    day = effective_on or clock.today()
    handover = WatchHandover(
        agency=actor.agency,
        ward_wide=policy.hands_over_ward(actor),
        effective_on=effective_on,
        term_until=term_until or last_day_of_term(day),
    )
    _demand_days(handover)
    handover.save()
    _write_pairs(handover, pairs)
    _note_consents(actor, handover, consented)
    handover.save()
    log_write(actor.who, "handover.plan", KIND, handover.pk)
    return handover


@transaction.atomic
def change(
    *, actor: Actor, handover_id: UUID, version: int | None = None, **changes: Any
) -> WatchHandover:
    """Change an open plan: `pairs`, `effective_on`, `term_until`, `consented`; the rest stays."""
    handover = lock_plan(actor, handover_id, version)
    if "effective_on" in changes:
        handover.effective_on = changes["effective_on"]
        if "term_until" not in changes:
            handover.term_until = last_day_of_term(handover.effective_on or clock.today())
    if changes.get("term_until"):
        handover.term_until = changes["term_until"]
    if handover.status == HandoverStatus.SCHEDULED and handover.effective_on is None:
        raise Invalid({"effective_on": _("Give the day on which it is to be carried out.")})
    _demand_days(handover)
    if "pairs" in changes:
        handover.pairs.all().delete()
        _write_pairs(handover, changes["pairs"])
    if "consented" in changes:
        _note_consents(actor, handover, changes["consented"])
    return save_plan_version(actor, handover, "change", fields=sorted(changes))


@transaction.atomic
def schedule(*, actor: Actor, handover_id: UUID, version: int | None = None) -> WatchHandover:
    """Let it be carried out by itself at the midnight, in Japan, in which its day begins."""
    handover = lock_plan(actor, handover_id, version)
    if handover.effective_on is None:
        raise Invalid({"effective_on": _("Give the day on which it is to be carried out.")})
    _demand_days(handover)
    handover.status = HandoverStatus.SCHEDULED
    return save_plan_version(actor, handover, "schedule")


@transaction.atomic
def release(*, actor: Actor, handover_id: UUID, version: int | None = None) -> WatchHandover:
    """Let each successor read the briefing of what goes to them, from now on."""
    handover = lock_plan(actor, handover_id, version)
    handover.released_at = handover.released_at or clock.now()
    return save_plan_version(actor, handover, "release")


@transaction.atomic
def call_off(*, actor: Actor, handover_id: UUID, version: int | None = None) -> WatchHandover:
    """Call an open plan off: everything stays in the hands in which it is."""
    handover = lock_plan(actor, handover_id, version)
    close(handover, HandoverStatus.CANCELLED, actor)
    return save_plan_version(actor, handover, "cancel")


def lock_plan(actor: Actor, handover_id: UUID, version: int | None) -> WatchHandover:
    """Lock a plan that is still open.

    Raises `NotFound`, `Forbidden`, `PreconditionFailed` for a stale version, and `Conflict` that says
    who has carried it out or called it off.
    """
    found = policy.handovers_visible_to(actor).select_related("agency", "done_by")
    handover = get_visible(found.select_for_update(of=("self",), no_key=True), pk=handover_id)
    demand(policy.can_plan_handover(actor))
    if not handover.is_open:
        raise Conflict(
            _("This handover is over: %(status)s on %(day)s by %(person)s. Look at its lines.")
            % {
                "status": HandoverStatus(handover.status).label,
                "day": timezone.localtime(handover.done_at).strftime("%Y-%m-%d %H:%M"),
                "person": handover.done_by.name if handover.done_by else _("the system"),
            },
            code="handover_over",
        )
    check_version(handover, version)
    return handover


def save_plan_version(
    actor: Actor, handover: WatchHandover, verb: str, **data: Any
) -> WatchHandover:
    handover.save_version()
    log_write(actor.who, f"handover.{verb}", KIND, handover.pk, **data)
    return handover


def close(handover: WatchHandover, status: HandoverStatus, actor: Actor) -> None:
    handover.status, handover.done_at, handover.done_by = status, clock.now(), actor.user
    handover.pairs.update(open=False)


def _write_pairs(handover: WatchHandover, pairs: Sequence[dict[str, Any]]) -> None:
    here = handover.agency
    rows = [
        HandoverPair(
            handover=handover,
            agency=here,
            outgoing=each["outgoing"],
            outgoing_agency=each.get("outgoing_agency") or here,
            successor=each.get("successor"),
            successor_agency=(each.get("successor_agency") or here)
            if each.get("successor")
            else None,
        )
        for each in pairs
    ]
    if len({(row.outgoing_id, row.outgoing_agency_id) for row in rows}) != len(rows):
        raise Invalid({"pairs": _("Name everybody who leaves once.")})
    try:
        with transaction.atomic():
            HandoverPair.objects.bulk_create(rows)
    except IntegrityError as error:
        if "one_open_handover_per_person" not in str(error):
            raise
        raise Conflict(
            _("The watches of one of these people are in another open handover. Change that one."),
            code="handover_exists",
        ) from error


def _note_consents(actor: Actor, handover: WatchHandover, consented: Iterable[UUID]) -> None:
    """Write down for which watches the person was asked anew and agrees; raises `Invalid` for others.

    Their word is a consent like any other, to the agency of who comes after: it can be withdrawn.
    """
    wanted = set(consented)
    found = {
        each.pk: each for each in touched(handover).filter(pk__in=wanted).select_related("resident")
    }
    if wanted - found.keys():
        log_out_of_reach("watchassignment", *wanted)
        raise Invalid({"consented": _("Name watches of those who leave.")})
    for pk in sorted(wanted - set(handover.consented)):
        log_event(actor, "consent_anew", found[pk], handover=str(handover.pk))
    handover.consented = sorted(wanted)
    for pair in handover.pairs.select_related("successor_agency"):
        if pair.successor_agency is None:
            continue
        place = (pair.outgoing_id, pair.outgoing_agency_id)
        asked = {
            watch.resident_id: watch.resident
            for watch in found.values()
            if watch.sharing_basis == SharingBasis.CONSENT and place in places_of(watch)
        }
        note_consents(
            actor=actor,
            residents=_unsaid(asked, pair.successor_agency),
            agencies=[pair.successor_agency],
            pole=ConsentPole.GIVEN,
            categories=sorted(READ),
            method=ConsentMethod.ORAL,
            given_by=_("the person"),
        )


def _unsaid(residents: Mapping[UUID, Resident], agency: Agency) -> list[Resident]:
    """Return whose consent to an agency is not on record yet; who refuses it is not asked by the way."""
    said: dict[UUID, list[Consent]] = defaultdict(list)
    for consent in Consent.objects.live().filter(resident__in=residents):
        said[consent.resident_id].append(consent)
    return [
        person
        for pk, person in sorted(residents.items())
        if not is_refused(said[pk], agency)
        and not any(
            each.pole == ConsentPole.GIVEN and each.covers(agency, READ) for each in said[pk]
        )
    ]


def places_of(watch: WatchAssignment) -> set[tuple[UUID | None, UUID | None]]:
    """Return who looks in and stands by, each with the agency for which they do."""
    return {
        (watch.watcher_id, watch.watcher_agency_id),
        (watch.backup_id, watch.backup_agency_id),
    }


def _demand_days(handover: WatchHandover) -> None:
    today, day = clock.today(), handover.effective_on
    if day is not None and day <= today:
        raise Invalid({"effective_on": _("Give a day ahead, or none: at once.")})
    demand_near("effective_on", day, "WATCH_HANDOVER_MOST_DAYS")
    if handover.term_until < (day or today):
        raise Invalid({"term_until": _("Give a day that is not before the beginning.")})
