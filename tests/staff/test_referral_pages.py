"""The page of a referral: every verb within reach of those who may, and what its story says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.referrals.actions import (
    acceptance_and_outcome,
    decline,
    drafts,
    loop_closure,
    questions_and_pauses,
    withdrawal,
)
from carenet.referrals.models import DeclineCode, DeclinedBy, NeedMet, Referral
from carenet.referrals.states import ReferralStatus, Verb
from carenet.staff.pages.referral_forms import STEPS
from tests.factories import a_member, a_sent_referral, an_agency
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db
BOX = "/desk/referrals/"


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def two() -> tuple[Actor, Actor]:
    return a_member(an_agency()), a_member(an_agency())


def page_of(actor: Actor, referral: Referral) -> Any:
    return desk(actor).get(f"{BOX}{referral.pk}/")


def offered_to(actor: Actor, referral: Referral) -> set[str]:
    return {offer.verb.value for offer in page_of(actor, referral).context["offers"]}


def take(actor: Actor, referral: Referral, verb: str, **given: Any) -> Any:
    referral.refresh_from_db()
    return desk(actor).post(f"{BOX}{referral.pk}/{verb}/", {"version": referral.version, **given})


def failed(sender: Actor, receiver: Actor, **fields: Any) -> Referral:
    referral = a_sent_referral(sender, receiver.agency, **fields)
    acceptance_and_outcome.accept(actor=receiver, referral_id=referral.pk)
    return acceptance_and_outcome.fail(
        actor=receiver, referral_id=referral.pk, reason="連絡が途絶えた"
    )


# Every verb


def test_every_verb_that_somebody_may_take_is_a_step_or_a_claim() -> None:
    assert set(Verb) - set(STEPS) == {Verb.CLAIM, Verb.SETTLE}


def test_both_sides_find_their_verbs_on_the_way() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    assert offered_to(sender, referral) == {"withdraw", "void"}
    assert offered_to(receiver, referral) == {"receive", "accept", "propose-decline"}
    acceptance_and_outcome.accept(actor=receiver, referral_id=referral.pk)
    assert offered_to(receiver, referral) == {
        "ask", "start", "hold", "propose-decline", "complete", "fail",
    }  # fmt: skip
    questions_and_pauses.ask(actor=receiver, referral_id=referral.pk, question="鍵は？")
    assert offered_to(sender, referral) == {"answer", "withdraw", "request-withdrawal", "void"}
    assert offered_to(receiver, referral) == {"answer", "propose-decline", "fail"}
    withdrawal.request_withdrawal(actor=sender, referral_id=referral.pk, reason="不要になった")
    assert "agree-withdrawal" in offered_to(receiver, referral)


def test_a_proposed_decline_is_confirmed_contested_or_retracted() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    decline.propose_decline(
        actor=receiver,
        referral_id=referral.pk,
        code=DeclineCode.NO_CAPACITY,
        declined_by=DeclinedBy.PROVIDER,
    )
    assert offered_to(receiver, referral) == {"retract-decline"}
    assert offered_to(sender, referral) == {
        "confirm-decline", "contest-decline", "withdraw", "void",
    }  # fmt: skip


@pytest.mark.operation(
    "referrals_propose_decline_create",
    "referrals_retract_decline_create",
    "referrals_contest_decline_create",
    "referrals_confirm_decline_create",
)
def test_a_decline_goes_to_and_fro_on_the_page() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    declined = {"code": DeclineCode.NO_CAPACITY, "declined_by": DeclinedBy.PROVIDER}
    for actor, verb, given in (
        (receiver, "propose-decline", declined),
        (receiver, "retract-decline", {}),
        (receiver, "propose-decline", declined),
        (sender, "contest-decline", {"reply": "ほかに受け手がない"}),
        (receiver, "propose-decline", declined),
        (sender, "confirm-decline", {}),
    ):
        assert take(actor, referral, verb, **given).status_code == 303, verb
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.DECLINED


@pytest.mark.operation("referrals_request_withdrawal_create", "referrals_agree_withdrawal_create")
def test_a_withdrawal_is_asked_for_and_agreed_to_on_the_page() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=referral.pk)
    questions_and_pauses.ask(actor=receiver, referral_id=referral.pk, question="鍵は？")
    assert take(sender, referral, "request-withdrawal", reason="不要になった").status_code == 303
    assert take(receiver, referral, "agree-withdrawal").status_code == 303


@pytest.mark.operation("referrals_fail_create")
def test_what_comes_to_nothing_is_said_so_on_the_page() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=referral.pk)
    assert take(receiver, referral, "fail", reason="連絡が途絶えた").status_code == 303


@pytest.mark.operation("referrals_reopen_create", "referrals_void_create")
def test_what_has_come_to_nothing_is_closed_rerouted_reopened_or_voided() -> None:
    sender, receiver = two()
    referral = failed(sender, receiver)
    assert offered_to(sender, referral) == {"close", "reroute", "reopen", "void"}
    assert take(sender, referral, "close", need_met="no", reason="別の機関で").status_code == 303
    assert offered_to(sender, referral) == {"reopen", "void"}
    assert take(sender, referral, "reopen", reason="再度必要").status_code == 303
    assert take(sender, referral, "void", reason="人違い").status_code == 303
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.VOID


def test_the_coordinator_finds_what_is_the_coordinators() -> None:
    ward = an_agency(AgencyKind.WARD_OFFICE)
    coordinator = a_member(ward, Role.COORDINATOR)
    sender, receiver = two()
    referral = failed(sender, receiver)
    assert referral.coordinator == ward
    assert offered_to(coordinator, referral) == {"close", "reroute", "reopen", "void"}


def test_for_a_receiver_without_accounts_every_reply_asks_how_it_came() -> None:
    sender = a_member(an_agency())
    referral = a_sent_referral(sender, an_agency(fax="045-000-0000"))
    offers = page_of(sender, referral).context["offers"]
    behalf = {offer.verb.value for offer in offers if offer.on_behalf}
    assert behalf == {"receive", "accept", "propose-decline"}
    assert offers[0].verb is Verb.DELIVER
    assert all("channel" in offer.form.fields for offer in offers if offer.on_behalf)
    take(sender, referral, "accept", channel="phone")
    steps: tuple[tuple[str, dict[str, str]], ...] = (
        ("start", {"first_contact_on": "今日"}),
        ("hold", {"reason": "入院", "review_on": "来週"}),
        ("resume", {}),
        ("ask", {"question": "鍵は？"}),
    )
    for verb, given in steps:
        assert take(sender, referral, verb, channel="fax", **given).status_code == 303
    assert take(sender, referral, "answer", answer="管理人に").status_code == 303
    done = {"outcome": "advice_given", "report": "助言した"}
    assert take(sender, referral, "complete", channel="in_person", **done).status_code == 303


@pytest.mark.operation("referrals_deliver_create")
def test_until_a_receiver_without_accounts_was_told_the_page_asks_for_it() -> None:
    sender = a_member(an_agency())
    paper = an_agency(name="みほんの丘", phone="045-000-0301", fax="045-000-0302")
    referral = a_sent_referral(sender, paper)
    page = page_of(sender, referral)
    assert "Nobody at みほんの丘 reads this service." in page.content.decode()
    assert "TEL 045-000-0301　FAX 045-000-0302" in page.content.decode()
    assert page.context["line"].ours
    given = {"channel": "fax", "words": "受付の方"}
    assert take(sender, referral, "deliver", **given).status_code == 303
    page = page_of(sender, referral)
    assert page.context["told"] is None
    assert not page.context["line"].ours
    assert "受付の方" in page.content.decode()


def expected_by(actor: Actor, referral: Referral) -> str:
    offer = page_of(actor, referral).context["expected"]
    return offer.verb.value if offer else ""


def test_the_step_that_is_waited_for_comes_first() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    assert (expected_by(sender, referral), expected_by(receiver, referral)) == ("", "accept")
    take(receiver, referral, "accept")
    assert expected_by(receiver, referral) == "start"
    take(receiver, referral, "complete", outcome="advice_given", report="助言した")
    assert (expected_by(sender, referral), expected_by(receiver, referral)) == ("close", "")


def test_whoever_has_asked_is_not_offered_the_answer_first() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    take(receiver, referral, "receive")
    take(receiver, referral, "ask", question="鍵は？")
    assert (expected_by(sender, referral), expected_by(receiver, referral)) == ("answer", "")
    assert "answer" in offered_to(receiver, referral)


def test_a_reply_on_paper_is_recorded_at_once_where_its_code_was_typed() -> None:
    sender = a_member(an_agency())
    referral = a_sent_referral(sender, an_agency())
    there = desk(sender).post("/desk/answer/", {"code": referral.code})["Location"]
    page = desk(sender).get(there.split("#")[0])
    assert page.context["expected"].verb is Verb.ACCEPT
    assert expected_by(sender, referral) == ""


def test_from_the_page_the_ways_lead_as_far_as_the_reader_may_go() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    case = f'href="/desk/cases/{referral.case_id}/"'
    person = f'href="/desk/people/{referral.resident_id}/"'
    mine, theirs = (page_of(each, referral).content.decode() for each in (sender, receiver))
    assert [way in mine for way in (case, person)] == [True, True]
    assert [way in theirs for way in (case, person)] == [False, True]


def test_both_deadlines_say_what_they_are_for() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    told = [each.what for each in page_of(receiver, referral).context["deadlines"]]
    assert told == ["the answer", "first contact"]
    take(receiver, referral, "accept")
    answered, contact = page_of(receiver, referral).context["deadlines"]
    assert "done on" in answered.when
    assert "by" in contact.when


# What the page says


def test_the_page_says_whose_turn_it_is_and_for_how_long() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    told = f"It is the turn of {receiver.agency.name}, for 0 working days."
    assert told in page_of(sender, referral).content.decode()
    assert page_of(receiver, referral).context["line"].ours
    assert not page_of(sender, referral).context["line"].ours
    withdrawal.withdraw(actor=sender, referral_id=referral.pk, reason="誤り")
    loop_closure.close(actor=sender, referral_id=referral.pk, need_met=NeedMet.NO, reason="誤り")
    assert "It is nobody&#x27;s turn any more." in page_of(sender, referral).content.decode()


def test_the_sender_reads_which_agencies_a_pool_has() -> None:
    sender, one = two()
    other = an_agency()
    referral = a_sent_referral(sender, None, pool=[one.agency, other])
    page = page_of(sender, referral).content.decode()
    assert one.agency.name in page
    assert other.name in page


def test_the_story_tells_codes_and_days_in_words() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    decline.propose_decline(
        actor=receiver,
        referral_id=referral.pk,
        code=DeclineCode.NO_CAPACITY,
        declined_by=DeclinedBy.PROVIDER,
    )
    page = page_of(sender, referral).content.decode()
    assert "no capacity, by the provider" in page
    decline.retract_decline(actor=receiver, referral_id=referral.pk)
    assert "no capacity, by the provider" in page_of(sender, referral).content.decode()


def test_the_receiver_sees_that_the_sender_asks_for_it_back() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=referral.pk)
    take(receiver, referral, "start", first_contact_on="今日")
    withdrawal.request_withdrawal(actor=sender, referral_id=referral.pk, reason="不要になった")
    assert "The sender asks for it back." in page_of(receiver, referral).content.decode()


def test_what_it_replaces_is_a_link_for_those_who_may_open_it() -> None:
    sender, receiver = two()
    old = failed(sender, receiver)
    other = a_member(an_agency())
    take(sender, old, "reroute", receiver=str(other.agency_id))
    new = Referral.objects.get(replaces=old)
    drafts.edit(actor=sender, referral_id=new.pk, sharing_basis="WITHIN_PURPOSE")
    drafts.send(actor=sender, referral_id=new.pk)
    assert f'href="{BOX}{old.pk}/"' in page_of(sender, new).content.decode()
    of_other = page_of(other, new).content.decode()
    assert old.code in of_other
    assert f'href="{BOX}{old.pk}/"' not in of_other


# What was rerouted


def test_what_is_rerouted_opens_as_a_draft_that_can_be_sent_from_here() -> None:
    sender, receiver = two()
    old = failed(sender, receiver)
    other = an_agency(AgencyKind.CORE_CONSULTATION_CENTER)
    answer = take(sender, old, "reroute", receiver=str(other.pk), reason="別の窓口へ")
    new = Referral.objects.get(replaces=old)
    draft = f"{BOX}{new.pk}/draft/"
    assert answer["Location"] == draft
    client = desk(sender)
    assert "say on which basis" in client.get(f"{BOX}{new.pk}/").content.decode()
    form = client.get(draft).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    kept = client.post(draft, {"version": 1, **given, "sharing_basis": "WITHIN_PURPOSE"})
    assert kept.status_code == 303
    assert take(sender, new, "send").status_code == 303
    new.refresh_from_db()
    assert (new.status, new.receiver) == (ReferralStatus.SENT, other)


def test_agencies_to_reroute_to_begin_with_the_kind_it_came_back_from() -> None:
    sender = a_member(an_agency())
    receiver = a_member(an_agency(AgencyKind.LIFE_SUPPORT_CENTER))
    alike = an_agency(AgencyKind.LIFE_SUPPORT_CENTER)
    referral = failed(sender, receiver)
    offers = page_of(sender, referral).context["offers"]
    form = next(offer.form for offer in offers if offer.verb is Verb.REROUTE)
    _empty, first, *_others = form.fields["receiver"].choices
    offered = set(form.fields["receiver"].found)
    assert str(alike.pk) in dict(first[1])
    assert not offered & {str(sender.agency_id), str(receiver.agency_id)}
    assert take(sender, referral, "reroute", receiver=str(receiver.agency_id)).status_code == 422


def test_the_coordinator_who_reroutes_stays_with_what_was_rerouted() -> None:
    coordinator = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)
    sender, receiver = two()
    referral = failed(sender, receiver)
    other = an_agency()
    answer = take(coordinator, referral, "reroute", receiver=str(other.pk))
    assert answer["Location"] == f"{BOX}{referral.pk}/?done=reroute"
