"""Referrals on the desk: boxes, steps in place, lost races explained, words of others recorded."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django import DjangoAssertNumQueries
from pytest_django.live_server_helper import LiveServer

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.core import clock
from carenet.referrals.actions import acceptance_and_outcome
from carenet.referrals.models import Referral
from carenet.referrals.states import ReferralStatus
from carenet.staff.pages.referral_forms import STEPS
from tests.factories import (
    NOWHERE,
    a_case,
    a_draft,
    a_member,
    a_resident,
    a_sent_referral,
    a_user,
    an_agency,
)
from tests.staff.browser import a_page, session_of

pytestmark = pytest.mark.django_db
BOX = "/desk/referrals/"


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def take(actor: Actor, referral: Referral, verb: str, **given: Any) -> Any:
    """Do a step as the page that is open now would."""
    referral.refresh_from_db()
    latest = referral.events.order_by("id").last()
    form = {"version": referral.version, "seen": str(latest.pk) if latest else "", **given}
    return desk(actor).post(f"{BOX}{referral.pk}/{verb}/", form)


def two() -> tuple[Actor, Actor]:
    return a_member(an_agency()), a_member(an_agency())


def test_the_inbox_names_who_it_is_about_who_asks_and_what_is_due() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    page = desk(receiver).get(BOX).content.decode()
    for words in (referral.code, referral.resident.name, sender.agency.name, "the answer"):
        assert words in page


def test_the_list_says_what_nobody_was_told_yet() -> None:
    sender = a_member(an_agency())
    a_sent_referral(sender, an_agency(fax="045-000-0000"))
    page = desk(sender).get(BOX, {"box": "outbox", "turn": "mine"}).content.decode()
    assert "not delivered" in page
    assert "Tell the receiver" in page


def test_after_a_step_the_page_says_what_was_done_and_what_is_next() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    answer = take(receiver, referral, "accept")
    page = desk(receiver).get(answer["Location"]).content.decode()
    assert "It was taken on." in page
    assert "Next: first contact by" in page
    assert f"/desk/cases/{referral.case_id}/" in page
    acceptance_and_outcome.start(
        actor=receiver, referral_id=referral.pk, first_contact_on=clock.today()
    )
    assert 'notice done"' not in desk(receiver).get(answer["Location"]).content.decode()


def test_what_was_sent_stands_in_the_outbox_and_not_in_the_inbox() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    assert referral.code not in desk(sender).get(BOX).content.decode()
    assert referral.code in desk(sender).get(BOX, {"box": "outbox"}).content.decode()


def test_filters_stand_in_the_address_and_leave_out_what_does_not_fit() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    mine = desk(sender).get(BOX, {"box": "outbox", "turn": "mine"})
    assert referral.code not in mine.content.decode()
    sent = desk(sender).get(BOX, {"box": "outbox", "status": "sent"})
    assert referral.code in sent.content.decode()


@pytest.mark.parametrize(
    "query",
    [{"box": "attic"}, {"status": "lost"}, {"turn": "x"}, {"after": "x"}, {"before": "2026~\0"}],
)
def test_a_filter_that_nobody_offers_is_refused(query: dict[str, str]) -> None:
    assert desk(two()[0]).get(BOX, query).status_code == 400


def test_a_list_turns_its_pages_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    sender, receiver = two()
    codes = [a_sent_referral(sender, receiver.agency).code for _ in range(3)]
    monkeypatch.setattr("carenet.staff.pages.referrals.MOST", 2)
    client = desk(receiver)
    first = client.get(BOX)
    assert [code in first.content.decode() for code in codes] == [True, True, False]
    second = client.get(f"{BOX}?{first.context['next']}")
    assert [code in second.content.decode() for code in codes] == [False, False, True]
    back = client.get(f"{BOX}?{second.context['previous']}")
    assert [code in back.content.decode() for code in codes] == [True, True, False]


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sender, receiver = two()
    client = desk(receiver)
    a_sent_referral(sender, receiver.agency)
    client.get(BOX)  # the session begins to be used
    with CaptureQueriesContext(connection) as few:
        client.get(BOX)
    for _ in range(5):
        a_sent_referral(sender, receiver.agency)
    with django_assert_num_queries(len(few)):
        client.get(BOX)


def test_every_step_of_the_referral_has_an_address() -> None:
    for verb in STEPS:
        assert reverse(f"staff-referral-{verb.value}", args=[NOWHERE])


@pytest.mark.operation("referrals_accept_create")
def test_it_is_accepted_by_one_tap() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    assert take(receiver, referral, "accept").status_code == 303
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.ACCEPTED
    assert referral.person_in_charge == receiver.user


@pytest.mark.operation(
    "referrals_answer_create",
    "referrals_ask_create",
    "referrals_hold_create",
    "referrals_propose_decline_create",
    "referrals_resume_create",
)
def test_it_is_asked_held_and_declined_with_words() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    take(receiver, referral, "accept")
    assert take(receiver, referral, "hold", reason="入院中", review_on="来週").status_code == 303
    assert take(receiver, referral, "resume").status_code == 303
    assert take(receiver, referral, "ask", question="同居の方は？").status_code == 303
    assert take(sender, referral, "answer", answer="いません").status_code == 303
    decline = {"code": "no_capacity", "declined_by": "provider"}
    assert take(receiver, referral, "propose-decline", **decline).status_code == 303
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.DECLINE_PROPOSED


@pytest.mark.operation(
    "referrals_close_create", "referrals_complete_create", "referrals_start_create"
)
def test_it_goes_to_its_end_and_is_closed() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    take(receiver, referral, "accept")
    take(receiver, referral, "start", first_contact_on="今日")
    take(receiver, referral, "complete", outcome="advice_given", report="助言した")
    assert take(sender, referral, "close", need_met="yes").status_code == 303
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.CLOSED


def test_what_was_typed_stays_when_something_is_missing() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    take(receiver, referral, "accept")
    answer = take(receiver, referral, "hold", reason="入院中のため", review_on="いつか")
    assert answer.status_code == 422
    assert "入院中のため" in answer.content.decode()


def test_a_rule_of_the_action_is_told_at_its_field() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    take(receiver, referral, "accept")
    answer = take(receiver, referral, "hold", reason="入院中", review_on="今日")
    assert answer.status_code == 400
    assert answer.context["form"].errors["review_on"]


def test_a_refusal_is_told_in_words_of_the_page() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    take(receiver, referral, "accept")
    page = take(receiver, referral, "hold", reason="入院中", review_on="今日").content.decode()
    assert "Nothing was recorded." in page
    assert "“errors”" not in page


def test_a_lost_race_says_who_did_what_meanwhile() -> None:
    sender, receiver = two()
    colleague = a_member(receiver.agency, user=a_user("鈴木 次郎"))
    referral = a_sent_referral(sender, receiver.agency)
    opened = {"version": referral.version, "seen": str(referral.events.get().pk)}
    acceptance_and_outcome.accept(actor=colleague, referral_id=referral.pk)
    late = {**opened, "code": "other", "declined_by": "provider", "text": "満員です"}
    answer = desk(receiver).post(f"{BOX}{referral.pk}/propose-decline/", late)
    page = answer.content.decode()
    assert answer.status_code == 412
    assert [event.by_user for event in answer.context["meanwhile"]] == [colleague.user]
    assert "鈴木 次郎" in page
    assert "満員です" in page
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.ACCEPTED


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30, "9" * 5000])
def test_nobody_acts_without_having_seen_a_version(version: str) -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    answer = desk(receiver).post(f"{BOX}{referral.pk}/accept/", {"version": version})
    assert answer.status_code == 428


def test_in_a_list_the_line_comes_back_alone() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    given = {"version": referral.version, "line": "1"}
    answer = desk(receiver).post(
        f"{BOX}{referral.pk}/accept/", given, headers={"hx-request": "true"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"row-{referral.pk}" in page
    assert "<html" not in page


def test_the_answer_of_a_receiver_without_accounts_is_recorded_with_its_channel() -> None:
    sender = a_member(an_agency())
    paper = an_agency(fax="045-000-0000")
    referral = a_sent_referral(sender, paper)
    assert take(sender, referral, "accept").status_code == 422
    assert take(sender, referral, "accept", channel="fax").status_code == 303
    event = referral.events.order_by("id").last()
    assert event
    assert (event.on_behalf_of, event.channel, event.by_user) == (paper, "fax", sender.user)


def test_nobody_speaks_for_a_receiver_that_answers_here_itself() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    page = desk(sender).get(f"{BOX}{referral.pk}/")
    assert "accept" not in {offer.verb for offer in page.context["offers"]}
    assert "answers_itself" in {denial.code for denial in page.context["denials"]}
    assert take(sender, referral, "accept", channel="fax").status_code == 403


@pytest.mark.operation("referrals_receive_create")
def test_the_receiver_records_what_the_sender_has_said() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    take(receiver, referral, "receive")
    take(receiver, referral, "ask", question="鍵は？")
    given = {"answer": "管理人にあります", "channel": "phone"}
    assert take(receiver, referral, "answer", **given).status_code == 303


def test_a_manager_who_may_not_answer_is_led_to_whoever_does() -> None:
    receiver = a_member(an_agency())
    referral = a_sent_referral(a_member(an_agency()), receiver.agency)
    page = desk(a_member(receiver.agency, Role.MANAGER)).get(f"{BOX}{referral.pk}/")
    steps = page.content.decode().partition('id="steps"')[2].partition("</section>")[0]
    assert 'href="/desk/members/"' in steps


def test_a_manager_is_told_which_basis_is_missing() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    manager = a_member(receiver.agency, Role.MANAGER)
    page = desk(manager).get(f"{BOX}{referral.pk}/")
    assert page.context["offers"] == []
    assert "staff" in str(page.context["denials"][0].basis)


def test_a_draft_is_sent_and_a_repetition_needs_a_reason() -> None:
    sender, receiver = two()
    case = a_case(sender)
    first = a_sent_referral(sender, receiver.agency, case)
    again = a_draft(sender, receiver.agency, case)
    refused = take(sender, again, "send")
    assert refused.status_code == 409
    assert first.code in refused.content.decode()
    assert take(sender, again, "send", duplicate_reason="状況が変わった").status_code == 303


@pytest.mark.operation("referrals_reroute_create", "referrals_withdraw_create")
def test_what_is_rerouted_goes_to_an_agency_that_is_chosen() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    take(sender, referral, "withdraw", reason="誤り")
    other = an_agency()
    assert take(sender, referral, "reroute", receiver=str(other.pk)).status_code == 303
    assert Referral.objects.get(replaces=referral).receiver == other


def test_reading_is_on_record() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    desk(receiver).get(f"{BOX}{referral.pk}/")
    reads = AuditEntry.objects.filter(deed=AuditAction.READ, object_kind="resident")
    assert [referral.resident_id] in [list(entry.object_ids) for entry in reads]


def test_no_name_stands_in_a_title() -> None:
    sender, receiver = two()
    resident = a_resident(sender, family_name="秘密野")
    referral = a_sent_referral(sender, receiver.agency, a_case(sender, resident))
    page = desk(receiver).get(f"{BOX}{referral.pk}/").content.decode()
    assert "秘密野" in page
    assert "秘密野" not in page.split("</title>")[0]


def test_another_agency_finds_nothing_there() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    stranger = a_member(an_agency())
    assert desk(stranger).get(f"{BOX}{referral.pk}/").status_code == 404
    assert take(stranger, referral, "accept").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_referral_is_accepted_in_the_list_and_a_lost_race_is_explained(
    live_server: LiveServer, browser: Browser
) -> None:
    sender, receiver = two()
    colleague = a_member(receiver.agency, user=a_user("鈴木 次郎"))
    first = a_sent_referral(sender, receiver.agency)
    second = a_sent_referral(sender, receiver.agency)
    with a_page(browser, live_server.url, receiver) as page:
        page.goto(BOX)
        row = page.locator(f"#row-{first.pk}")
        row.get_by_role("link", name="引き受けます:").press("Enter")
        row.get_by_role("button", name="引き受けます", exact=True).press("Enter")
        row.locator(".notice.done").wait_for()
        other = page.locator(f"#row-{second.pk}")
        other.get_by_role("link", name="引き受けます:").press("Enter")
        button = other.get_by_role("button", name="引き受けます", exact=True)
        button.wait_for()
        acceptance_and_outcome.accept(actor=colleague, referral_id=second.pk)
        button.press("Enter")
        other.get_by_text("鈴木 次郎").wait_for()
