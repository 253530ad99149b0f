"""Who hears of what runs out: nobody learns by it who else works with a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from carenet.accounts.actions.accounts import disable_account
from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.cases.actions.new_case import open_case
from carenet.residents.actions import withdraw_consent
from carenet.residents.models import Resident
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.reminders.people import be_away
from tests.residents.samples import a_consent, a_contact
from tests.residents.time_travel import DAY, TUESDAY, notified, sweep

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 24)
STALE, ENDING = "resident.contact_stale", "resident.consent_ending"
WITHDRAWN = "referral.consent_withdrawn"


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(registrar)


def test_a_case_for_named_members_alone_puts_nobody_in_charge_of_contacts(
    registrar: Actor, person: Resident
) -> None:
    ward = a_member(an_agency())
    open_case(actor=ward, resident=person, summary="内密", confidentiality="restricted")
    a_contact(registrar, person, expires_on=TODAY + timedelta(days=3))
    sweep(TUESDAY + 3 * DAY)
    assert notified(STALE) == {registrar.user_id}


def test_while_the_person_in_charge_is_away_their_colleagues_are_asked(
    registrar: Actor, person: Resident
) -> None:
    colleague = a_member(registrar.agency)
    a_case(registrar, person)
    a_contact(registrar, person, expires_on=TODAY + timedelta(days=3))
    assert registrar.user
    be_away(registrar.user)
    sweep(TUESDAY + 3 * DAY)
    assert notified(STALE) == {colleague.user_id}


def test_nobody_is_asked_whose_account_is_disabled(registrar: Actor, person: Resident) -> None:
    colleague = a_member(registrar.agency)
    a_case(registrar, person)
    a_contact(registrar, person, expires_on=TODAY + timedelta(days=3))
    assert registrar.user
    disable_account(user=registrar.user)
    sweep(TUESDAY + 3 * DAY)
    assert notified(STALE) == {colleague.user_id}


def test_an_agency_without_managers_does_not_stop_the_sweep(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    a_consent(registrar, person, helper.agency, expires_on=TODAY + timedelta(days=31))
    sweep(TUESDAY + DAY)
    sweep(TUESDAY + 15 * DAY)
    assert notified(ENDING) == {registrar.user_id}
    sweep(TUESDAY + 40 * DAY)
    assert notified(ENDING) == set()


def test_a_withdrawal_reaches_the_desk_when_whoever_sent_the_referral_is_away(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    colleague = a_member(registrar.agency)
    manager = a_member(registrar.agency, Role.MANAGER)
    consent = a_consent(registrar, person, helper.agency)
    a_sent_referral(registrar, helper.agency, a_case(registrar, person), consent=consent)
    assert registrar.user
    be_away(registrar.user)
    withdraw_consent(actor=colleague, resident_id=person.pk, consent_id=consent.pk, method="oral")
    sweep(TUESDAY)
    assert notified(WITHDRAWN) == {colleague.user_id}
    sweep(TUESDAY + 7 * DAY)
    assert notified(WITHDRAWN) == {colleague.user_id, manager.user_id}
