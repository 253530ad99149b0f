"""Replies that came by phone, by FAX or in person, written down by whoever heard them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from carenet.accounts.actions.clients import create_client
from carenet.agencies.actions import add_member
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.cases.models import Case
from carenet.core import clock
from carenet.core.errors import Conflict, Forbidden, Invalid
from carenet.referrals.actions import acceptance_and_outcome, delivery, questions_and_pauses
from carenet.referrals.models import Referral, ReferralOutcome
from carenet.referrals.selectors.waiting import waiting_ids
from carenet.referrals.states import Side
from tests.factories import a_case, a_draft, a_member, a_sent_referral, a_user, an_agency, api
from tests.residents.samples import a_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic(db: None) -> Agency:  # noqa: ARG001 - ordering
    return an_agency(AgencyKind.MEDICAL)


@pytest.fixture
def sent(sender: Actor, clinic: Agency) -> Referral:
    return a_sent_referral(sender, clinic)


def accept(actor: Actor, referral: Referral, **more: Any) -> Referral:
    return acceptance_and_outcome.accept(
        actor=actor, referral_id=referral.pk, channel="fax", **more
    )


def test_the_sender_records_the_reply_of_an_agency_without_accounts(
    sender: Actor, clinic: Agency, sent: Referral
) -> None:
    accepted = accept(sender, sent)
    event = accepted.events.latest("id")
    assert (accepted.status, accepted.person_in_charge) == ("accepted", None)
    assert (event.side, event.by_agency, event.by_user) == ("R", sender.agency, sender.user)
    assert (event.on_behalf_of, event.channel) == (clinic, "fax")


def test_the_trail_tells_who_really_did_it(sender: Actor, clinic: Agency, sent: Referral) -> None:
    accept(sender, sent)
    entry = AuditEntry.objects.get(action="referral.accept", object_ids__contains=[sent.pk])
    assert (entry.actor_id, entry.agency_id) == (str(sender.user_id), sender.agency_id)
    assert entry.detail["on_behalf_of"] == str(clinic.pk)


def test_the_whole_loop_goes_by_telephone(sender: Actor, sent: Referral) -> None:
    client, one = api(sender), f"/api/v1/referrals/{sent.pk}"
    for verb, words in {
        "receive": {}, "ask": {"question": "保険は?"}, "answer": {"answer": "国保"}, "accept": {},
        "start": {"first_contact_on": f"{clock.today()}"},
        "hold": {"reason": "入院", "review_on": f"{clock.today() + timedelta(days=60)}"}, "resume": {},
        "complete": {"outcome": ReferralOutcome.ADVICE_GIVEN, "report": "受診した"},
    }.items():  # fmt: skip
        channel = {} if verb == "answer" else {"channel": "phone"}
        answer = client.post(f"{one}/{verb}/", {**words, **channel})
        assert answer.status_code == 200, (verb, answer.content)


def test_without_a_channel_nobody_speaks_for_another(sender: Actor, sent: Referral) -> None:
    with pytest.raises(Forbidden):
        acceptance_and_outcome.receive(actor=sender, referral_id=sent.pk)


@pytest.mark.parametrize("who", ["person", "system"])
def test_who_can_answer_here_answers(
    sender: Actor, clinic: Agency, sent: Referral, who: str
) -> None:
    if who == "person":
        a_member(clinic, Role.STAFF)
    else:
        create_client(agency=clinic, name="電子カルテ", scopes=["referrals:write"])
    with pytest.raises(Forbidden) as refused:
        accept(sender, sent)
    assert refused.value.reason_code == "answers_itself"


def test_a_manager_alone_cannot_answer(sender: Actor, clinic: Agency, sent: Referral) -> None:
    a_member(clinic, Role.MANAGER)
    assert accept(sender, sent).status == "accepted"


def test_nobody_can_be_put_in_charge(sender: Actor, sent: Referral) -> None:
    with pytest.raises(Invalid) as refused:
        accept(sender, sent, person_in_charge=sender.user)
    assert "person_in_charge" in refused.value.fields


def test_a_lead_does_not_go_where_nobody_could_work_with_it(
    sender: Actor, receiver: Actor, clinic: Agency
) -> None:
    case = a_case(sender)
    by_fax = accept(sender, a_sent_referral(sender, clinic, case, kind="TRANSFER_OF_LEAD"))
    assert Case.objects.get(pk=case.pk).lead_agency == sender.agency
    # One accepted by FAX stands in nobody's way.
    other = a_sent_referral(sender, receiver.agency, case, kind="TRANSFER_OF_LEAD")
    acceptance_and_outcome.accept(actor=receiver, referral_id=other.pk)
    by_fax.refresh_from_db()
    assert (by_fax.status, by_fax.sender) == ("accepted", receiver.agency)


def test_the_receiver_records_the_senders_answer(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    questions_and_pauses.ask(actor=receiver, referral_id=sent.pk, question="鍵は?")
    with pytest.raises(Invalid) as refused:
        questions_and_pauses.answer(actor=receiver, referral_id=sent.pk, answer="民生委員")
    assert "channel" in refused.value.fields
    questions_and_pauses.answer(
        actor=receiver, referral_id=sent.pk, answer="民生委員", channel="phone"
    )
    event = sent.events.latest("id")
    assert (event.side, event.on_behalf_of, event.by_agency) == (
        "S", sender.agency, receiver.agency,
    )  # fmt: skip


def test_for_oneself_there_is_no_channel(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    with pytest.raises(Invalid) as refused:
        acceptance_and_outcome.receive(actor=receiver, referral_id=sent.pk, channel="phone")
    assert "channel" in refused.value.fields


def test_a_draft_is_answered_by_nobody(sender: Actor, clinic: Agency) -> None:
    draft = a_draft(sender, clinic)
    answer = api(sender).post(f"/api/v1/referrals/{draft.pk}/accept/", {"channel": "fax"})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_status")


def test_the_service_itself_is_no_channel(sender: Actor, sent: Referral) -> None:
    answer = api(sender).post(f"/api/v1/referrals/{sent.pk}/accept/", {"channel": "system"})
    assert answer.status_code == 400


# Until the receiver was told, it is the sender's turn


def shown(actor: Actor, referral: Referral) -> dict[str, Any]:
    body: dict[str, Any] = api(actor).get(f"/api/v1/referrals/{referral.pk}/").json()
    return {name: body[name] for name in ("status", "turn", "my_turn", "delivery", "due_for")}


def mine(actor: Actor) -> list[str]:
    found = api(actor).get("/api/v1/referrals/?turn=mine").json()["results"]
    return [each["id"] for each in found]


def test_what_nobody_reads_there_stays_the_senders_turn(sender: Actor, sent: Referral) -> None:
    assert shown(sender, sent) == {
        "status": "sent", "turn": "S", "my_turn": True, "delivery": "waiting", "due_for": "delivery",
    }  # fmt: skip
    assert mine(sender) == [str(sent.pk)]
    assert waiting_ids(sender, limit=9) == [sent.pk]


def test_told_by_fax_it_is_the_receivers_turn(sender: Actor, sent: Referral) -> None:
    answer = api(sender).post(
        f"/api/v1/referrals/{sent.pk}/deliver/", {"channel": "fax", "words": "事務の佐藤さん"}
    )
    assert answer.status_code == 200
    assert shown(sender, sent) == {
        "status": "sent", "turn": "R", "my_turn": False, "delivery": "fax", "due_for": "answer",
    }  # fmt: skip
    assert mine(sender) == []
    event = sent.events.latest("id")
    assert (event.verb, event.by_user, event.data) == ("deliver", sender.user, {"delivery": "fax"})
    assert event.reason == "事務の佐藤さん"
    assert AuditEntry.objects.filter(action="referral.deliver").exists()


def test_what_was_told_is_not_told_again(sender: Actor, sent: Referral) -> None:
    delivery.deliver(actor=sender, referral_id=sent.pk, channel="phone")
    with pytest.raises(Conflict):
        delivery.deliver(actor=sender, referral_id=sent.pk, channel="fax")


def test_the_answer_has_its_time_from_when_it_was_told(sender: Actor, sent: Referral) -> None:
    told = clock.now() + timedelta(days=2)
    with time_machine.travel(told, tick=False):
        referral = delivery.deliver(actor=sender, referral_id=sent.pk, channel="fax")
    assert referral.turn_since == told
    assert referral.due_at
    assert referral.due_at > told


@pytest.mark.parametrize("who", ["person", "system"])
def test_who_reads_it_here_has_got_it(sender: Actor, clinic: Agency, who: str) -> None:
    if who == "person":
        a_member(clinic, Role.STAFF)
    else:
        create_client(agency=clinic, name="電子カルテ", scopes=["referrals:write"])
    found = shown(sender, a_sent_referral(sender, clinic))
    assert (found["turn"], found["delivery"]) == ("R", "system")


def test_a_reply_by_telephone_says_that_they_were_told(sender: Actor, sent: Referral) -> None:
    accept(sender, sent)
    found = shown(sender, sent)
    assert (found["turn"], found["delivery"]) == ("R", "fax")


def test_what_the_sender_says_later_is_told_as_well(sender: Actor, sent: Referral) -> None:
    to: Any = {"actor": sender, "referral_id": sent.pk}
    acceptance_and_outcome.receive(**to, channel="phone")
    questions_and_pauses.ask(**to, question="鍵は?", channel="phone")
    questions_and_pauses.answer(**to, answer="民生委員")
    found = shown(sender, sent)
    assert (found["status"], found["turn"], found["delivery"]) == ("received", "S", "waiting")


def test_a_receiver_that_gets_accounts_is_told_what_waits_for_it(
    sender: Actor, clinic: Agency, sent: Referral
) -> None:
    add_member(actor=None, agency=clinic, user=a_user(), roles=[Role.STAFF])
    found = shown(sender, sent)
    assert (found["turn"], found["delivery"], found["due_for"]) == ("R", "system", "answer")
    event = sent.events.latest("id")
    assert (event.verb, event.side, event.by_user) == ("deliver", Side.SYSTEM, None)


def test_so_it_is_when_a_system_begins_to_read_there(
    sender: Actor, clinic: Agency, sent: Referral
) -> None:
    create_client(agency=clinic, name="電子カルテ", scopes=["referrals:write"])
    assert shown(sender, sent)["delivery"] == "system"


def test_what_the_person_has_refused_meanwhile_is_not_told_to_newcomers(
    sender: Actor, clinic: Agency, sent: Referral
) -> None:
    a_consent(sender, sent.resident, clinic, agencies=[clinic], pole="refused")
    create_client(agency=clinic, name="電子カルテ", scopes=["referrals:write"])
    assert shown(sender, sent)["delivery"] == "waiting"


def test_whoever_gets_an_account_later_finds_it_and_takes_it_on(
    clinic: Agency, sent: Referral
) -> None:
    newcomer = a_member(clinic, Role.STAFF)
    assert mine(newcomer) == []
    assert [each["id"] for each in api(newcomer).get("/api/v1/referrals/").json()["results"]] == [
        str(sent.pk)
    ]
    acceptance_and_outcome.accept(actor=newcomer, referral_id=sent.pk)
    assert mine(newcomer) == [str(sent.pk)]
