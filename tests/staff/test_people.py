"""People at the desk: found by what a caller says, and one page of what one may see of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser
from pytest_django import DjangoAssertNumQueries
from pytest_django.live_server_helper import LiveServer

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.actions import consultations
from carenet.cases.models import Consultation
from carenet.residents import actions
from carenet.residents.models import HouseholdRole, Resident
from carenet.staff.pages import autosave
from carenet.staff.pages.search import MOST
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.residents.samples import a_consent, a_contact
from tests.staff.browser import a_page, overflows, session_of, violations
from tests.watchover.watches import a_neighbourhood, a_watch

pytestmark = pytest.mark.django_db
HERE = "/desk/people/"
NEW = "/desk/consultations/new/"


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def search(actor: Actor, **given: str) -> Any:
    return desk(actor).post(HERE, given)


def found(actor: Actor, **given: str) -> list[Resident]:
    return [each.person for each in search(actor, **given).context["found"] or []]


def of(person: Resident) -> str:
    return f"{HERE}{person.pk}/"


def a_call(actor: Actor, person: Resident) -> Consultation:
    return consultations.record(
        actor=actor,
        subject=person,
        channel="phone",
        relationship="family",
        topics=["care"],
        main_topic="care",
        content="歩けなくなった",
    )


@pytest.mark.parametrize(
    "given", [{"q": "たかはし"}, {"q": "高橋"}, {"phone": "540-1234"}, {"birth": "S16.12.8"}]
)
def test_a_person_is_found_by_what_a_caller_says(given: dict[str, str]) -> None:
    actor = a_member(an_agency())
    person = a_resident(actor, phone="045-540-1234", birth_date=date(1941, 12, 8))
    a_resident(actor, family_name="山本", family_kana="ヤマモト")
    assert found(actor, **given) == [person]


def test_all_that_is_given_must_be_true() -> None:
    actor = a_member(an_agency())
    a_resident(actor, phone="045-540-1234")
    assert found(actor, q="たかはし", phone="9999") == []


def test_nobody_is_found_whom_ones_work_does_not_concern() -> None:
    a_resident(a_member(an_agency()))
    page = search(a_member(an_agency()), q="たかはし")
    assert page.context["found"] == []
    assert "a case or a referral" in page.content.decode()


@pytest.mark.parametrize(
    "given",
    [{}, {"phone": "12"}, {"birth": "たぶん"}, {"q": "\0"}, {"q": "　"}, {"phone": "abcde"}],
)
def test_without_something_to_search_for_nobody_is_listed(given: dict[str, str]) -> None:
    actor = a_member(an_agency())
    a_resident(actor)
    page = search(actor, **given)
    assert page.context["form"].errors
    assert page.context["found"] is None


def test_what_is_open_leads_on() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    call = a_call(actor, case.resident)
    page = search(actor, q="たかはし").content.decode()
    assert f"/desk/cases/{case.pk}/" in page
    assert f"/desk/consultations/{call.pk}/" in page


def test_a_restricted_case_of_others_is_not_among_it() -> None:
    agency = an_agency()
    lead, colleague = a_member(agency), a_member(agency)
    case = a_case(lead, confidentiality="restricted")
    page = search(colleague, q="たかはし").content.decode()
    assert case.code not in page
    assert case.code not in desk(colleague).get(of(case.resident)).content.decode()


def test_a_protected_address_is_in_no_result() -> None:
    lead, other = a_member(an_agency()), a_member(an_agency())
    person = a_resident(lead, address="綱島東1-2-3", address_protected=True)
    a_sent_referral(lead, other.agency, a_case(lead, person))
    assert "綱島東" in search(lead, q="たかはし").content.decode()
    for page in (search(other, q="たかはし"), desk(other).get(of(person))):
        assert page.status_code == 200
        assert "綱島東" not in page.content.decode()


def test_searching_has_the_limit_of_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("carenet.rest.throttles.SearchThrottle.rate", "2/min", raising=False)
    client = desk(a_member(an_agency()))
    codes = [client.post(HERE, {"q": "たかはし"}).status_code for _ in range(3)]
    assert codes == [200, 200, 409]


def test_while_one_types_only_the_results_come() -> None:
    actor = a_member(an_agency())
    person = a_resident(actor)
    part = desk(actor).post(HERE, {"q": "たかはし"}, headers={"HX-Request": "true"})
    assert of(person) in part.content.decode()
    assert "<html" not in part.content.decode()


def test_many_results_cost_as_much_as_few(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    actor = a_member(an_agency())
    client = desk(actor)
    a_call(actor, a_case(actor).resident)
    client.post(HERE, {"q": "たかはし"})
    with CaptureQueriesContext(connection) as few:
        client.post(HERE, {"q": "たかはし"})
    for _ in range(4):
        person = a_resident(actor, new_because="同姓同名")
        a_call(actor, a_case(actor, person).resident)
    # Each kind of thing that is shown is one row of the trail, however many are shown.
    with django_assert_num_queries(len(few)):
        client.post(HERE, {"q": "たかはし"})


def test_more_than_fit_are_said_to_be_more() -> None:
    actor = a_member(an_agency())
    for _ in range(9):
        a_resident(actor, new_because="同姓同名")
    page = search(actor, q="たかはし")
    assert len(page.context["found"]) == 8
    assert page.context["cut"]


def test_a_page_tells_what_hangs_on_a_person() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    person = case.resident
    a_contact(actor, person, name="髙橋 良子", phone="090-1")
    clinic = an_agency(AgencyKind.MEDICAL)
    a_consent(actor, person, clinic)
    first = actions.found_household(actor=actor, resident=person, role=HouseholdRole.HEAD)
    other = a_resident(actor, family_name="山本", new_because="妻")
    actions.join_household(
        actor=actor, household=first.household, resident=other, role=HouseholdRole.SPOUSE
    )
    referral = a_sent_referral(actor, clinic, case)
    call = a_call(actor, person)
    shown = desk(actor).get(of(person)).content.decode()
    for words in ("髙橋 良子", "090-1", clinic.name, "山本", case.code, referral.code):
        assert words in shown
    assert f"/desk/consultations/{call.pk}/" in shown


def test_a_page_asks_no_more_for_many() -> None:
    actor = a_member(an_agency())
    case, client = a_case(actor), desk(actor)

    def asked_for() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(of(case.resident))
        return len(asked)

    a_call(actor, case.resident)
    a_sent_referral(actor, an_agency(), case)
    asked_for()
    few = asked_for()
    for _ in range(3):
        a_call(actor, case.resident)
        a_sent_referral(actor, an_agency(), case)
    assert asked_for() == few


def test_whoever_was_let_in_by_an_inquiry_is_told_what_is_missing() -> None:
    keeper, reader = a_member(an_agency()), a_member(an_agency())
    same = {"family_name": "鶴見", "given_name": "栞", "birth_year": 1941, "phone": "045-000-1234"}
    person = a_resident(keeper, **same)
    (hint,) = actions.find_duplicates(actor=reader, **same).hints
    inquiry = actions.inquire(actor=reader, hint_id=hint.pk, words="訪問で出会った")
    actions.share(
        actor=keeper, inquiry_id=inquiry.pk, basis="LIFE_BODY_PROPERTY", reason="火の不始末"
    )
    page = desk(reader).get(of(person))
    assert not page.context["details"]
    shown = page.content.decode()
    assert "What hangs on a person is for those who work with them." in shown
    assert "A case or a referral." in shown


def test_whoever_is_out_of_reach_is_absent() -> None:
    person = a_resident(a_member(an_agency()))
    client = desk(a_member(an_agency()))
    assert client.get(of(person)).status_code == 404
    assert client.post(f"{of(person)}consultation/").status_code == 404


def test_a_merged_record_leads_to_the_one_in_its_place() -> None:
    actor = a_member(an_agency())
    survivor, loser = a_resident(actor), a_resident(actor, new_because="別人と思われた")
    actions.merge(
        actor=actor, survivor_id=survivor.pk, loser_id=loser.pk, reason="同じ人", version=None
    )
    assert desk(actor).get(of(loser))["Location"] == of(survivor)


def test_what_is_shown_is_in_the_trail() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    desk(actor).get(of(case.resident))
    read = AuditEntry.objects.filter(deed=AuditAction.READ, action__contains="staff-resident")
    shown = {(each.object_kind, pk) for each in read for pk in each.object_ids}
    assert shown >= {("resident", case.resident_id), ("case", case.pk)}


def test_watches_are_in_the_trail_too() -> None:
    who = a_neighbourhood()
    watch = a_watch(who)
    desk(who.desk).get(of(watch.resident))
    read = AuditEntry.objects.filter(deed=AuditAction.READ, object_kind="watchassignment")
    assert read.get(agency_id=who.desk.agency_id).object_ids == [watch.pk]


def test_whoever_is_cut_off_does_not_count_as_seen() -> None:
    actor = a_member(an_agency())
    for kana in "アイウエオカキクケコ"[: MOST + 1]:
        a_case(actor, a_resident(actor, given_kana=kana))
    page = search(actor, q="たかはし")
    assert page.context["cut"]
    people = {each.person.pk for each in page.context["found"]}
    assert len(people) == MOST
    for kind, ids in (
        ("resident", people),
        ("case", {case.pk for each in page.context["found"] for case in each.cases}),
    ):
        seen = AuditEntry.objects.filter(
            deed=AuditAction.READ, object_kind=kind, agency_id=actor.agency_id
        )
        assert {pk for each in seen for pk in each.object_ids} == ids


def taken(client: Client, person: Resident) -> Any:
    """Return the page to which it leads that a consultation about somebody is taken."""
    return client.get(client.post(f"{of(person)}consultation/")["Location"])


def test_a_consultation_begins_with_the_person_chosen() -> None:
    actor = a_member(an_agency())
    case, client = a_case(actor), desk(actor)
    page = taken(client, case.resident)
    assert page.context["chosen_person"] == str(case.resident_id)
    assert page.context["people"] == [case.resident]
    assert page.context["case"] == case
    assert not page.context["kept"]
    assert not client.get(NEW).context["drafts"]


def test_what_was_typed_without_a_person_stays_when_one_is_chosen() -> None:
    actor = a_member(an_agency())
    person, client = a_resident(actor), desk(actor)
    client.post("/desk/consultations/draft/", {"content": "途中まで"})
    page = taken(client, person)
    assert page.context["chosen_person"] == str(person.pk)
    assert page.context["form"].initial["content"] == "途中まで"


def test_a_draft_about_somebody_else_is_not_turned_into_one_about_this_person() -> None:
    actor = a_member(an_agency())
    person, client = a_resident(actor), desk(actor)
    client.post("/desk/consultations/draft/", {"family_name": "山本", "content": "途中まで"})
    page = taken(client, person)
    assert page.context["chosen_person"] == str(person.pk)
    assert "content" not in page.context["form"].initial
    assert [each.words for each in page.context["drafts"]] == ["山本 途中まで"]


def test_a_draft_that_is_too_long_for_the_person_stays_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    actor = a_member(an_agency())
    person, client = a_resident(actor), desk(actor)
    client.post("/desk/consultations/draft/", {"content": "途" * 100})
    monkeypatch.setattr(autosave, "LONGEST", 150)
    page = taken(client, person)
    assert page.context["chosen_person"] == str(person.pk)
    assert len(page.context["drafts"]) == 1


def test_a_coordinator_finds_people_and_takes_no_consultation() -> None:
    agency = an_agency(AgencyKind.WARD_OFFICE)
    person = a_resident(a_member(agency))
    coordinator = a_member(agency, Role.COORDINATOR)
    assert "consultation/" not in search(coordinator, q="たかはし").content.decode()
    assert desk(coordinator).post(f"{of(person)}consultation/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_from_the_ringing_telephone_to_a_consultation_by_keyboard_alone(
    live_server: LiveServer, browser: Browser
) -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    with a_page(browser, live_server.url, actor, screen="phone") as page:
        page.goto(HERE)
        page.keyboard.type("たかはし")
        page.locator("#found .line").wait_for()
        assert violations(page) == []
        assert not overflows(page)
        page.locator("#found a.to").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{of(case.resident)}")
        page.locator("form.steps button").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{NEW}*")
        assert page.locator("[name=subject]:checked").input_value() == str(case.resident_id)
        page.locator("[name=outcome][value=case_opened]").check()
        assert page.locator("#open-case").is_visible()
        page.locator("[name=subject][value='']").check()
        page.locator("#open-case").wait_for(state="hidden")
