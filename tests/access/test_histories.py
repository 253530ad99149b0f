"""Whatever happens, in whatever order: rules, ledger, guardian rows and list index tell one story.

Random histories of shares, revocations, namings, restrictions, referrals and their ends, with time
passing in between. A step that is not allowed then changes nothing; what counts is what is left.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carenet.access.models import AccessEntry, Grant
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind, ApiClient, WardSection
from carenet.agencies.roles import Role, Scope
from carenet.cases import policy as cases
from carenet.cases.actions import cases as case_actions
from carenet.cases.actions import shares
from carenet.cases.models import Case, CaseMember, CaseShare, EndReason
from carenet.cases.selectors.case_list import case_page
from carenet.cases.states import OPEN, CaseStatus, CaseVerb
from carenet.core.errors import CarenetError
from carenet.referrals import policy as referrals
from carenet.referrals.actions import (
    acceptance_and_outcome,
    decline,
    drafts,
    loop_closure,
    onward_referral,
    pools,
    questions_and_pauses,
    reopened_referrals,
    voided_referrals,
    withdrawal,
)
from carenet.referrals.escalation import ESCALATION_POLICIES, due_policy
from carenet.referrals.models import DeclineCode, DeclinedBy, NeedMet, Referral, ReferralOutcome
from carenet.referrals.selectors import BOXES, referral_page
from carenet.referrals.states import ENDINGS, ReferralStatus, Side
from carenet.reminders.models import Reminder
from tests.agencies.sections import a_section
from tests.conftest import rolled_back
from tests.factories import a_case, a_draft, a_member, a_resident, a_sent_referral, an_agency

Thing = TypeVar("Thing")
BEGIN = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
ALL = 200
#: Others each time; `HISTORIES=300 python3 run.py test tests/access/test_histories.py` draws more.
EXAMPLES = int(os.environ.get("HISTORIES", "15"))


@dataclass
class Town:
    """Three agencies and two cases. Steps pick by number, whatever there is at the time."""

    clock: time_machine.Traveller
    agencies: list[Agency] = field(default_factory=list)
    workers: list[Actor] = field(default_factory=list)
    onlookers: list[Actor] = field(default_factory=list)

    def worker_of(self, agency_id: Any, number: int) -> Actor:
        return pick([each for each in self.workers if each.agency_id == agency_id], number)

    def receiver_of(self, referral: Referral, number: int) -> Actor:
        """Somebody of R; of any agency, while an open pool waits for a claim."""
        agency = referral.receiver or pick(self.agencies, number)
        return self.worker_of(agency.pk, number)

    def case(self, number: int) -> Case:
        return pick(list(Case.objects.order_by("pk")), number)

    def lead(self, case: Case, number: int) -> dict[str, Any]:
        return {"actor": self.worker_of(case.lead_agency_id, number), "case_id": case.pk}


def pick(among: Sequence[Thing], number: int) -> Thing:
    return among[number % len(among)]


def a_town(clock: time_machine.Traveller, *, divided: bool) -> Town:
    """Return three agencies; `divided`: two sections of a ward office, and the office itself."""
    town = Town(clock)
    office = an_agency(AgencyKind.WARD_OFFICE)
    if divided:
        others = [a_section(office), a_section(office, WardSection.LIVELIHOOD)]
    else:
        others = [an_agency(AgencyKind.CARE_PLAZA), an_agency(AgencyKind.LIFE_SUPPORT_CENTER)]
    for agency in (*others, office):
        client = ApiClient(agency=agency, client_id="system")
        integration = frozenset({Role.INTEGRATION})
        town.agencies.append(agency)
        town.workers += [a_member(agency), a_member(agency, Role.STAFF, Role.COORDINATOR)]
        town.onlookers += [a_member(agency, Role.COORDINATOR), a_member(agency, Role.MANAGER)]
        town.onlookers.append(
            Actor(agency, integration, client=client, scopes=frozenset(Scope.values))
        )
    person = a_resident(town.workers[0], address_protected=True)
    case = a_case(town.workers[0], person)
    a_case(town.workers[1], person, confidentiality="restricted")
    for receiver in town.agencies[1:]:
        a_sent_referral(town.workers[0], receiver, case)
    return town


# The steps: each takes two numbers to choose by.


def share(town: Town, one: int, two: int) -> None:
    case = town.case(one)
    shares.share_case(
        **town.lead(case, two), agency=pick(town.agencies, two), reason="会議",
        codename=pick(["view_case", "co_support_case"], one + two), basis=SharingBasis.WITHIN_PURPOSE,
        until=pick([None, timezone.now() + timedelta(hours=two + 1)], two),
    )  # fmt: skip


def revoke(town: Town, one: int, two: int) -> None:
    grant = pick(list(Grant.objects.filter(cause_kind=shares.MEETING).order_by("pk")), one)
    case = Case.objects.get(pk=grant.subject_id)
    shares.revoke_share(**town.lead(case, two), grant_id=grant.pk)


def restrict(town: Town, one: int, two: int) -> None:
    case = town.case(one)
    act = case_actions.unrestrict if case.restricted else case_actions.restrict
    act(**town.lead(case, two))


def name(town: Town, one: int, two: int) -> None:
    until = pick([None, timezone.now() + timedelta(hours=one + 1)], one)
    person = pick(town.workers + town.onlookers[:2], two).user
    assert person
    shares.name_member(**town.lead(town.case(one), two), user=person, until=until)


def unname(town: Town, one: int, two: int) -> None:
    member = pick(list(CaseMember.objects.order_by("pk")), one)
    shares.end_member(**town.lead(member.case, two), member_id=member.pk)


def refer(town: Town, one: int, two: int) -> None:
    case = town.case(one)
    sender = pick([town.worker_of(case.lead_agency_id, two), *town.workers[::2]], one)
    receiver = pick([each for each in town.agencies if each != sender.agency], two)
    kind = pick(["CO_SUPPORT", "TRANSFER_OF_LEAD"], one + two)
    addressee = town.worker_of(receiver.pk, one).user
    a_draft(sender, receiver, case, kind=kind, addressee=addressee, discloses_address=True)


def offer(town: Town, one: int, two: int) -> None:
    case = town.case(one)
    sender = town.worker_of(case.lead_agency_id, two)
    pool = [each for each in town.agencies if each != sender.agency]
    kind = pick(["CO_SUPPORT", "TRANSFER_OF_LEAD"], two)
    sent = a_draft(
        sender, None, case, kind=kind, pool=pool, sharing_basis=SharingBasis.WITHIN_PURPOSE
    )
    drafts.send(actor=sender, referral_id=sent.pk, duplicate_reason="…")


def advance(town: Town, one: int, two: int) -> None:
    """Take a referral one step further, as its status suggests."""
    referral = pick(list(Referral.objects.order_by("pk")), one)
    s, r = town.worker_of(referral.sender_id, two), town.receiver_of(referral, two)
    it: Any = {"referral_id": referral.pk}
    worked: Any = {"outcome": ReferralOutcome.OTHER, "report": "…"}
    why: Any = {"code": DeclineCode.NO_CAPACITY, "declined_by": DeclinedBy.PROVIDER}
    match referral.status:
        case ReferralStatus.DRAFT:
            drafts.send(actor=s, **it)
        case ReferralStatus.SENT if referral.unclaimed:
            pools.claim(actor=r, **it)
        case ReferralStatus.SENT | ReferralStatus.RECEIVED if two % 4 == 0:
            decline.propose_decline(actor=r, **it, **why)
        case ReferralStatus.SENT | ReferralStatus.RECEIVED:
            acceptance_and_outcome.accept(actor=r, **it)
        case ReferralStatus.ACCEPTED if two % 4 == 0:
            decline.propose_decline(actor=r, **it, **why)
        case ReferralStatus.ACCEPTED if two % 4 == 1:
            acceptance_and_outcome.fail(actor=r, **it, reason="…")
        case ReferralStatus.ACCEPTED:
            acceptance_and_outcome.complete(actor=r, **it, **worked)
        case ReferralStatus.DECLINE_PROPOSED:
            decline.confirm_decline(actor=s, **it)
        case status if status in ENDINGS:
            loop_closure.close(actor=s, **it, need_met=NeedMet.YES)


def detour(town: Town, one: int, two: int) -> None:
    """Take a referral off the straight way."""
    referral = pick(list(Referral.objects.order_by("pk")), one)
    s, r = town.worker_of(referral.sender_id, two), town.receiver_of(referral, two)
    it: Any = {"referral_id": referral.pk}
    match two % 8:
        case 0:
            voided_referrals.void(actor=s, **it, reason="…")
        case 1:
            withdrawal.withdraw(actor=s, **it, reason="…")
        case 2 | 3:
            reopened_referrals.reopen(actor=s, **it, reason="…")
        case 4:
            onward_referral.reroute(actor=s, **it, receiver=pick(town.agencies, one))
        case 5:
            questions_and_pauses.ask(actor=r, **it, question="…")
        case 6:
            tomorrow = timezone.localdate() + timedelta(days=1)
            questions_and_pauses.hold(actor=r, **it, reason="…", review_on=tomorrow)
        case _ if referral.status == ReferralStatus.INFO_NEEDED:
            questions_and_pauses.answer(actor=s, **it, answer="…")
        case _:
            questions_and_pauses.resume(actor=r, **it)


def discard(town: Town, one: int, two: int) -> None:
    referral = pick(list(Referral.objects.order_by("pk")), one)
    drafts.discard(actor=town.worker_of(referral.sender_id, two), referral_id=referral.pk)


def end_or_reopen(town: Town, one: int, two: int) -> None:
    case = town.case(one)
    verb = CaseVerb.CLOSE if case.status in OPEN else CaseVerb.REOPEN
    case_actions.move(**town.lead(case, two), verb=verb, reason=EndReason.OTHER)


def reassign(town: Town, one: int, two: int) -> None:
    case = town.case(one)
    person = town.worker_of(case.lead_agency_id, one + two).user
    assert person
    case_actions.reassign(**town.lead(case, two), person=person)


def wait(town: Town, one: int, two: int) -> None:
    town.clock.shift(timedelta(days=91) if two % 4 == 0 else timedelta(hours=one + 1))


STEPS: list[Callable[[Town, int, int], None]] = [
    share, revoke, restrict, name, unname, refer, refer, offer, advance, advance, advance, detour, detour,
    discard,
    end_or_reopen, reassign, wait,
]  # fmt: skip
histories = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 11), st.integers(0, 11)), max_size=30
)


@settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
@given(histories, st.booleans())
def test_after_any_history_everything_tells_one_story(
    for_one_file: None,  # noqa: ARG001 - ordering
    history: list[tuple[Callable[[Town, int, int], None], int, int]],
    divided: bool,
) -> None:
    with rolled_back(), time_machine.travel(BEGIN) as clock:
        town = a_town(clock, divided=divided)
        for step, one, two in history:
            with suppress(CarenetError, ZeroDivisionError), transaction.atomic():
                step(town, one, two)
        for actor in town.workers + town.onlookers:
            rules_agree(actor)
            lists_show_what_is_visible(actor)
            nobody_reads_but_by_lead_grant_or_part(actor)
        what_is_in_force_is_what_the_ledger_says()
        nobody_holds_the_ball_in_silence()


def rules_agree(actor: Actor) -> None:
    every_case, every_referral = Case.objects.all(), Referral.objects.select_related("case")
    assert set(cases.visible_to(actor)) == {
        each for each in every_case if cases.can_view(actor, each)
    }
    assert set(referrals.visible_to(actor)) == {
        each for each in every_referral if referrals.can_view(actor, each)
    }


def lists_show_what_is_visible(actor: Actor) -> None:
    """The index finds neither less nor more than the rule: nothing has to be dropped on the way."""
    whole: Any = {"after": None, "backwards": False, "limit": ALL}
    if actor.may("cases.view"):
        mine, _ = case_page(actor, statuses=list(CaseStatus), **whole)
        assert ids(mine) == ids(cases.visible_to(actor))
    if actor.may("referrals.view"):
        every: Any = {"boxes": list(BOXES), "statuses": list(ReferralStatus), "mine_only": False}
        found, _ = referral_page(actor, **every, **whole)
        assert ids(found) == ids(referrals.visible_to(actor))


def nobody_reads_but_by_lead_grant_or_part(actor: Actor) -> None:
    """No other way leads to a case or a referral: not that an agency is another one's parent."""
    granted = Grant.objects.live().filter(group=actor.group_id, subject_kind="case")
    known = set(granted.values_list("subject_id", flat=True))
    for case in cases.visible_to(actor):
        assert case.lead_agency_id == actor.agency_id or case.pk in known
    for each in referrals.visible_to(actor):
        assert actor.agency_id in {each.sender_id, each.receiver_id, each.coordinator_id}


def nobody_holds_the_ball_in_silence() -> None:
    """What is open chases whose turn it is, with a date; what is not chases nobody."""
    kinds = [ladder.kind for ladder in ESCALATION_POLICIES]
    for referral in Referral.objects.select_related("sender", "receiver"):
        waiting = Reminder.objects.filter(
            subject_id=referral.pk, kind__in=kinds, settled_at=None
        ).exclude(due_at=None)
        ladder = due_policy(referral.situation)
        if ladder is None:
            assert not waiting.exists()
            continue
        chased = referral.receiver if ladder.chased == Side.R else referral.sender
        found = waiting.get(kind=ladder.kind)
        assert found.agency == (chased or referral.sender)
        assert found.due_at == referral.due_at


def ids(rows: Iterable[Case | Referral | None]) -> list[Any]:
    found = list(rows)
    assert None not in found
    return sorted(row.pk for row in found if row)


def what_is_in_force_is_what_the_ledger_says() -> None:
    now, ledger = timezone.now(), Grant.objects.live().filter(subject_kind="case")
    by_ledger: dict[Any, list[datetime | None]] = {}
    for grant in ledger:
        key = (grant.group_id, grant.permission_id, grant.subject_id)
        by_ledger.setdefault(key, []).append(grant.until)
    rows = CaseShare.objects.all()
    in_force = {
        (row.group_id, row.permission_id, row.content_object_id): row.until
        for row in rows
        if row.until is None or row.until > now
    }
    assert in_force == {key: latest(ends) for key, ends in by_ledger.items()}
    by_agency: dict[Any, list[datetime | None]] = {}
    for (group, _permission, case), until in in_force.items():
        by_agency.setdefault((group, case), []).append(until)
    entries = AccessEntry.objects.filter(kind="case", way="share").select_related("agency")
    assert {
        (entry.agency.group_id, entry.object_id): entry.until
        for entry in entries
        if entry.until is None or entry.until > now
    } == {key: latest(ends) for key, ends in by_agency.items()}


def latest(ends: list[datetime | None]) -> datetime | None:
    return None if None in ends else max(end for end in ends if end)
