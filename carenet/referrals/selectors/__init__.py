"""Reads of referrals: always from the visible set, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import BooleanField as Boolean
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from carenet.access.actor_queries import ActorQuery
from carenet.access.selectors import Key, listed
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.selectors import calendar_of, with_calendars
from carenet.cases import policy as cases
from carenet.cases.models import Case
from carenet.core import clock
from carenet.core.compiled_queries import CompiledQuery, hang_on
from carenet.referrals import policy
from carenet.referrals.models import Attachment, Referral, ReferralEvent
from carenet.referrals.states import AT_RECEIVER, LIVE, TURN, ReferralStatus, Side
from carenet.residents.policy import visible_to as visible_residents

#: The ways in, as the access index names them, and in which part each puts the agency.
SENDER, RECEIVER, COORDINATOR = "sender", "receiver", "coordinator"
WAY_SIDES = {SENDER: Side.S, RECEIVER: Side.R, COORDINATOR: Side.C}
#: The further way of a sender who has to tell its receiver, and that receiver's way until then.
TELLING, UNTOLD = "telling", "untold"
#: The way of an agency that may claim; it stands in no box, `carenet.referrals.api.pool` lists it.
POOL = "pool"
#: Not sent, so nobody's business but the sender's.
UNSENT = (ReferralStatus.DRAFT, ReferralStatus.DISCARDED)
#: Which ways each box shows.
BOXES = {"inbox": (RECEIVER,), "outbox": (SENDER,), "ward": (COORDINATOR,)}


def _sent_parts() -> QuerySet[Referral]:
    return Referral.objects.exclude(status__in=UNSENT).select_related("receiver").order_by("pk")


def _with_parts(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    return rows.prefetch_related(Prefetch("parts", _sent_parts(), to_attr="sent_parts"), "pool")


def referrals(actor: Actor) -> QuerySet[Referral]:
    """Return the visible referrals with what their representation shows, `overdue` included.

    Calendars included: whose turn it is since when costs no further query.
    """
    return _with_parts(_with_names(actor)).prefetch_related(
        "sender__calendar_exceptions", "receiver__calendar_exceptions"
    )


def single(actor: Actor) -> QuerySet[Referral]:
    """Return the visible referrals for a look at one of them.

    What a list fetches for all its rows is left to be asked where it is needed; `passed_on` says whether
    there are parts at all.
    """
    return _single(actor)


def _single(actor: Actor, usual: timedelta | None = None) -> QuerySet[Referral]:
    parts = _sent_parts().order_by().filter(part_of=OuterRef("pk"))
    named = _with_records(actor, usual).select_related("sender", "receiver__capacity")
    return named.annotate(passed_on=Exists(parts))


def _seen(actor: Actor, *, referral: UUID, usual: timedelta) -> QuerySet[Referral]:
    """Return a visible referral, and which ways from it are open: to its person, case, consultation."""
    call = cases.consultations_visible_to(actor).filter(pk=OuterRef("case__consultation"))
    return (
        _single(actor, usual)
        .filter(pk=referral)
        .annotate(
            person_opens=Exists(visible_residents(actor).filter(pk=OuterRef("resident"))),
            case_opens=Exists(cases.visible_to(actor).filter(pk=OuterRef("case"))),
            call_opens=Exists(call),
        )
    )


_SEEN = ActorQuery(_seen, "referral", usual=timedelta(days=12345))


def seen_referral(actor: Actor, referral_id: UUID) -> Referral | None:
    """Return a visible referral for its page; None out of reach."""
    usual = timedelta(days=settings.REFERRAL_HOLD_LONG_DAYS)
    return _SEEN(actor, referral=referral_id, usual=usual).one()


def sent_parts(referral: Referral) -> list[Referral]:
    """Return what was passed on of a referral that `single` has read."""
    passed_on: bool = referral.passed_on  # type: ignore[attr-defined]  # annotated
    return list(_sent_parts().filter(part_of=referral)) if passed_on else []


def _with_names(actor: Actor) -> QuerySet[Referral]:
    return _with_records(actor).select_related("sender", "receiver__capacity")


def _with_records(actor: Actor, usual: timedelta | None = None) -> QuerySet[Referral]:
    return (
        policy.visible_to(actor)
        .select_related(
            "case", "resident", "sender_person", "person_in_charge",
            "part_of", "replaces", "replaced_by", "consent__withdrawal",
        )
        .annotate(overdue=overdue(), put_off=on_hold_for_long_column(usual))
    )  # fmt: skip


def _page_rows(actor: Actor, ids: list[UUID]) -> dict[UUID, Referral]:
    """Return what `referrals` has of these."""
    usual = timedelta(days=settings.REFERRAL_HOLD_LONG_DAYS)
    rows = {each.pk: each for each in _RECORDS.rows(actor, ids=ids, usual=usual)}
    parts = _PARTS.rows(ids=ids)
    pools = {each.pk: list[Agency]() for each in rows.values() if each.to_pool}
    for each in _POOLS.rows(ids=ids) if pools else ():
        if each.referral_id in pools:
            pools[each.referral_id].append(each.agency)
    for row in rows.values():
        row.sent_parts = [each for each in parts if each.part_of_id == row.pk]  # type: ignore[attr-defined]
        hang_on(row, "pool", pools.get(row.pk, []))
    name_agencies(rows.values(), known=_AGENCIES)
    return rows


def _records(actor: Actor, *, ids: list[UUID], usual: timedelta) -> QuerySet[Referral]:
    """Return the visible referrals among these with what a row shows, and no more."""
    own = (each.name for each in Referral._meta.concrete_fields)
    codes = ("number", "created_at")
    shown = {
        "case": ("confidentiality",),
        "resident": (
            *("family_name", "given_name", "family_kana", "given_kana"),
            *("birth_date", "birth_year", "ended_on", "ended_because"),
        ),
        "sender_person": ("name",),
        "person_in_charge": ("name",),
        "part_of": codes,
        "replaces": codes,
        "replaced_by": codes,
        "consent": ("id",),
        "consent__withdrawal": ("id",),
    }
    related = (f"{name}__{field}" for name, fields in shown.items() for field in fields)
    rows = _with_records(actor, usual).filter(pk__any_of=ids)
    return rows.only(*own, *related)


SOME_IDS = [UUID(int=1)]
_RECORDS = ActorQuery(_records, ids=SOME_IDS, usual=timedelta(days=12345))
_PARTS = CompiledQuery(lambda ids: _sent_parts().filter(part_of__pk__any_of=ids), ids=SOME_IDS)
_POOLS: CompiledQuery[Any] = CompiledQuery(
    lambda ids: (
        Referral.pool.through.objects.filter(referral__pk__any_of=ids)
        .select_related("agency")
        .order_by("agency")
    ),
    ids=SOME_IDS,
)
#: Agencies as a row of the API shows them.
_AGENCIES = CompiledQuery(
    lambda ids: Agency.objects.filter(pk__any_of=ids).select_related("capacity"), ids=SOME_IDS
)


def name_agencies(rows: Collection[Referral], known: CompiledQuery[Agency]) -> None:
    """Give the rows their sender and receiver, with calendars; each is read once for all rows."""
    ids = {pk for each in rows for pk in (each.sender_id, each.receiver_id) if pk}
    agencies = with_calendars(known.rows(ids=list(ids)))
    for each in rows:
        each.sender = agencies[each.sender_id]
        each.receiver = agencies[each.receiver_id] if each.receiver_id else None


def referral_page(
    actor: Actor,
    *,
    boxes: Iterable[str],
    statuses: Iterable[ReferralStatus],
    mine_only: bool,
    overdue_only: bool = False,
    after: Key | None,
    backwards: bool,
    limit: int,
) -> tuple[list[Referral | None], list[Key]]:
    """Return one page of the actor's boxes in these statuses, soonest due first, with their keys.

    With `mine_only` only those where it is the actor's side that has to do something next, with
    `overdue_only` only those where that was due before now. None stands for a referral that was
    hidden between index and look-up.
    """
    ways = [
        entry
        for box in boxes
        for way in BOXES[box]
        for entry in index_entries(actor, way, statuses, mine_only=mine_only)
    ]
    keys = listed(
        actor,
        "referral",
        ways=ways,
        named=NAMED.sql(actor) if actor.user_id else None,
        due_before=clock.now() if overdue_only else None,
        after=after,
        backwards=backwards,
        limit=limit,
    )
    found = _page_rows(actor, [object_id for _due, object_id in keys])
    return [found.get(object_id) for _due, object_id in keys], keys


def waited_working_days(referral: Referral, today: date) -> int | None:
    """Return since how many working days it is that side's turn; None when it is nobody's.

    No query for what `referrals` has read: it fetches the calendars with the rows.
    """
    if referral.turn is None:
        return None
    since = timezone.localdate(referral.turn_since)
    return calendar_of(referral.waits_by).working_days_between(since, today)


def _lines(actor: Actor) -> QuerySet[Referral]:
    return policy.visible_to(actor).select_related("sender", "receiver").order_by("-id")


#: The visible referrals of a case, or of a person, with who asks whom, the latest first: what a line
#: shows, and no more.
lines_of_case = ActorQuery(lambda actor, *, case: _lines(actor).filter(case=case), "case")
lines_of_resident = ActorQuery(
    lambda actor, *, resident: _lines(actor).filter(resident=resident), "resident"
)


def of_case(actor: Actor, case: Case) -> QuerySet[Referral]:
    """Return the visible referrals of a case that the actor sees, whatever has become of them."""
    return referrals(actor).filter(case=case)


def duplicates(
    actor: Actor, *, resident_id: UUID, receivers: Iterable[UUID], need: str
) -> QuerySet[Referral]:
    """Return the visible live referrals of a person that ask one of `receivers` for the same.

    One that waits in an open pool asks every agency of that pool.
    """
    asked = list(receivers)
    in_pool = Referral.pool.through.objects.filter(referral=OuterRef("pk"), agency__in=asked)
    return (
        referrals(actor)
        .filter(Q(receiver__in=asked) | Q(Exists(in_pool), receiver=None))
        .filter(resident=resident_id, need=need, status__in=sorted(LIVE))
    )


#: Of how many referrals it is looked up whom somebody asked lately.
LATELY = 40


def asked_lately(actor: Actor) -> list[UUID]:
    """Return the agencies that the actor has sent referrals to by name, the latest first, each once."""
    if actor.user is None:
        return []
    own = Referral.objects.filter(sender=actor.agency_id, sender_person=actor.user)
    sent = own.exclude(status__in=UNSENT).exclude(receiver=None).order_by("-id")
    return list(dict.fromkeys(sent.values_list("receiver_id", flat=True)[:LATELY]))


def pool_waited_for(referral: Referral) -> list[UUID]:
    """Return the agencies for whose claim a referral waits; none once it is claimed or ended."""
    if referral.status != ReferralStatus.SENT or not referral.unclaimed:
        return []
    others = referral.pool.exclude(pk=referral.sender_id)
    return list(others.order_by("pk").values_list("pk", flat=True))


def attachments(actor: Actor, referral: Referral) -> QuerySet[Attachment]:
    """Return the files of a visible referral."""
    return referral.attachments.filter(referral__in=policy.visible_to(actor)).select_related(
        "by_agency", "by_user", "referral", "scan"
    )


def events(actor: Actor, referral: Referral) -> QuerySet[ReferralEvent]:
    """Return the story of a visible referral.

    Its sender and the coordinator read with it the story of what it replaces: that was theirs, too.
    A receiver reads what happened to its own.
    """
    story = [referral.pk] if policy.can_view(actor, referral) else []
    if policy.sides(actor, referral) & {Side.S, Side.C}:
        story += _replaced(referral)
    return ReferralEvent.objects.filter(referral__in=story).select_related(
        "by_agency", "by_user", "on_behalf_of"
    )


def _replaced(referral: Referral) -> list[UUID]:
    """Return what a referral has replaced, and what that had replaced before it."""
    found: list[UUID] = []
    before = referral.replaces_id
    while before:
        found.append(before)
        before = Referral.objects.values_list("replaces", flat=True).get(pk=before)
    return found


def overdue() -> Coalesce:
    """Overdue is computed here, in SQL, and nowhere else: due, and still somebody's turn."""
    return Coalesce(ExpressionWrapper(Q(due_at__lt=clock.now()), output_field=Boolean()), False)


def on_hold_for_long_column(usual: timedelta | None = None) -> Coalesce:
    """Whether it is held for long, as a column."""
    return Coalesce(ExpressionWrapper(on_hold_for_long(usual), output_field=Boolean()), False)


def on_hold_for_long(usual: timedelta | None = None) -> Q:
    """Return the condition "R looks at it again later than is usual, from the beginning of its turn"."""
    usual = usual or timedelta(days=settings.REFERRAL_HOLD_LONG_DAYS)
    return Q(status=ReferralStatus.ON_HOLD, review_on__gt=F("turn_since") + usual)


def index_entries(
    actor: Actor, way: str, statuses: Iterable[ReferralStatus], *, mine_only: bool
) -> Iterator[tuple[str, str]]:
    """Say which entries of the index a way shows: status and delivery say together whose turn it is."""
    if not _may_list(actor, way):
        return
    for status in statuses:
        if not mine_only or TURN.get(status) == WAY_SIDES[way]:
            yield way, status.value
        if status in AT_RECEIVER and way == RECEIVER and not mine_only:
            yield UNTOLD, status.value
        if status in AT_RECEIVER and way == SENDER and mine_only:
            yield TELLING, status.value


def _may_list(actor: Actor, way: str) -> bool:
    return actor.coordinates if way == COORDINATOR else actor.does_casework


def _named(actor: Actor) -> QuerySet[Referral, UUID]:
    named = cases.named_cases(actor).values("case")
    return policy.visible_to(actor).filter(case__in=named).values_list("pk", flat=True)


NAMED: ActorQuery[Any] = ActorQuery(_named)
