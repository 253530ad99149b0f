"""What runs out is asked for in time: of whoever has the person in hand, or else of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.cases.actions.new_case import open_case
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.referrals.actions.loop_closure import close
from carenet.referrals.models import NeedMet
from carenet.residents.actions import (
    certify,
    confirm_contact,
    end_record,
    withdraw_consent,
)
from carenet.residents.models import Consent, Resident
from tests.cases.paths import share
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.residents.samples import a_consent, a_contact
from tests.residents.time_travel import DAY, TUESDAY, notified, sweep

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 24)
STALE, CERTIFICATION = "resident.contact_stale", "resident.certification_ending"
ENDING, WITHDRAWN = "resident.consent_ending", "referral.consent_withdrawn"
SHARE_ENDED, CLOSED = "case.consent_withdrawn", "case.closed_with_resident"


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(registrar)


def a_certification(actor: Actor, person: Resident, until: date) -> None:
    certify(
        actor=actor, resident_id=person.pk, care_level="21",
        certified_from=date(2026, 1, 1), certified_until=until,
    )  # fmt: skip


def withdraw(actor: Actor, consent: Consent) -> None:
    withdraw_consent(
        actor=actor, resident_id=consent.resident_id, consent_id=consent.pk, method="oral"
    )


def test_a_stale_contact_is_asked_for_on_its_day(registrar: Actor, person: Resident) -> None:
    a_contact(registrar, person, expires_on=TODAY + timedelta(days=3))
    sweep(TUESDAY + 2 * DAY)
    assert notified(STALE) == set()
    sweep(TUESDAY + 3 * DAY)
    assert notified(STALE) == {registrar.user_id}


def test_the_person_in_charge_of_an_open_case_is_asked_instead_of_the_desk(
    registrar: Actor, person: Resident
) -> None:
    lead = a_member(an_agency())
    open_case(actor=lead, resident=person, summary="独居")
    a_contact(registrar, person, expires_on=TODAY + timedelta(days=3))
    sweep(TUESDAY + 3 * DAY)
    assert notified(STALE) == {lead.user_id}


def test_then_the_managers(registrar: Actor, person: Resident) -> None:
    manager = a_member(registrar.agency, Role.MANAGER)
    a_contact(registrar, person, expires_on=TODAY + timedelta(days=3))
    sweep(TUESDAY + 3 * DAY)
    sweep(TUESDAY + 20 * DAY)
    assert notified(STALE) == {registrar.user_id, manager.user_id}


def test_to_confirm_ends_it_until_the_next_time(registrar: Actor, person: Resident) -> None:
    contact = a_contact(registrar, person, expires_on=TODAY + timedelta(days=3))
    sweep(TUESDAY + 3 * DAY)
    with time_machine.travel(TUESDAY + 3 * DAY, tick=False):
        confirm_contact(actor=registrar, resident_id=person.pk, contact_id=contact.pk)
    assert notified(STALE) == set()
    sweep(TUESDAY + 369 * DAY)
    assert notified(STALE) == {registrar.user_id}


def test_a_certification_is_asked_for_sixty_days_before_it_ends(
    registrar: Actor, person: Resident
) -> None:
    a_certification(registrar, person, TODAY + timedelta(days=70))
    sweep(TUESDAY + 9 * DAY)
    assert notified(CERTIFICATION) == set()
    sweep(TUESDAY + 10 * DAY)
    assert notified(CERTIFICATION) == {registrar.user_id}


def test_a_later_one_ends_that(registrar: Actor, person: Resident) -> None:
    a_certification(registrar, person, TODAY + timedelta(days=10))
    sweep(TUESDAY)
    assert notified(CERTIFICATION) == {registrar.user_id}
    a_certification(registrar, person, TODAY + timedelta(days=400))
    assert notified(CERTIFICATION) == set()


def test_a_consent_is_asked_for_thirty_days_before_it_runs_out(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    a_consent(registrar, person, helper.agency, expires_on=TODAY + timedelta(days=31))
    sweep(TUESDAY)
    assert notified(ENDING) == set()
    sweep(TUESDAY + DAY)
    assert notified(ENDING) == {registrar.user_id}
    sweep(TUESDAY + 40 * DAY)
    assert notified(ENDING) == set()


def test_not_when_a_longer_one_was_given(registrar: Actor, helper: Actor, person: Resident) -> None:
    a_consent(registrar, person, helper.agency, expires_on=TODAY + timedelta(days=31))
    a_consent(registrar, person, helper.agency)
    sweep(TUESDAY + DAY)
    assert notified(ENDING) == set()


def test_nothing_is_asked_about_the_dead(registrar: Actor, helper: Actor, person: Resident) -> None:
    a_contact(registrar, person, expires_on=TODAY + timedelta(days=3))
    a_certification(registrar, person, TODAY + timedelta(days=62))
    a_consent(registrar, person, helper.agency, expires_on=TODAY + timedelta(days=31))
    end_record(actor=registrar, resident_id=person.pk, reason="died", on=TODAY)
    sweep(TUESDAY + 5 * DAY)
    assert notified(STALE) | notified(CERTIFICATION) | notified(ENDING) == set()


def test_both_sides_of_a_referral_hear_of_a_withdrawal_until_it_is_over(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    consent = a_consent(registrar, person, helper.agency)
    sent = a_sent_referral(registrar, helper.agency, a_case(registrar, person), consent=consent)
    accept(actor=helper, referral_id=sent.pk)
    withdraw(registrar, consent)
    sweep(TUESDAY)
    assert notified(WITHDRAWN) == {registrar.user_id, helper.user_id}
    sent.refresh_from_db()
    type(sent).objects.filter(pk=sent.pk).update(status="completed")
    close(actor=registrar, referral_id=sent.pk, need_met=NeedMet.YES)
    assert notified(WITHDRAWN) == set()


def test_a_receiver_that_has_not_taken_note_hears_nothing(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    consent = a_consent(registrar, person, helper.agency)
    a_sent_referral(registrar, helper.agency, a_case(registrar, person), consent=consent)
    withdraw(registrar, consent)
    sweep(TUESDAY)
    assert notified(WITHDRAWN) == {registrar.user_id}


def test_both_sides_of_a_share_hear_of_a_withdrawal_for_two_weeks(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    consent, case = a_consent(registrar, person, helper.agency), a_case(registrar, person)
    share(registrar, case, helper.agency_id, consent=str(consent.pk))
    withdraw(registrar, consent)
    sweep(TUESDAY)
    assert notified(SHARE_ENDED) == {registrar.user_id, helper.user_id}
    sweep(TUESDAY + 15 * DAY)
    assert notified(SHARE_ENDED) == set()


def test_whoever_leads_a_case_hears_that_it_was_closed_with_the_person(
    registrar: Actor, person: Resident
) -> None:
    lead = a_member(an_agency())
    open_case(actor=lead, resident=person, summary="独居")
    end_record(actor=registrar, resident_id=person.pk, reason="died", on=TODAY)
    sweep(TUESDAY)
    assert notified(CLOSED) == {lead.user_id}
    sweep(TUESDAY + 15 * DAY)
    assert notified(CLOSED) == set()
