"""A consultation between two calls: found, taken down, triaged and referred on one page."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.cases.actions.cases import move
from carenet.cases.models import Case, Consultation, EndReason
from carenet.cases.states import CaseVerb, ConsultationStatus
from carenet.referrals.models import Referral
from carenet.residents.models import Resident
from tests.factories import (
    NOWHERE,
    a_case,
    a_member,
    a_resident,
    a_sent_referral,
    a_user,
    an_agency,
)
from tests.staff.browser import a_page, session_of

pytestmark = pytest.mark.django_db
HERE = "/desk/consultations/"
CALL = {
    "received_at": "いま",
    "channel": "phone",
    "relationship": "neighbour",
    "topics": ["health", "housing"],
    "content": "新聞が三日たまっている",
    "urgency": "soon",
    "outcome": "received",
}


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def call(actor: Actor, **given: Any) -> Any:
    return desk(actor).post(f"{HERE}new/", CALL | given)


def referral_to(agency: Any) -> dict[str, str]:
    return {
        "outcome": "referral",
        "receiver": str(agency.pk),
        "need": "home_visit",
        "sharing_basis": "WITHIN_PURPOSE",
    }


def test_a_call_is_written_down_and_decided_later() -> None:
    actor = a_member(an_agency())
    assert call(actor, received_at="きょう").status_code == 303
    consultation = Consultation.objects.get()
    assert consultation.status == ConsultationStatus.RECEIVED
    assert (consultation.topics, consultation.main_topic) == (["health", "housing"], "health")


@pytest.mark.parametrize("outcome", ["received", "information_only", "case_opened"])
def test_whoever_has_recorded_a_call_is_told_so_and_led_to_it(outcome: str) -> None:
    actor = a_member(an_agency())
    client, key = desk(actor), str(uuid4())
    given = {"subject": str(a_resident(actor).pk), "outcome": outcome, "once": key}
    answer = client.post(f"{HERE}new/", CALL | given)
    page = client.get(answer["Location"]).content.decode()
    assert "This consultation has been recorded." in page
    assert f'href="{HERE}{Consultation.objects.get().pk}/"' in page
    assert "has been recorded" not in client.get("/desk/").content.decode()
    other = desk(a_member(actor.agency)).get(answer["Location"])
    assert "has been recorded" not in other.content.decode()


def test_of_abuse_the_way_leads_on_to_where_it_is_reported() -> None:
    actor = a_member(an_agency())
    answer = call(actor, topics=["abuse"], main_topic="")
    consultation = Consultation.objects.get()
    assert answer["Location"] == f"{HERE}{consultation.pk}/abuse/?recorded"
    page = desk(actor).get(answer["Location"]).content.decode()
    assert consultation.content in page


@pytest.mark.parametrize("form", ["", "x", str(NOWHERE)])
def test_nothing_is_said_of_a_form_that_nobody_has_sent(form: str) -> None:
    page = desk(a_member(an_agency())).get("/desk/", {"form": form})
    assert (page.status_code, "has been recorded" in page.content.decode()) == (200, False)


def test_a_person_is_found_by_kana_and_chosen() -> None:
    actor = a_member(an_agency())
    person = a_resident(actor)
    found = desk(actor).post(f"{HERE}people/", {"q": "たかはし"})
    assert str(person.pk) in found.content.decode()
    call(actor, subject=str(person.pk), outcome="one_off")
    assert Consultation.objects.get().subject == person


def test_a_new_person_has_a_name_that_can_be_seen() -> None:
    answer = call(a_member(an_agency()), family_name="\u200b", given_name="太郎")
    assert "Give a name of which something can be seen." in answer.content.decode()
    assert not Resident.objects.exists()
    assert not Consultation.objects.exists()


def test_nobody_is_found_whom_ones_work_does_not_concern() -> None:
    a_resident(a_member(an_agency()))
    found = desk(a_member(an_agency())).post(f"{HERE}people/", {"q": "たかはし"})
    assert "subject" not in found.content.decode()


def test_whoever_is_chosen_stays_while_one_types_on() -> None:
    actor = a_member(an_agency())
    person = a_resident(actor)
    found = desk(actor).post(f"{HERE}people/", {"q": "ちがう", "subject": str(person.pk)})
    assert str(person.pk) in found.content.decode()


def test_searching_has_the_limit_of_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carenet.rest.throttles.SearchThrottle.rate", "2/min", raising=False)
    client = desk(a_member(an_agency()))
    codes = [client.post(f"{HERE}people/", {"q": "たかはし"}).status_code for _ in range(3)]
    assert codes == [200, 200, 409]


def test_no_form_is_a_way_around_the_limit_and_what_was_typed_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("carenet.rest.throttles.SearchThrottle.rate", "2/min", raising=False)
    actor = a_member(an_agency())
    a_resident(actor)
    by_form = [call(actor, q="たかはし", find="people"), call(actor, q="たかはし", urgency="")]
    assert [len(page.context["people"]) for page in by_form] == [1, 1]
    assert desk(actor).post(f"{HERE}people/", {"q": "たかはし"}).status_code == 409
    for given, code in (({"find": "people"}, 409), ({"urgency": ""}, 422)):
        page = call(actor, q="たかはし", **given)
        assert page.status_code == code
        assert page.context["people"] == []
        assert "Too many searches" in page.content.decode()
        assert "新聞が三日" in page.content.decode()


def test_a_form_in_which_nobody_is_searched_for_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("carenet.rest.throttles.SearchThrottle.rate", "1/min", raising=False)
    actor = a_member(an_agency())
    for _ in range(2):
        assert call(actor, urgency="").status_code == 422
    assert desk(actor).post(f"{HERE}people/", {"q": "たかはし"}).status_code == 200


def test_a_new_person_is_registered_with_the_same_form() -> None:
    actor = a_member(an_agency())
    call(actor, family_name="山本", given_name="ハナ", birth="S16.12.8", outcome="case_opened")
    person = Resident.objects.get()
    assert str(person.birth_date) == "1941-12-08"
    assert Case.objects.get().resident == person


def test_somebody_who_is_probably_known_is_shown_before_a_second_record_is_made() -> None:
    actor = a_member(an_agency())
    known = a_resident(actor, family_name="山本", given_name="ハナ", birth_year=1941, phone="045-1")
    typed = {"family_name": "山本", "given_name": "ハナ", "birth": "1941", "phone": "045-1"}
    refused = call(actor, **typed)
    assert refused.status_code == 400
    assert known in refused.context["people"]
    assert Consultation.objects.count() == 0
    assert call(actor, **typed, new_because="双子の姉").status_code == 303
    assert Resident.objects.count() == 2


def test_a_found_and_a_new_person_at_once_are_not_guessed_between() -> None:
    actor = a_member(an_agency())
    person = a_resident(actor)
    assert call(actor, subject=str(person.pk), family_name="山本").status_code == 422


def test_from_the_call_to_the_sent_referral_in_one_step() -> None:
    actor, other = a_member(an_agency()), an_agency()
    person = a_resident(actor)
    answer = call(actor, subject=str(person.pk), **referral_to(other))
    referral = Referral.objects.get()
    assert answer["Location"] == f"/desk/referrals/{referral.pk}/?done=send"
    assert "It was sent." in desk(actor).get(answer["Location"]).content.decode()
    assert (referral.status, referral.receiver, referral.urgency) == ("sent", other, "soon")
    assert referral.reason == CALL["content"]
    assert Consultation.objects.get().status == ConsultationStatus.CASE_OPENED


def test_what_fails_at_the_end_leaves_nothing_behind() -> None:
    actor = a_member(an_agency())
    person = a_resident(actor)
    refused = call(actor, subject=str(person.pk), **referral_to(actor.agency))
    assert refused.status_code == 400
    assert "新聞が三日" in refused.content.decode()
    assert not Consultation.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize("name", ["sharing_basis", "consent_said_method"])
def test_what_a_referral_rests_on_is_one_press_and_nothing_is_pressed_before(name: str) -> None:
    form = desk(a_member(an_agency())).get(f"{HERE}new/").context["form"]
    options = [each.data for each in form[name].subwidgets]
    assert {each["type"] for each in options} == {"radio"}
    assert not any(each["selected"] for each in options if each["value"])


@pytest.mark.parametrize("kind", [AgencyKind.CARE_PLAZA, AgencyKind.WARD_OFFICE])
def test_no_more_bases_are_offered_than_are_seen_at_once(kind: AgencyKind) -> None:
    form = desk(a_member(an_agency(kind=kind))).get(f"{HERE}new/").context["form"]
    assert len(form.fields["sharing_basis"].choices) <= 7


def test_a_referral_without_a_basis_is_asked_for_it() -> None:
    actor = a_member(an_agency())
    given = {**referral_to(an_agency()), "sharing_basis": ""}
    refused = call(actor, family_name="山本", **given)
    assert refused.context["form"].errors["sharing_basis"]
    assert not Referral.objects.exists()


def test_whoever_was_asked_lately_is_offered_before_anything_is_typed() -> None:
    actor, asked, found = a_member(an_agency()), an_agency(), an_agency()
    a_sent_referral(actor, asked)
    a_sent_referral(a_member(actor.agency), found)
    client = desk(actor)
    assert client.get(f"{HERE}new/").context["agencies"] == [asked]
    searched = client.post(f"{HERE}agencies/", {"receiver_q": found.name})
    assert asked not in searched.context["agencies"]
    assert found in searched.context["agencies"]


def test_the_person_has_consented_unless_somebody_else_is_named() -> None:
    actor = a_member(an_agency())
    given = referral_to(an_agency()) | {"sharing_basis": "CONSENT", "consent_said_method": "oral"}
    assert call(actor, family_name="山本", **given).status_code == 303
    consent = Referral.objects.get().consent
    assert consent is not None
    assert consent.given_by == "the person"


def test_an_open_case_is_used_when_one_says_so() -> None:
    actor, other = a_member(an_agency()), an_agency()
    case = a_case(actor)
    given = {"subject": str(case.resident_id), **referral_to(other)}
    asked = call(actor, **given)
    assert asked.context["form"].errors["case_choice"]
    assert call(actor, **given, case_choice="use").status_code == 303
    assert Referral.objects.get().case == case
    consultation = Consultation.objects.get()
    assert (consultation.status, consultation.led_to) == ("case_joined", case)


def test_an_open_case_is_offered_as_soon_as_its_person_is_chosen() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    client = desk(actor)
    offered = client.post(f"{HERE}open-case/", {"subject": str(case.resident_id)})
    assert case.code in offered.content.decode()
    assert offered.context["form"]["case_choice"].value() == "use"
    nobody = a_resident(actor, new_because="同姓同名")
    for other in (str(nobody.pk), "", "x"):
        assert (
            case.code not in client.post(f"{HERE}open-case/", {"subject": other}).content.decode()
        )


def test_the_case_of_another_agency_is_not_offered() -> None:
    lead, actor = a_member(an_agency()), a_member(an_agency())
    case = a_case(lead)
    a_sent_referral(lead, actor.agency, case)
    offered = desk(actor).post(f"{HERE}open-case/", {"subject": str(case.resident_id)})
    assert case.code not in offered.content.decode()


def test_a_case_that_ended_meanwhile_is_not_replaced_unasked() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    move(actor=actor, case_id=case.pk, verb=CaseVerb.CLOSE, reason=EndReason.OTHER)
    given = {"subject": str(case.resident_id), "outcome": "case_opened"}
    assert call(actor, **given, case_choice="use").context["form"].errors["case_choice"]
    assert call(actor, **given).status_code == 303
    assert Case.objects.count() == 2


@pytest.mark.parametrize("kind", ["TRANSFER_OF_LEAD", "CO_SUPPORT", "INFORMATION"])
def test_what_is_passed_on_is_said(kind: str) -> None:
    actor, other = a_member(an_agency()), an_agency()
    given = {"subject": str(a_resident(actor).pk), **referral_to(other)}
    assert call(actor, **given, kind=kind).status_code == 303
    assert Referral.objects.get().kind == kind


def test_without_a_word_it_is_joint_support() -> None:
    actor, other = a_member(an_agency()), an_agency()
    call(actor, subject=str(a_resident(actor).pk), **referral_to(other))
    assert Referral.objects.get().kind == "CO_SUPPORT"


def restricted(actor: Actor, receiver: Agency) -> dict[str, str]:
    """Return what refers the restricted case of somebody."""
    case = a_case(actor, confidentiality="restricted")
    return {"subject": str(case.resident_id), "case_choice": "use", **referral_to(receiver)}


def test_a_restricted_case_is_referred_to_a_person_by_name() -> None:
    actor, addressee = a_member(an_agency()), a_member(an_agency(), user=a_user("佐藤 次郎"))
    given = restricted(actor, addressee.agency)
    asked = call(actor, **given)
    assert asked.context["form"].errors["addressee"]
    assert "addressee" in asked.content.decode()
    assert call(actor, **given, addressee="佐藤次郎").status_code == 303
    referral = Referral.objects.get()
    assert referral.addressee == addressee.user
    assert desk(addressee).get(f"/desk/referrals/{referral.pk}/").status_code == 200


def test_nobody_is_guessed_who_is_not_there_or_has_a_namesake() -> None:
    actor, other = a_member(an_agency()), an_agency()
    for _ in range(2):
        a_member(other, user=a_user("佐藤 次郎"))
    given = restricted(actor, other)
    for name in ("鈴木 三郎", "佐藤 次郎", "佐藤"):
        assert call(actor, **given, addressee=name).context["form"].errors["addressee"]
    assert not Referral.objects.exists()


def test_the_addressee_of_an_open_case_is_asked_when_it_is_restricted() -> None:
    actor = a_member(an_agency())
    open_to_all, secret = (
        a_case(actor),
        a_case(actor, a_resident(actor, new_because="別人"), confidentiality="restricted"),
    )
    client = desk(actor)
    for case in (open_to_all, secret):
        part = client.post(f"{HERE}open-case/", {"subject": str(case.resident_id)})
        assert ('name="addressee"' in part.content.decode()) is case.restricted


def test_a_call_is_added_to_the_open_case_without_another_one() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    given = {"subject": str(case.resident_id), "outcome": "case_opened", "case_choice": "use"}
    assert call(actor, **given).status_code == 303
    assert Consultation.objects.get().led_to == case
    assert Case.objects.count() == 1


def test_asking_the_same_again_needs_a_reason() -> None:
    actor, other = a_member(an_agency()), an_agency()
    case = a_case(actor)
    first = a_sent_referral(actor, other, case, need="home_visit")
    given = {"subject": str(case.resident_id), "case_choice": "use", **referral_to(other)}
    refused = call(actor, **given)
    assert refused.status_code == 409
    assert first.code in refused.content.decode()
    assert call(actor, **given, duplicate_reason="急変した").status_code == 303


def test_the_time_is_told_as_it_was_understood() -> None:
    client = desk(a_member(an_agency()))
    told = client.post(f"{HERE}draft/", {"received_at": "R8.11.23 15時"}).content.decode()
    assert "2026-11-23" in told or "2026/11/23" in told
    assert client.post(f"{HERE}draft/", {"received_at": "たぶん"}).status_code == 200


def test_it_works_without_a_script() -> None:
    actor = a_member(an_agency())
    person = a_resident(actor)
    page = desk(actor).post(f"{HERE}new/", CALL | {"q": "たかはし", "find": "people"})
    assert page.context["people"] == [person]
    assert "新聞が三日" in page.content.decode()


@pytest.mark.parametrize("junk", ["\0", "x" * 500, "%", "'"])
def test_junk_is_no_reason_to_fall_over(junk: str) -> None:
    client = desk(a_member(an_agency()))
    given = {"q": junk, "subject": junk, "receiver_q": junk, "receiver": junk}
    for part in ("people", "agencies", "draft"):
        assert client.post(f"{HERE}{part}/", given).status_code == 200
    assert client.post(f"{HERE}new/", CALL | given).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_referral_is_sent_within_a_minute_by_keyboard_alone(
    live_server: LiveServer, browser: Browser
) -> None:
    actor, other = (
        a_member(an_agency()),
        an_agency(name="港北さくら会", name_kana="コウホクサクラカイ"),
    )
    a_resident(actor)
    with a_page(browser, live_server.url, actor) as page:
        keys = page.keyboard

        def to(selector: str) -> None:
            for _ in range(80):
                if page.evaluate("s => document.activeElement.matches(s)", selector):
                    return
                keys.press("Tab")
            pytest.fail(f"The keyboard does not reach {selector}.")

        page.goto(f"{HERE}new/")
        to("[name=q]")
        keys.type("たかはし")
        page.locator("[name=subject]").first.wait_for()
        to("[name=subject]")
        keys.press("ArrowDown")
        to("[name=topics][value=health]")
        keys.press("Space")
        to("[name=content]")
        keys.type("新聞が三日たまっている")
        to("[name=outcome]")
        keys.press("ArrowUp")
        to("[name=receiver_q]")
        keys.type("さくら")
        page.locator("[name=receiver]").first.wait_for()
        to("[name=receiver]")
        keys.press("Space")
        to("[name=need]")
        keys.press("ArrowDown")
        to("[name=sharing_basis]")
        keys.press("ArrowDown")
        to(".intake .sticks > button")
        keys.press("Enter")
        page.wait_for_url("**/desk/referrals/**")
    assert Referral.objects.get().receiver == other
