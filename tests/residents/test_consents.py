"""Consent has three poles; it is added to, never changed; and what rests on it ends with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.cases import policy as cases
from carenet.cases.models import Case
from carenet.referrals import policy as referrals
from carenet.referrals.actions.acceptance_and_outcome import accept, receive, start
from carenet.referrals.actions.decline import propose_decline
from carenet.referrals.models import DeclineCode, DeclinedBy, Referral
from carenet.residents.actions import withdraw_consent
from carenet.residents.models import Consent, ConsentWithdrawal, Resident
from carenet.residents.policy import can_view_consent, consents_visible_to
from tests.cases.paths import share
from tests.factories import a_case, a_draft, a_member, a_resident, a_sent_referral, an_agency, api
from tests.residents.samples import a_consent
from tests.rest.raw_requests import code_of, pointers_of


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(registrar)


@pytest.fixture
def case(registrar: Actor, person: Resident) -> Case:
    return a_case(registrar, person)


@pytest.fixture
def consent(registrar: Actor, helper: Actor, person: Resident) -> Consent:
    return a_consent(registrar, person, helper.agency)


@pytest.fixture
def referral(registrar: Actor, helper: Actor, case: Case, consent: Consent) -> Referral:
    return a_sent_referral(registrar, helper.agency, case, consent=consent)


def at(person: Resident, *parts: object) -> str:
    below = "".join(f"{part}/" for part in parts)
    return f"/api/v1/residents/{person.pk}/consents/{below}"


def withdraw(actor: Actor, consent: Consent) -> Consent:
    return withdraw_consent(
        actor=actor, resident_id=consent.resident_id, consent_id=consent.pk, method="oral"
    )


def send(actor: Actor, receiver: Actor, case: Case, **words: Any) -> Any:
    draft = a_draft(actor, receiver.agency, case, **words)
    return api(actor).post(f"/api/v1/referrals/{draft.pk}/send/", {"duplicate_reason": "別の件"})


# What is written down.


def test_a_consent_says_to_whom_and_about_what(registrar: Actor, person: Resident) -> None:
    body = {"pole": "given", "categories": ["support"], "method": "written"}
    assert pointers_of(api(registrar).post(at(person), body)) == ["/agencies"]
    answer = api(registrar).post(at(person), body | {"agency_kinds": ["MEDICAL"]})
    assert answer.status_code == 201, answer.content
    assert answer.json()["is_live"] is True


@pytest.mark.usefixtures("referral")
def test_whoever_works_with_the_person_writes_down_what_they_say(
    helper: Actor, person: Resident
) -> None:
    body = {
        "pole": "refused",
        "agency_kinds": ["MEDICAL"],
        "categories": ["health"],
        "method": "oral",
    }
    assert api(helper).post(at(person), body).status_code == 201


@pytest.mark.usefixtures("referral")
def test_a_refusal_is_hidden_from_whom_it_is_about(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    a_consent(registrar, person, helper.agency, pole="refused")
    (row,) = api(helper).get(at(person)).json()["results"]
    assert row["pole"] == "given"
    assert len(api(registrar).get(at(person)).json()["results"]) == 2


@pytest.mark.usefixtures("referral")
def test_the_list_and_the_object_rule_agree(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    stranger = a_member(an_agency(AgencyKind.MEDICAL))
    for recorder in (registrar, helper):
        for to in (helper.agency, stranger.agency):
            for pole in ("given", "notified", "refused"):
                a_consent(recorder, person, to, pole=pole)
    for actor in (registrar, helper, stranger):
        seen = set(consents_visible_to(actor).values_list("pk", flat=True))
        assert seen == {each.pk for each in Consent.objects.all() if can_view_consent(actor, each)}


def test_neither_a_consent_nor_its_withdrawal_is_changed(
    registrar: Actor, consent: Consent
) -> None:
    withdraw(registrar, consent)
    for rows in (Consent.objects, ConsentWithdrawal.objects):
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            rows.update(note="…")


def test_nothing_is_taken_back_twice(registrar: Actor, person: Resident, consent: Consent) -> None:
    address = at(person, consent.pk, "withdraw")
    assert api(registrar).post(address, {"method": "oral"}).json()["is_live"] is False
    assert code_of(api(registrar).post(address, {"method": "oral"}), 409) == "conflict"


# What a referral rests on.


def test_a_referral_names_the_consent_it_rests_on(referral: Referral, helper: Actor) -> None:
    shown = api(helper).get(f"/api/v1/referrals/{referral.pk}/").json()
    assert (shown["consent"], shown["consent_withdrawn"]) == (str(referral.consent_id), False)


@pytest.mark.parametrize("pole", ["given", "notified"])
def test_given_and_notified_carry_a_referral(
    registrar: Actor, helper: Actor, case: Case, pole: str
) -> None:
    consent = a_consent(registrar, case.resident, helper.agency, pole=pole)
    assert send(registrar, helper, case, consent=consent).status_code == 200


def test_a_consent_to_a_kind_of_agencies_covers_each_of_them(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    kinds = {"agencies": [], "agency_kinds": [helper.agency.kind]}
    consent = a_consent(registrar, case.resident, helper.agency, **kinds)
    assert send(registrar, helper, case, consent=consent).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"agencies": [], "agency_kinds": ["MEDICAL"]},
        {"categories": ["health"]},
        {"pole": "refused"},
    ],
    ids=["another agency", "other information", "a refusal"],
)
def test_a_consent_that_does_not_cover_it_does_not_carry_it(
    registrar: Actor, helper: Actor, case: Case, fields: dict[str, Any]
) -> None:
    consent = a_consent(registrar, case.resident, helper.agency, **fields)
    assert pointers_of(send(registrar, helper, case, consent=consent)) == ["/consent"]


def test_nor_does_that_of_another_person(registrar: Actor, helper: Actor, case: Case) -> None:
    other = a_consent(registrar, a_resident(registrar), helper.agency)
    assert pointers_of(send(registrar, helper, case, consent=other)) == ["/consent"]


def test_nor_one_beside_another_basis(
    registrar: Actor, helper: Actor, case: Case, consent: Consent
) -> None:
    words = {"consent": consent, "sharing_basis": "LIFE_BODY_PROPERTY"}
    assert pointers_of(send(registrar, helper, case, **words)) == ["/consent"]


def test_a_protected_address_is_disclosed_by_a_consent_that_names_it(
    registrar: Actor, helper: Actor
) -> None:
    case = a_case(registrar, a_resident(registrar, address="篠原町1", address_protected=True))
    consent = a_consent(registrar, case.resident, helper.agency)
    words = {"discloses_address": True}
    assert pointers_of(send(registrar, helper, case, consent=consent, **words)) == ["/consent"]
    wider = a_consent(registrar, case.resident, helper.agency, categories=["support", "address"])
    assert send(registrar, helper, case, consent=wider, **words).status_code == 200


def test_a_withdrawn_consent_carries_nothing(
    registrar: Actor, helper: Actor, case: Case, consent: Consent
) -> None:
    withdraw(registrar, consent)
    assert code_of(send(registrar, helper, case, consent=consent), 409) == "consent_over"


def test_a_refusal_stops_a_referral_unless_life_is_in_danger(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    refusal = a_consent(registrar, case.resident, helper.agency, pole="refused")
    assert code_of(send(registrar, helper, case), 409) == "consent_refused"
    danger = {"sharing_basis": "LIFE_BODY_PROPERTY", "basis_words": "自殺のおそれ"}
    assert send(registrar, helper, case, **danger).status_code == 200
    withdraw(registrar, refusal)
    assert send(registrar, helper, case).status_code == 200


# What a withdrawal ends.


def test_it_ends_the_receivers_access_to_the_case_at_once(
    registrar: Actor, helper: Actor, case: Case, referral: Referral, consent: Consent
) -> None:
    accept(actor=helper, referral_id=referral.pk)
    assert cases.visible_to(helper).filter(pk=case.pk).exists()
    withdraw(registrar, consent)
    assert not cases.visible_to(helper).filter(pk=case.pk).exists()


def test_the_referral_goes_on_for_the_sender_to_decide(
    registrar: Actor, helper: Actor, referral: Referral, consent: Consent
) -> None:
    accept(actor=helper, referral_id=referral.pk)
    withdraw(registrar, consent)
    start(actor=helper, referral_id=referral.pk, first_contact_on=timezone.localdate())
    referral.refresh_from_db()
    assert referral.status == "in_progress"
    assert referral.consent_withdrawn


def test_what_was_not_taken_note_of_yet_is_not_shown_any_more(
    registrar: Actor, helper: Actor, referral: Referral, consent: Consent
) -> None:
    withdraw(registrar, consent)
    assert api(helper).get(f"/api/v1/referrals/{referral.pk}/").status_code == 404
    assert api(helper).get("/api/v1/referrals/?box=inbox").json()["results"] == []
    assert referrals.sides(helper, referral) == frozenset()
    assert api(registrar).get(f"/api/v1/referrals/{referral.pk}/").status_code == 200


def test_what_was_received_can_be_declined_but_not_accepted(
    registrar: Actor, helper: Actor, referral: Referral, consent: Consent
) -> None:
    receive(actor=helper, referral_id=referral.pk)
    withdraw(registrar, consent)
    accepting = api(helper).post(f"/api/v1/referrals/{referral.pk}/accept/", {})
    assert code_of(accepting, 409) == "consent_over"
    propose_decline(
        actor=helper, referral_id=referral.pk, code=DeclineCode.OTHER,
        declined_by=DeclinedBy.CLIENT, text="同意の撤回",
    )  # fmt: skip


def test_other_shares_to_the_same_agency_stay(
    registrar: Actor, helper: Actor, case: Case, referral: Referral, consent: Consent
) -> None:
    accept(actor=helper, referral_id=referral.pk)
    share(registrar, case, helper.agency_id, basis="WITHIN_PURPOSE")
    withdraw(registrar, consent)
    assert cases.visible_to(helper).filter(pk=case.pk).exists()


def test_a_new_lead_keeps_the_case_and_the_former_one_leaves(
    registrar: Actor, helper: Actor, case: Case, consent: Consent
) -> None:
    kind = "TRANSFER_OF_LEAD"
    moved = a_sent_referral(registrar, helper.agency, case, consent=consent, kind=kind)
    accept(actor=helper, referral_id=moved.pk)
    withdraw(registrar, consent)
    assert cases.visible_to(helper).filter(pk=case.pk).exists()
    assert not cases.visible_to(registrar).filter(pk=case.pk).exists()


@pytest.mark.usefixtures("referral")
def test_the_receiver_may_write_down_that_it_was_taken_back(
    helper: Actor, person: Resident, consent: Consent
) -> None:
    answer = api(helper).post(at(person, consent.pk, "withdraw"), {"method": "oral"})
    assert answer.status_code == 200, answer.content


# A share of a case.


def test_a_share_rests_on_a_consent_and_ends_with_it(
    registrar: Actor, helper: Actor, case: Case, consent: Consent
) -> None:
    share(registrar, case, helper.agency_id, consent=str(consent.pk))
    assert cases.visible_to(helper).filter(pk=case.pk).exists()
    withdraw(registrar, consent)
    assert not cases.visible_to(helper).filter(pk=case.pk).exists()


def test_a_share_ends_when_its_consent_runs_out(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    ending = a_consent(registrar, case.resident, helper.agency, expires_on=tomorrow)
    share(registrar, case, helper.agency_id, consent=str(ending.pk))
    assert Grant.objects.get().until == ending.ends_at


def test_a_refusal_stops_a_share(registrar: Actor, helper: Actor, case: Case) -> None:
    a_consent(registrar, case.resident, helper.agency, pole="refused")
    with pytest.raises(AssertionError, match="consent_refused"):
        share(registrar, case, helper.agency_id)


def test_an_end_is_never_put_off(registrar: Actor, helper: Actor, case: Case) -> None:
    """The referral is completed: its shares would run for ninety days more, the consent does not."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    ending = a_consent(registrar, case.resident, helper.agency, expires_on=tomorrow)
    sent = a_sent_referral(registrar, helper.agency, case, consent=ending)
    accept(actor=helper, referral_id=sent.pk)
    done = {"outcome": "service_started", "report": "通所"}
    api(helper).post(f"/api/v1/referrals/{sent.pk}/complete/", done)
    assert Grant.objects.get().until == ending.ends_at
