"""After acceptance, and when it is the sender's turn.

A silence is escalated to the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from carenet.agencies.actions import add_chasing_rule, record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind, Membership
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.cases.actions.cases import reassign, restrict
from carenet.cases.actions.shares import name_member
from carenet.referrals.actions import acceptance_and_outcome
from carenet.referrals.actions.delivery import deliver
from carenet.referrals.actions.escalation import update_escalations
from carenet.referrals.actions.loop_closure import close
from carenet.referrals.escalation import (
    NO_PROGRESS,
    NOT_STARTED,
    SENDERS_TURN,
    TELEPHONE,
    UNANSWERED_POLICY,
    WITHDRAWAL,
    ReferralPolicy,
)
from carenet.referrals.models import NeedMet, Referral
from carenet.reminders.models import InboxEntry, Reminder
from carenet.reminders.registry import kind_named
from tests.factories import a_case, a_member, a_sent_referral, an_agency
from tests.referrals.sweeps import DAY, TUESDAY, notified, sweep, sweep_days

pytestmark = pytest.mark.django_db(transaction=True)

WEEKS = range(15)


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def ward() -> Actor:
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)


@pytest.fixture
def desk() -> Actor:
    core = an_agency(
        AgencyKind.CORE_CONSULTATION_CENTER, closed_weekdays=[5, 6], phone="045-000-1111"
    )
    return a_member(core, Role.STAFF)


@pytest.fixture
def manager(desk: Actor) -> Actor:
    return a_member(desk.agency, Role.MANAGER)


@pytest.fixture
def sender() -> Actor:
    return a_member(an_agency(name="大豆戸地域ケアプラザ", phone="045-000-2222"))


@pytest.fixture
def sent(ward: Actor, sender: Actor, desk: Actor) -> Referral:  # noqa: ARG001 - C by its ward
    return a_sent_referral(sender, desk.agency)


@pytest.fixture
def accepted(sent: Referral, desk: Actor) -> Referral:
    return acceptance_and_outcome.accept(actor=desk, referral_id=sent.pk)


def at_work(accepted: Referral, desk: Actor) -> Referral:
    today = date(2026, 11, 24)
    return acceptance_and_outcome.start(actor=desk, referral_id=accepted.pk, first_contact_on=today)


def failed(accepted: Referral, desk: Actor) -> Referral:
    return acceptance_and_outcome.fail(actor=desk, referral_id=accepted.pk, reason="転居")


def away(actor: Actor, *, deputy: Actor | None = None, until: datetime | None = None) -> None:
    membership = Membership.objects.get(user=actor.user, agency=actor.agency)
    stands_in = deputy.user if deputy else None
    record_absence(actor=actor, membership=membership, deputy=stands_in, until=until)


def arrived(referral: Referral, policy: ReferralPolicy) -> list[datetime]:
    entries = InboxEntry.objects.filter(
        reminder__subject_id=referral.pk, reminder__kind=policy.kind, user__isnull=False
    )
    return list(entries.order_by("arrived_at").values_list("arrived_at", flat=True))


def texts(referral: Referral, policy: ReferralPolicy) -> list[str]:
    entries = InboxEntry.objects.filter(
        reminder__subject_id=referral.pk, reminder__kind=policy.kind, user__isnull=False
    )
    kind = kind_named(policy.kind)
    with override("en"):
        return [
            str(kind.text(entry.delivery.occurrence())) for entry in entries.order_by("arrived_at")
        ]


# Each escalation policy, to its end


def test_an_accepted_referral_that_is_not_begun_reaches_all_four(
    accepted: Referral, desk: Actor, manager: Actor, sender: Actor, ward: Actor
) -> None:
    sweep_days(WEEKS)
    people = [desk.user_id, manager.user_id, sender.user_id, ward.user_id]
    assert notified(accepted, NOT_STARTED.kind) == people
    days = [at.date() for at in arrived(accepted, NOT_STARTED)]
    assert days == [date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)]


def test_work_without_a_sign_of_life_reaches_all_four(
    accepted: Referral, desk: Actor, manager: Actor, sender: Actor, ward: Actor
) -> None:
    at_work(accepted, desk)
    sweep_days(range(13, 20))
    people = [desk.user_id, manager.user_id, sender.user_id, ward.user_id]
    assert notified(accepted, NO_PROGRESS.kind) == people


def test_a_withdrawal_that_was_asked_for_chases_the_receiver_at_once(
    accepted: Referral, desk: Actor, manager: Actor, sender: Actor, ward: Actor
) -> None:
    referral = at_work(accepted, desk)
    referral.withdrawal_requested = True
    with transaction.atomic():
        referral.save()
        update_escalations(referral, timezone.now())
    sweep(TUESDAY)
    assert notified(referral, WITHDRAWAL.kind) == [desk.user_id]
    sweep_days(range(1, 8))
    people = [desk.user_id, manager.user_id, sender.user_id, ward.user_id]
    assert notified(referral, WITHDRAWAL.kind) == people


def test_the_sender_who_does_not_close_is_chased_up_to_the_coordinator(
    accepted: Referral, desk: Actor, sender: Actor, ward: Actor
) -> None:
    head = a_member(sender.agency, Role.MANAGER)
    failed(accepted, desk)
    sweep_days(range(9))
    people = [sender.user_id, sender.user_id, head.user_id, ward.user_id]
    assert notified(accepted, SENDERS_TURN.kind) == people
    assert texts(accepted, SENDERS_TURN)[-1] == (
        f"Referral {accepted.code} waits for its sender, 大豆戸地域ケアプラザ. "
        "Telephone: 045-000-2222."
    )


def test_the_chase_stays_with_the_coordinator_and_ends_nothing(
    accepted: Referral, desk: Actor
) -> None:
    failed(accepted, desk)
    sweep_days([*range(9), 60])
    accepted.refresh_from_db()
    assert accepted.status == "failed"
    assert Reminder.objects.get(kind=SENDERS_TURN.kind).settled_at is None


# What ends a chase, and what starts it anew


def test_the_next_step_silences_it(accepted: Referral, desk: Actor, sender: Actor) -> None:
    failed(accepted, desk)
    sweep(TUESDAY + 3 * DAY)
    close(actor=sender, referral_id=accepted.pk, need_met=NeedMet.YES)
    sweep_days(range(4, 12))
    assert notified(accepted, SENDERS_TURN.kind) == [sender.user_id]
    assert notified(accepted, NOT_STARTED.kind) == []


def test_a_sign_of_progress_starts_the_time_anew(accepted: Referral, desk: Actor) -> None:
    referral = at_work(accepted, desk)
    with time_machine.travel(TUESDAY + 6 * DAY, tick=False), transaction.atomic():
        referral.due_at = referral.due_at and referral.due_at + 6 * DAY
        referral.save()
        update_escalations(referral, timezone.now())
    assert Reminder.objects.get(kind=NO_PROGRESS.kind, settled_at=None).due_at == referral.due_at


# Who is away


def test_for_a_person_who_is_away_the_deputy_is_told(accepted: Referral, desk: Actor) -> None:
    other, _colleague = a_member(desk.agency), a_member(desk.agency)
    away(desk, deputy=other)
    sweep(TUESDAY + 3 * DAY)
    assert notified(accepted, NOT_STARTED.kind) == [other.user_id]


def test_without_a_deputy_the_desk_is_told(accepted: Referral, desk: Actor) -> None:
    colleague = a_member(desk.agency)
    away(desk)
    sweep(TUESDAY + 3 * DAY)
    assert notified(accepted, NOT_STARTED.kind) == [colleague.user_id]


def test_whoever_is_back_is_told_again(accepted: Referral, desk: Actor) -> None:
    a_member(desk.agency)
    away(desk, until=TUESDAY + 2 * DAY)
    sweep(TUESDAY + 3 * DAY)
    assert notified(accepted, NOT_STARTED.kind) == [desk.user_id]


def test_where_all_are_away_the_next_step_follows_at_once_and_the_trail_tells(
    sent: Referral, desk: Actor, manager: Actor
) -> None:
    away(desk)
    sweep(TUESDAY + 3 * DAY)
    assert notified(sent) == [manager.user_id]
    passed = AuditEntry.objects.filter(
        action="reminder.nobody_to_tell", object_ids__contains=[sent.pk]
    )
    assert [entry.detail["step"] for entry in passed] == [0]


def test_the_senders_successor_is_told_not_who_once_sent_it(
    accepted: Referral, desk: Actor, sender: Actor
) -> None:
    successor = a_member(sender.agency)
    assert successor.user
    reassign(actor=sender, case_id=accepted.case_id, person=successor.user)
    failed(accepted, desk)
    sweep(TUESDAY + 3 * DAY)
    assert notified(accepted, SENDERS_TURN.kind) == [successor.user_id]


# Who may not know, or cannot read it


def test_of_a_restricted_case_only_named_people_are_told_and_at_last_those_of_the_lead(
    ward: Actor, sender: Actor, desk: Actor, manager: Actor
) -> None:
    unnamed, case = a_member(sender.agency), a_case(sender)
    named = a_member(sender.agency, Role.MANAGER)
    assert named.user
    restrict(actor=sender, case_id=case.pk)
    name_member(actor=sender, case_id=case.pk, user=named.user)
    secret = a_sent_referral(sender, desk.agency, case, addressee=desk.user)
    sweep_days(range(9))
    first, second, *at_once = notified(secret)
    assert [first, second] == [desk.user_id, sender.user_id]
    assert sorted(map(str, at_once)) == sorted([str(sender.user_id), str(named.user_id)])
    assert not {unnamed.user_id, manager.user_id, ward.user_id} & set(notified(secret))


def test_of_an_agency_without_accounts_the_sender_is_told_to_telephone_it(
    ward: Actor, sender: Actor
) -> None:
    association = an_agency(
        AgencyKind.NEIGHBOURHOOD_ASSOCIATION, name="樽町町内会", phone="045-000-3333"
    )
    sent = a_sent_referral(sender, association)
    sweep(TUESDAY)
    assert notified(sent, TELEPHONE.kind) == [sender.user_id]
    (text,) = texts(sent, TELEPHONE)
    assert text.startswith(f"Nobody at 樽町町内会 can read referral {sent.code} here.")
    assert text.endswith("Telephone: 045-000-3333.")
    sweep_days(range(1, 7))
    assert notified(sent, TELEPHONE.kind)[-1] == ward.user_id
    assert notified(sent) == []  # nobody there is reminded of what nobody there has heard of


def test_once_it_was_told_the_receiver_is_waited_for(ward: Actor, sender: Actor) -> None:
    sent = a_sent_referral(sender, an_agency(AgencyKind.NEIGHBOURHOOD_ASSOCIATION))
    sweep(TUESDAY)
    deliver(actor=sender, referral_id=sent.pk, channel="fax")
    sweep_days(range(1, 7))
    assert notified(sent, TELEPHONE.kind) == [sender.user_id]
    assert notified(sent) == [sender.user_id, ward.user_id]


# The pace of a pair


def a_rule(actor: Actor, stage: str, partner: Actor | None = None, **pace: object) -> None:
    agency = partner.agency if partner else None
    add_chasing_rule(actor=actor, agency=actor.agency, stage=stage, partner=agency, **pace)


def test_who_switched_it_off_is_left_alone_and_the_others_learn_of_it_at_once(
    sender: Actor, ward: Actor, desk: Actor, manager: Actor
) -> None:
    a_rule(manager, "answer", sender, switched_off=True)
    sent = a_sent_referral(sender, desk.agency)
    sweep_days(range(9))
    assert notified(sent) == [sender.user_id, ward.user_id]
    assert arrived(sent, UNANSWERED_POLICY)[0] == sent.due_at


def test_a_pair_has_its_own_days_to_due_and_between_two_steps(
    sender: Actor, desk: Actor, manager: Actor
) -> None:
    a_rule(manager, "answer", days_to_due=1)
    a_rule(manager, "answer", sender, days_to_due=5, days_between=2)
    sent = a_sent_referral(sender, desk.agency)
    assert sent.due_at == TUESDAY + 7 * DAY
    sweep_days(range(7, 10))
    assert arrived(sent, UNANSWERED_POLICY) == [TUESDAY + 7 * DAY, TUESDAY + 9 * DAY]
    assert a_sent_referral(a_member(an_agency()), desk.agency).due_at == TUESDAY + DAY


def test_no_rule_of_the_receiver_delays_what_is_urgent(
    sender: Actor, desk: Actor, manager: Actor
) -> None:
    a_rule(manager, "answer", days_to_due=9)
    assert a_sent_referral(sender, desk.agency, urgency="soon").due_at == TUESDAY + DAY
    today = a_sent_referral(sender, desk.agency, urgency="today")
    assert today.due_at == TUESDAY + timedelta(hours=2)
