"""A referral that rests on consent, where it does not go straight on: pools and reopening."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.core.errors import Conflict, Invalid
from carenet.referrals.actions import (
    acceptance_and_outcome,
    drafts,
    loop_closure,
    pools,
    reopened_referrals,
)
from carenet.referrals.actions.consents import CONSENT_WITHDRAWN
from carenet.referrals.actions.delivery import deliver
from carenet.referrals.models import NeedMet, Referral, ReferralOutcome
from carenet.referrals.policy import pool_visible_to
from carenet.reminders.models import Reminder
from carenet.reminders.registry import kind_named
from carenet.residents.actions import withdraw_consent
from carenet.residents.models import Consent, Resident
from tests.factories import (
    a_case,
    a_draft,
    a_member,
    a_resident,
    a_sent_referral,
    an_agency,
)
from tests.residents.samples import a_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency(AgencyKind.LIFE_SUPPORT_CENTER))


@pytest.fixture
def person(sender: Actor) -> Resident:
    return a_resident(sender)


def says(sender: Actor, person: Resident, *about: Actor, pole: str = "given") -> Consent:
    agencies = [each.agency for each in about]
    return a_consent(sender, person, agencies[0], agencies=agencies, pole=pole)


def withdraw(sender: Actor, consent: Consent) -> None:
    withdraw_consent(
        actor=sender, resident_id=consent.resident_id, consent_id=consent.pk, method="oral"
    )


def offered(sender: Actor, person: Resident, consent: Consent | None, *pool: Actor) -> Referral:
    draft = a_draft(
        sender,
        None,
        a_case(sender, person),
        pool=[each.agency for each in pool],
        consent=consent,
    )
    return drafts.send(actor=sender, referral_id=draft.pk)


def test_a_pool_wants_a_consent_to_each_of_its_agencies(
    sender: Actor, receiver: Actor, other: Actor, person: Resident
) -> None:
    consent = says(sender, person, receiver)
    with pytest.raises(Invalid) as problem:
        offered(sender, person, consent, receiver, other)
    assert set(problem.value.fields) == {"consent"}


def test_a_refusal_to_one_agency_stops_the_pool(
    sender: Actor, receiver: Actor, other: Actor, person: Resident
) -> None:
    says(sender, person, other, pole="refused")
    with pytest.raises(Conflict) as problem:
        offered(sender, person, None, receiver, other)
    assert problem.value.reason_code == "consent_refused"


def test_a_withdrawal_takes_it_out_of_the_pool(
    sender: Actor, receiver: Actor, other: Actor, person: Resident
) -> None:
    consent = says(sender, person, receiver, other)
    referral = offered(sender, person, consent, receiver, other)
    withdraw(sender, consent)
    assert not pool_visible_to(receiver).exists()
    with pytest.raises(Conflict) as problem:
        pools.claim(actor=receiver, referral_id=referral.pk)
    assert problem.value.reason_code == "already_claimed"


def test_the_withdrawal_of_what_waits_in_a_pool_is_told_to_the_sender_alone(
    sender: Actor, receiver: Actor, other: Actor, person: Resident
) -> None:
    consent = says(sender, person, receiver, other)
    referral = offered(sender, person, consent, receiver, other)
    withdraw(sender, consent)
    reminder = Reminder.objects.get(kind=CONSENT_WITHDRAWN, subject_id=referral.pk)
    told = kind_named(CONSENT_WITHDRAWN).recipients(reminder.occurrence(0))
    assert {each.user for each in told} == {sender.user}


def test_nobody_claims_what_the_person_has_refused_meanwhile(
    sender: Actor, receiver: Actor, other: Actor, person: Resident
) -> None:
    referral = offered(sender, person, None, receiver, other)
    says(sender, person, receiver, pole="refused")
    with pytest.raises(Conflict) as problem:
        pools.claim(actor=receiver, referral_id=referral.pk)
    assert problem.value.reason_code == "consent_refused"
    assert pools.claim(actor=other, referral_id=referral.pk).receiver == other.agency


def test_nobody_is_told_by_fax_what_the_person_has_refused_meanwhile(
    sender: Actor, person: Resident
) -> None:
    clinic = an_agency()
    referral = a_sent_referral(sender, clinic, a_case(sender, person))
    says(sender, person, Actor(clinic, frozenset()), pole="refused")
    with pytest.raises(Conflict) as problem:
        deliver(actor=sender, referral_id=referral.pk, channel="fax")
    assert problem.value.reason_code == "consent_refused"


def test_what_was_closed_is_not_sent_again_on_a_consent_that_is_over(
    sender: Actor, receiver: Actor, person: Resident
) -> None:
    consent = says(sender, person, receiver)
    draft = a_draft(sender, receiver.agency, a_case(sender, person), consent=consent)
    told: dict[str, Any] = {"referral_id": draft.pk}
    drafts.send(actor=sender, **told)
    acceptance_and_outcome.accept(actor=receiver, **told)
    acceptance_and_outcome.complete(
        actor=receiver, **told, outcome=ReferralOutcome.SERVICE_STARTED, report="通所につながった"
    )
    loop_closure.close(actor=sender, **told, need_met=NeedMet.YES)
    withdraw(sender, consent)
    with pytest.raises(Conflict) as problem:
        reopened_referrals.reopen(actor=sender, **told, reason="続きをお願いしたい")
    assert problem.value.reason_code == "consent_over"
