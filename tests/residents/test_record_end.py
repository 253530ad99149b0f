"""A person dies or moves away: the record ends, and with it what was open on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditEntry
from carenet.cases.actions.new_case import open_case
from carenet.cases.models import Confidentiality, EndReason
from carenet.core.errors import Conflict
from carenet.residents.actions import end_record, reinstate
from carenet.residents.models import Resident
from tests.cases.plans import agreed
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency, api
from tests.residents.samples import a_contact
from tests.rest.raw_requests import code_of, pointers_of


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(registrar)


def end(actor: Actor, person: Resident, reason: str = "died", **more: Any) -> Any:
    body = {"reason": reason, "on": timezone.localdate().isoformat()} | more
    return api(actor).post(f"/api/v1/residents/{person.pk}/end/", body)


def test_the_record_says_why_and_when(registrar: Actor, person: Resident) -> None:
    shown = end(registrar, person, on="2026-01-05").json()
    assert (shown["ended_because"], shown["ended_on"]) == ("died", "2026-01-05")


@pytest.mark.parametrize("reason", ["died", "moved_away"])
def test_open_cases_are_closed_for_the_same_reason(
    registrar: Actor, person: Resident, reason: str
) -> None:
    case = a_case(registrar, person)
    end(registrar, person, reason)
    case.refresh_from_db()
    assert (case.status, case.end_reason) == ("closed", reason)


def test_whoever_leads_them(registrar: Actor, person: Resident) -> None:
    other = a_member(an_agency())
    case = open_case(actor=other, resident=person, summary="別のケース")
    end(registrar, person)
    case.refresh_from_db()
    assert case.end_reason == EndReason.DIED


def test_the_trail_of_one_agency_names_no_restricted_case_of_another(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    other = a_member(an_agency())
    case = open_case(
        actor=other, resident=person, summary="別", confidentiality=Confidentiality.RESTRICTED
    )
    sent = a_sent_referral(other, helper.agency, case, addressee=helper.user)
    end(registrar, person)
    case.refresh_from_db()
    assert case.end_reason == EndReason.DIED
    told = AuditEntry.objects.filter(object_ids__overlap=[case.pk, sent.pk])
    assert not told.filter(agency_id=registrar.agency_id).exists()
    assert told.get(action="case.close").agency_id == other.agency_id


def test_their_referrals_are_settled(registrar: Actor, helper: Actor, person: Resident) -> None:
    referral = a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    end(registrar, person)
    referral.refresh_from_db()
    assert (referral.status, referral.closed_as) == ("closed", "settled")


def test_their_plans_end_with_them(registrar: Actor, person: Resident) -> None:
    case = a_case(registrar, person)
    agreed(api(registrar), case)
    end(registrar, person)
    assert [plan.status for plan in case.plans.all()] == ["ended"]


def test_no_case_is_reopened_before_the_person_is_reinstated(
    registrar: Actor, person: Resident
) -> None:
    case = a_case(registrar, person)
    end(registrar, person)
    reopen = f"/api/v1/cases/{case.pk}/reopen/"
    assert code_of(api(registrar).post(reopen, {}), 409) == "record_ended"
    api(registrar).post(f"/api/v1/residents/{person.pk}/reinstate/", {})
    assert api(registrar).post(reopen, {}).status_code == 200


def test_nothing_more_is_added_to_it(registrar: Actor, person: Resident) -> None:
    end(registrar, person)
    assert code_of(end(registrar, person), 409) == "record_ended"
    with pytest.raises(Conflict):
        a_contact(registrar, person)
    with pytest.raises(Conflict):
        a_case(registrar, person)


def test_nobody_dies_tomorrow(registrar: Actor, person: Resident) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert pointers_of(end(registrar, person, on=tomorrow.isoformat())) == ["/on"]


def test_a_mistake_is_undone(registrar: Actor, person: Resident) -> None:
    end(registrar, person)
    address = f"/api/v1/residents/{person.pk}/reinstate/"
    assert api(registrar).post(address, {}).json()["ended_because"] == ""
    assert code_of(api(registrar).post(address, {}), 409) == "conflict"
    assert a_case(registrar, person).is_open


def test_a_death_is_undone_within_days_only(registrar: Actor, person: Resident) -> None:
    end(registrar, person)
    long_ago = timezone.now() - timedelta(days=31)
    Resident.objects.filter(pk=person.pk).update(ended_at=long_ago)
    answer = api(registrar).post(f"/api/v1/residents/{person.pk}/reinstate/", {})
    assert code_of(answer, 403) == "too_late"


def test_who_moved_away_may_come_back_at_any_time(registrar: Actor, person: Resident) -> None:
    end_record(actor=registrar, resident_id=person.pk, reason="moved_away", on=timezone.localdate())
    long_ago = timezone.now() - timedelta(days=3000)
    Resident.objects.filter(pk=person.pk).update(ended_at=long_ago)
    assert not reinstate(actor=registrar, resident_id=person.pk).is_ended


def test_the_lead_of_an_open_case_may_end_it_and_take_that_back(person: Resident) -> None:
    other = a_member(an_agency())
    open_case(actor=other, resident=person, summary="別のケース")
    assert end(other, person).status_code == 200
    assert api(other).post(f"/api/v1/residents/{person.pk}/reinstate/", {}).status_code == 200


def test_a_receiver_may_not(registrar: Actor, helper: Actor, person: Resident) -> None:
    a_sent_referral(registrar, helper.agency, a_case(registrar, person))
    assert code_of(end(helper, person), 403) == "not_record_keeper"
