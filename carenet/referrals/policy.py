"""Who sees a referral, in which part, and which verbs that part has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from carenet.access.registry import Standing
from carenet.agencies.actors import Actor
from carenet.agencies.selectors import somebody_may
from carenet.cases import policy as cases
from carenet.cases.models import Case, Confidentiality
from carenet.core import clock
from carenet.core.decisions import ALLOWED, Decision, Denied, needs_ability
from carenet.core.models import not_ended
from carenet.referrals.models import Referral
from carenet.referrals.states import PROGRESS, TABLE, ReferralStatus, Side, Verb

DRAFT, DISCARDED = ReferralStatus.DRAFT, ReferralStatus.DISCARDED

#: The ability that each verb of the API needs, besides the part in the referral.
VERB_ABILITIES = {verb: row.ability for verb, row in TABLE.items() if row.ability}


def visible_to(actor: Actor) -> QuerySet[Referral]:
    """Return the referrals in which the actor has a part: as S, as R once sent, as C."""
    if not actor.may("referrals.view"):
        return Referral.objects.none()
    now = clock.now()
    part = Q(pk__in=[])
    if actor.does_casework:
        part |= Q(sender=actor.agency_id) & not_ended(now, "s_until")
        part |= (
            Q(receiver=actor.agency_id)
            & ~Q(status=DRAFT)
            & not_ended(now, "r_until")
            # What nobody has taken note of yet is not shown for the first time without its basis.
            & (~Q(status=ReferralStatus.SENT) | carrying(now))
        )
    if actor.coordinates:
        part |= Q(coordinator=actor.agency_id) & ~Q(status=DRAFT)
    named = cases.named_cases(actor).filter(case=OuterRef("case_id"))
    open_to_all = Q(case__confidentiality=Confidentiality.NORMAL) | Q(Exists(named))
    return Referral.objects.filter(part & open_to_all).exclude(status=DISCARDED)


def sides(actor: Actor, referral: Referral) -> frozenset[Side]:
    """Return the parts in which the actor has the referral before it now; none: out of reach."""
    now = clock.now()
    found: set[Side] = set()
    if referral.status == DISCARDED:
        return frozenset()
    sent = referral.status != DRAFT
    if actor.does_casework:
        if referral.sender_id == actor.agency_id and _lives(referral.s_until, now):
            found.add(Side.S)
        shown = sent and (referral.status != ReferralStatus.SENT or referral.carries_at(now))
        if referral.receiver_id == actor.agency_id and shown and _lives(referral.r_until, now):
            found.add(Side.R)
    if actor.coordinates and referral.coordinator_id == actor.agency_id and sent:
        found.add(Side.C)
    return frozenset(found)


@needs_ability("referrals.view")
def can_view(actor: Actor, referral: Referral) -> Decision:
    """Whether the actor may see the referral; the object rule of `visible_to`."""
    if not sides(actor, referral):
        return Denied(
            _("Your agency has no part in this referral."), _("To be its sender or receiver.")
        )
    if referral.case.restricted and not cases.is_named(actor, referral.case_id):
        return Denied(
            _("This referral belongs to a case restricted to named members."),
            _("To be named by a member of the case."),
            code="restricted",
        )
    return ALLOWED


@needs_ability("referrals.draft")
def can_draft(actor: Actor, case: Case) -> Decision:
    """Whether the actor may prepare a referral of this case: the lead, and those in its support."""
    return cases.can_take_part(actor, case)


@needs_ability("referrals.draft")
def can_edit(actor: Actor, referral: Referral) -> Decision:
    """Whether the actor may change a draft."""
    return _in_part(actor, referral, frozenset({Side.S}))


@needs_ability("referrals.attach")
def can_attach(actor: Actor, referral: Referral) -> Decision:
    """Whether the actor may add a file: S, and R once it is sent; never an agency of a pool."""
    return _in_part(actor, referral, frozenset({Side.S, Side.R}))


def can_do(actor: Actor, referral: Referral, verb: Verb) -> Decision:
    """Whether the actor's role and part include the verb, whatever the status."""
    ability = VERB_ABILITIES.get(verb)
    if ability is None:
        return Denied(_("Nobody may do this."))
    allowed = actor.may(ability)
    return _in_part(actor, referral, TABLE[verb].sides) if allowed else allowed


def can_record(actor: Actor, referral: Referral, verb: Verb) -> Decision:
    """Whether the actor may write down what the other side has said outside of this service.

    The sender records the replies of a receiver where nobody could give them here; the receiver
    records the sender's answer to its question.
    """
    allowed = actor.may(VERB_ABILITIES[verb])
    if not allowed:
        return allowed
    if verb is Verb.ANSWER:
        return _in_part(actor, referral, frozenset({Side.R}))
    part = _in_part(actor, referral, frozenset({Side.S} if TABLE[verb].reply else ()))
    if part and referral.receiver is None:
        return Denied(
            _("No agency of the pool has claimed this referral: there is nobody to speak for."),
            _("A claim of the referral."),
            code="not_claimed",
        )
    if part and referral.receiver and somebody_may(referral.receiver, VERB_ABILITIES[Verb.ACCEPT]):
        return Denied(
            _("The receiver has people or systems that answer here themselves."),
            _("A receiver without an account."),
            code="answers_itself",
        )
    return part


def needs_channel(actor: Actor, referral: Referral, verb: Verb) -> bool:
    """Whether it is the other side's words in any case: the receiver answers for the sender."""
    return verb is Verb.ANSWER and Side.R in _parts(actor, referral)


def recorded_side(verb: Verb) -> Side:
    """Return whose words are written down by those who `can_record`."""
    return Side.S if verb is Verb.ANSWER else Side.R


def acting_side(actor: Actor, referral: Referral, verb: Verb) -> Side:
    """Return the part in which the actor takes the verb; ask `can_do` first."""
    parts = _parts(actor, referral) & TABLE[verb].sides
    return next(side for side in (Side.S, Side.R, Side.C) if side in parts)


def pool_visible_to(actor: Actor) -> QuerySet[Referral]:
    """Return the referrals that wait for the claim of the actor's agency.

    It is no part in them: what may be shown is a `PoolEntry`, never a row.
    A case that is restricted meanwhile takes its referrals out of every pool, and so does the end of
    the basis on which one rests.
    """
    if not (actor.may("referrals.view") and actor.does_casework):
        return Referral.objects.none()
    return (
        Referral.objects.filter(
            pool=actor.agency_id,
            receiver=None,
            status=ReferralStatus.SENT,
            case__confidentiality=Confidentiality.NORMAL,
        )
        .filter(carrying(clock.now()))
        .exclude(sender=actor.agency_id)
    )


@needs_ability("referrals.view")
def can_view_in_pool(actor: Actor, referral: Referral) -> Decision:
    """Whether the referral waits for the claim of the actor's agency; see `pool_visible_to`."""
    sent = referral.unclaimed and referral.status == ReferralStatus.SENT
    waits = sent and referral.carries_at(clock.now())
    if waits and not referral.case.restricted and _in_pool(actor, referral):
        return ALLOWED
    return Denied(_("This referral does not wait for your agency."), _("A place in its open pool."))


def claimable_by(actor: Actor) -> QuerySet[Referral]:
    """Return what the actor's agency may claim, or might have claimed before another did.

    Who lost the race is told so (409); reading is `pool_visible_to`, which it is out of by then.
    """
    if not actor.does_casework:
        return Referral.objects.none()
    return (
        Referral.objects.filter(pool=actor.agency_id, case__confidentiality=Confidentiality.NORMAL)
        .exclude(status__in=[DRAFT, DISCARDED])
        .exclude(sender=actor.agency_id)
    )


def can_claim(actor: Actor, referral: Referral) -> Decision:
    """Whether the actor may claim it for its agency."""
    allowed = actor.may(VERB_ABILITIES[Verb.CLAIM])
    return can_view_in_pool(actor, referral) if allowed else allowed


def decide(actor: Actor, codename: str, referral: Referral) -> Decision:
    """Answer `has_perm` for referrals."""
    rules = {"view_referral": can_view, "change_referral": can_edit}
    rule = rules.get(codename)
    return rule(actor, referral) if rule else Denied(_("There is no such permission on referrals."))


def carrying(now: datetime) -> Q:
    """Return the condition on referrals "its basis still carries"; the list rule of `carries_at`."""
    return Q(consent__withdrawal=None) & not_ended(now, "basis_until")


def sees_resident(actor: Actor) -> Q:
    """Return the condition on residents "a referral of theirs is visible to the actor".

    R keeps what the referral has told it, but reads the record only as long as the basis carries that.
    """
    told_only = Q(receiver=actor.agency_id) & ~carrying(clock.now())
    if actor.coordinates:
        told_only &= ~Q(coordinator=actor.agency_id)
    seen = visible_to(actor).filter(resident=OuterRef("pk")).exclude(told_only)
    return Q(Exists(seen))


def reaches(actor: Actor) -> Iterable[QuerySet[Any, Any]]:
    """Return the residents of the referrals in which the actor's agency has a part."""
    for part in ("sender", "receiver", "coordinator"):
        yield Referral.objects.filter(**{part: actor.agency_id}).values("resident")


def standings(*, actor: Actor, resident_ids: Iterable[UUID]) -> Iterable[Standing]:
    """Return the cases of these people of which the actor's agency has taken on a referral."""
    taken_on = Referral.objects.filter(
        not_ended(clock.now(), "r_until"),
        receiver=actor.agency_id,
        resident__in=resident_ids,
        accepted_at__isnull=False,
    )
    rows = taken_on.exclude(status__in=[DRAFT, DISCARDED])
    return [Standing(*row) for row in rows.values_list("resident", "case", "case__ended_at")]


def has_referral_in(actor: Actor, codes: Iterable[str]) -> Q:
    """Return the condition on residents "a referral of theirs that the actor sees stands there"."""
    statuses = {status.value for code in codes for status in PROGRESS[code]}
    seen = visible_to(actor).filter(resident=OuterRef("pk"), status__in=statuses)
    return Q(Exists(seen))


def _in_part(actor: Actor, referral: Referral, wanted: frozenset[Side]) -> Decision:
    if _parts(actor, referral) & wanted:
        return ALLOWED
    parts = _(", ").join(str(side.label) for side in Side if side in wanted)
    return Denied(
        _("Your agency's part in this referral does not include this."),
        _("Being one of: %(parts)s.") % {"parts": parts},
        code="wrong_side",
    )


def _parts(actor: Actor, referral: Referral) -> frozenset[Side]:
    """Return the parts to act in: C is nobody who is also R, closing takes S or C, never R alone."""
    held = sides(actor, referral)
    return held - {Side.C} if Side.R in held else held


def _in_pool(actor: Actor, referral: Referral) -> bool:
    return (
        actor.does_casework
        and referral.sender_id != actor.agency_id
        and referral.pool.filter(pk=actor.agency_id).exists()
    )


def _lives(until: datetime | None, now: datetime) -> bool:
    return until is None or until > now
