"""An open pool: who sees what before a claim, who wins it, and what the others see afterwards."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from carenet.access.models import AccessEntry
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.actions.cases import restrict, unrestrict
from carenet.core.errors import Conflict, Invalid, NotFound
from carenet.referrals.actions import acceptance_and_outcome, drafts, pools
from carenet.referrals.models import AgeBand, Referral, ReferralEvent, age_band
from carenet.referrals.policy import pool_visible_to, visible_to
from carenet.reminders.models import Reminder
from carenet.residents import policy as residents
from tests.factories import a_case, a_draft, a_member, a_resident, a_sent_referral, an_agency, api

pytestmark = pytest.mark.django_db
POOL = "/api/v1/referral-pool/"


@pytest.fixture
def other(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency(AgencyKind.LIFE_SUPPORT_CENTER))


def offered(sender: Actor, *members: Actor, **fields: Any) -> Referral:
    """Send a referral to the open pool of these people's agencies."""
    return a_sent_referral(sender, None, pool=[each.agency for each in members], **fields)


def claim(actor: Actor, referral: Referral) -> Referral:
    return pools.claim(actor=actor, referral_id=referral.pk)


def refused(sender: Actor, **fields: Any) -> set[str]:
    with pytest.raises(Invalid) as problem:
        a_draft(sender, fields.pop("receiver", None), fields.pop("case", None), **fields)
    return set(problem.value.fields)


# Addressing


def test_a_draft_has_a_receiver_or_a_pool(sender: Actor, receiver: Actor, other: Actor) -> None:
    both = [receiver.agency, other.agency]
    assert refused(sender) == {"receiver"}
    assert refused(sender, receiver=receiver.agency, pool=both) == {"pool"}


def test_a_pool_has_two_to_twenty_other_agencies(sender: Actor, receiver: Actor) -> None:
    assert refused(sender, pool=[receiver.agency]) == {"pool"}
    assert refused(sender, pool=[receiver.agency, sender.agency]) == {"pool"}
    assert refused(sender, pool=[an_agency() for _ in range(21)]) == {"pool"}


def test_an_agency_of_a_pool_takes_part(sender: Actor, receiver: Actor, other: Actor) -> None:
    other.agency.active = False
    other.agency.save()
    assert refused(sender, pool=[receiver.agency, other.agency]) == {"pool"}


def test_a_restricted_case_has_no_pool(sender: Actor, receiver: Actor, other: Actor) -> None:
    case = a_case(sender, confidentiality="restricted")
    assert refused(sender, case=case, pool=[receiver.agency, other.agency]) == {"pool"}


def test_a_pool_has_no_addressee_and_learns_no_protected_address(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    pool = [receiver.agency, other.agency]
    assert refused(sender, pool=pool, addressee=other.user) == {"addressee"}
    assert refused(sender, pool=pool, discloses_address=True) == {"discloses_address"}


def test_a_draft_passes_from_a_receiver_to_a_pool_and_back(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    draft = a_draft(sender, receiver.agency)
    pool = [receiver.agency, other.agency]
    drafts.edit(actor=sender, referral_id=draft.pk, pool=pool)
    draft.refresh_from_db()
    assert (draft.receiver, draft.to_pool, draft.pool.count()) == (None, True, 2)
    drafts.edit(actor=sender, referral_id=draft.pk, receiver=other.agency)
    draft.refresh_from_db()
    assert (draft.receiver, draft.to_pool, draft.pool.count()) == (other.agency, False, 0)


def test_over_the_api_the_sender_sees_the_pool(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    ids = sorted([str(receiver.agency_id), str(other.agency_id)])
    body = {
        "case": str(a_case(sender).pk), "pool": ids, "kind": "CO_SUPPORT", "need": "housing",
        "reason": "住まい",
    }  # fmt: skip
    answer = api(sender).post("/api/v1/referrals/", body)
    assert (answer.status_code, answer.json()["receiver"]) == (201, None)
    assert sorted(each["id"] for each in answer.json()["pool"]) == ids


def test_a_stranger_in_a_pool_is_named_by_its_place(sender: Actor, receiver: Actor) -> None:
    body = {"case": str(a_case(sender).pk), "kind": "CO_SUPPORT", "need": "housing", "reason": "…"}
    pool = [str(receiver.agency_id), "019aa000-0000-7000-8000-000000000000"]
    answer = api(sender).post("/api/v1/referrals/", body | {"pool": pool})
    assert answer.json()["errors"][0]["pointer"] == "/pool"


# Before the claim


def test_nobody_of_the_pool_sees_a_draft(sender: Actor, receiver: Actor, other: Actor) -> None:
    draft = a_draft(sender, None, pool=[receiver.agency, other.agency])
    assert not pool_visible_to(receiver).exists()
    with pytest.raises(NotFound):
        claim(receiver, draft)


def test_the_pool_sees_codes_and_dates_and_nothing_else(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    born_in = timezone.localdate().year - 85
    person = a_resident(
        sender, family_name="鷗沢", birth_precision="year", birth_year=born_in,
        address="港北区大豆戸町1-1", phone="045-000-0000",
    )  # fmt: skip
    words = ("理由", "要約", "言葉", "希望", "家族", "連絡先", "依頼")
    fields = (
        "reason", "summary", "need_text", "wishes_of_person", "wishes_of_family",
        "how_to_contact", "requested_service",
    )  # fmt: skip
    case = a_case(sender, person, summary="独居")
    texts = dict(zip(fields, words, strict=True))
    sent = offered(sender, receiver, other, case=case, need="housing", **texts)
    found = api(receiver).get(f"{POOL}{sent.pk}/")
    told = json.dumps(found.json(), ensure_ascii=False)
    assert found.json() == {
        "id": str(sent.pk), "kind": "CO_SUPPORT", "need": "housing", "urgency": "normal",
        "area": "141097", "age_band": "80-89",
        "sent_at": found.json()["sent_at"], "due_at": found.json()["due_at"],
    }  # fmt: skip
    hidden = [*words, "鷗沢", "大豆戸", "045-", str(born_in), case.code, sent.code, str(person.pk)]
    assert not [word for word in hidden if word in told]
    assert api(receiver).get(POOL).json()["results"] == [found.json()]


def test_the_pool_reaches_neither_the_referral_nor_the_person(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    one = api(receiver)
    assert not visible_to(receiver).exists()
    assert not residents.visible_to(receiver).filter(pk=sent.resident_id).exists()
    for address in (
        f"referrals/{sent.pk}/", f"referrals/{sent.pk}/events/", f"residents/{sent.resident_id}/",
        f"cases/{sent.case_id}/",
    ):  # fmt: skip
        assert one.get(f"/api/v1/{address}").status_code == 404
    assert one.get("/api/v1/referrals/").json()["results"] == []


def test_looking_into_the_pool_is_in_the_trail(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    api(receiver).get(POOL)
    entry = AuditEntry.objects.get(deed=AuditAction.READ, agency_id=receiver.agency_id)
    assert (entry.object_kind, entry.object_ids) == ("referral", [sent.pk])


def test_a_case_that_is_restricted_takes_its_referral_out_of_the_pool(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    restrict(actor=sender, case_id=sent.case_id)
    assert api(receiver).get(POOL).json()["results"] == []
    with pytest.raises(NotFound):
        claim(receiver, sent)
    unrestrict(actor=sender, case_id=sent.case_id)
    assert claim(receiver, sent).receiver == receiver.agency


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.WATCHER, Role.AUDITOR])
def test_the_pool_is_for_caseworkers(
    sender: Actor, receiver: Actor, other: Actor, role: Role
) -> None:
    offered(sender, receiver, other)
    assert not pool_visible_to(a_member(receiver.agency, role)).exists()
    assert pool_visible_to(a_member(receiver.agency, Role.MANAGER)).exists()


@pytest.mark.parametrize(
    ("born_on", "born_in", "band"),
    [
        (date(2016, 11, 25), None, AgeBand.UNDER_10), (date(2016, 11, 24), None, AgeBand.TEENS),
        (None, 1966, AgeBand.SIXTIES), (date(1920, 1, 1), None, AgeBand.OVER_90),
        (date(2026, 12, 1), None, AgeBand.UNDER_10), (None, None, AgeBand.UNKNOWN),
    ],
)  # fmt: skip
def test_an_age_is_told_by_decade(born_on: date | None, born_in: int | None, band: AgeBand) -> None:
    assert age_band(date(2026, 11, 24), born_on, born_in) == band


# The claim


def test_the_first_to_claim_receives_it(sender: Actor, receiver: Actor, other: Actor) -> None:
    sent = offered(sender, receiver, other)
    answer = api(receiver).post(f"/api/v1/referrals/{sent.pk}/claim/")
    assert (answer.status_code, answer.json()["status"]) == (200, "received")
    assert answer.json()["receiver"]["id"] == str(receiver.agency_id)
    assert residents.visible_to(receiver).filter(pk=sent.resident_id).exists()
    event = ReferralEvent.objects.get(referral=sent, verb="claim")
    assert (event.side, event.by_agency) == ("POOL", receiver.agency)


def test_the_others_are_told_and_lose_sight_of_it(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    claim(receiver, sent)
    late = api(other)
    answer = late.post(f"/api/v1/referrals/{sent.pk}/claim/")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_claimed")
    assert late.get(f"{POOL}{sent.pk}/").status_code == 404
    assert late.get(POOL).json()["results"] == []
    assert not AccessEntry.objects.filter(object_id=sent.pk, way="pool").exists()


def test_a_lost_claim_is_answered_the_same_under_its_key(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    claim(receiver, sent)
    late = api(other, **{"idempotency-key": "one"})
    answers = [late.post(f"/api/v1/referrals/{sent.pk}/claim/").status_code for _ in range(2)]
    assert answers == [409, 409]


def test_who_was_never_asked_finds_nothing(sender: Actor, receiver: Actor, other: Actor) -> None:
    sent = offered(sender, receiver, other)
    stranger = api(a_member(an_agency()))
    assert stranger.post(f"/api/v1/referrals/{sent.pk}/claim/").status_code == 404
    assert api(sender).post(f"/api/v1/referrals/{sent.pk}/claim/").status_code == 404


def test_what_has_a_receiver_is_not_claimed(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    with pytest.raises(NotFound):
        claim(receiver, sent)


def test_after_the_claim_the_loop_goes_on(sender: Actor, receiver: Actor, other: Actor) -> None:
    sent = offered(sender, receiver, other)
    claim(receiver, sent)
    accepted = acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    assert (accepted.status, accepted.turn) == ("accepted", "R")


def test_an_ended_case_leaves_nothing_to_claim(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    api(sender).post(f"/api/v1/cases/{sent.case_id}/close/", {"reason": "moved_away"})
    assert not pool_visible_to(receiver).exists()
    with pytest.raises(Conflict):
        claim(receiver, sent)


def test_who_becomes_the_sender_leaves_the_pool(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    case = a_case(sender)
    sent = offered(sender, receiver, other, case=case)
    moving = a_sent_referral(sender, receiver.agency, case, kind="TRANSFER_OF_LEAD")
    acceptance_and_outcome.accept(actor=receiver, referral_id=moving.pk)
    assert Referral.objects.get(pk=sent.pk).sender == receiver.agency
    assert not pool_visible_to(receiver).exists()
    assert pool_visible_to(other).exists()


# Whose turn, and who is chased


def test_it_is_the_pools_turn_by_the_senders_calendar(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    assert (sent.turn, sent.waits_by) == ("POOL", sender.agency)
    assert Reminder.objects.get(subject_id=sent.pk).agency == sender.agency


def test_a_claim_begins_the_receivers_time(sender: Actor, receiver: Actor, other: Actor) -> None:
    sent = offered(sender, receiver, other)
    later = timezone.now() + timedelta(days=10)
    with time_machine.travel(later, tick=False):
        claimed = claim(receiver, sent)
        assert claimed.due_at
        assert (claimed.turn_since, claimed.due_at > later) == (later, True)
    reminder = Reminder.objects.get(subject_id=sent.pk, settled_at=None)
    assert (reminder.agency, reminder.subject_code) == (receiver.agency, sent.code)
