"""A person on the desk: the record, contacts and certifications are entered and corrected there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.residents import actions
from carenet.residents.models import Certification, Contact, Resident
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.residents.samples import a_contact
from tests.staff.browser import session_of
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
NAMES = {
    "family_name": "髙橋",
    "given_name": "花",
    "family_kana": "タカハシ",
    "given_kana": "ハナ",
}


def desk(actor: Actor, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.cookies["sessionid"] = session_of(actor)
    return client


def of(person: Resident, *parts: object) -> str:
    return f"/desk/people/{person.pk}/" + "".join(f"{part}/" for part in parts)


@pytest.fixture
def actor(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency())


@pytest.fixture
def person(actor: Actor) -> Resident:
    return a_resident(actor, **NAMES)


def correct(actor: Actor, person: Resident, **typed: Any) -> Any:
    return desk(actor).post(of(person, "record"), NAMES | {"version": person.version} | typed)


@pytest.mark.operation("residents_partial_update")
def test_a_record_is_completed(actor: Actor, person: Resident) -> None:
    typed = {"phone": "045-540-1234", "birth": "S12.11.10", "address": "綱島東1-2-3"}
    answer = correct(actor, person, **typed)
    assert answer.status_code == 303
    person.refresh_from_db()
    assert (person.phone, person.birth_date) == ("045-540-1234", date(1937, 11, 10))
    page = desk(actor, "ja").get(answer["Location"]).content.decode()
    assert "登録内容を直しました" in page
    assert "昭和12年11月10日" in page


@pytest.mark.parametrize(
    ("typed", "wrong", "status"),
    [
        ({"phone": "知らない番号"}, "phone", 400),
        ({"family_kana": "高橋"}, "family_kana", 400),
        ({"birth": "いつか"}, "birth", 422),
        ({"family_name": ""}, "family_name", 422),
        ({"insured_number": "12"}, "insured_number", 400),
        ({"address_protected": "on"}, "address", 400),
    ],
)
def test_what_a_record_cannot_say_is_said_at_its_field(
    actor: Actor, person: Resident, typed: dict[str, str], wrong: str, status: int
) -> None:
    answer = correct(actor, person, **typed)
    assert answer.status_code == status
    form = answer.context["form"]
    assert set(form.errors) == {wrong}
    assert form.data.get(wrong) == (typed | {"address": None}).get(wrong, None)


def test_whoever_was_overtaken_keeps_what_they_typed_and_overwrites_nothing(
    actor: Actor, person: Resident
) -> None:
    actions.edit(actor=actor, resident_id=person.pk, phone="045-000-0001", given_name="花子")
    answer = correct(actor, person, given_name="はな", address="綱島東1-2-3")
    assert answer.status_code == 412
    form, told = answer.context["form"], answer.context["meanwhile"]
    assert (form["phone"].value(), form["given_name"].value()) == ("045-000-0001", "はな")
    assert [words for _label, words in told[0]["lines"]] == ["花子", "045-000-0001"]
    typed = form.data.dict() | {"version": answer.context["version"]}
    assert desk(actor).post(of(person, "record"), typed).status_code == 303
    person.refresh_from_db()
    assert (person.phone, person.given_name) == ("045-000-0001", "はな")
    assert person.address == "綱島東1-2-3"


def test_a_protected_address_is_neither_shown_nor_asked_for(actor: Actor) -> None:
    registrar = a_member(an_agency())
    person = a_resident(registrar, address="綱島東1-2-3", address_protected=True, **NAMES)
    a_sent_referral(registrar, actor.agency, a_case(registrar, person))
    a_case(actor, person)
    page = desk(actor).get(of(person, "record"))
    assert page.status_code == 200
    assert "綱島東" not in page.content.decode()
    assert not {"address", "address_protected"} & set(page.context["form"].fields)
    assert correct(actor, person, address="盗み見", phone="045-000-0001").status_code == 303
    person.refresh_from_db()
    assert (person.address, person.phone) == ("綱島東1-2-3", "045-000-0001")


def test_a_record_that_others_keep_is_not_offered(actor: Actor) -> None:
    lead = a_member(an_agency())
    person = a_resident(lead)
    a_sent_referral(lead, actor.agency, a_case(lead, person))
    assert desk(actor).get(of(person, "record")).status_code == 403
    assert of(person, "record") not in desk(actor).get(of(person)).content.decode()


@pytest.mark.operation("residents_contacts_create")
def test_a_contact_is_entered_with_the_key_and_an_end(actor: Actor, person: Resident) -> None:
    typed = {
        "name": "髙橋 次郎",
        "relationship": "sibling",
        "holds_key": "on",
        "expires_on": "来週",
    }
    answer = desk(actor).post(of(person, "contacts"), typed)
    assert answer.status_code == 303
    contact = Contact.objects.get()
    assert contact.holds_key
    page = desk(actor).get(answer["Location"]).content.decode()
    assert "holds a key" in page
    assert "The contact was entered." in page


def test_what_a_contact_cannot_say_is_said_at_its_field(actor: Actor, person: Resident) -> None:
    typed = {
        "name": "髙橋 次郎",
        "relationship": "sibling",
        "phone": "弟の家",
        "expires_on": "来週",
    }
    answer = desk(actor).post(of(person, "contacts"), typed)
    assert set(answer.context["form"].errors) == {"phone"}
    assert answer.context["form"]["expires_on"].value() == "来週"


@pytest.mark.operation(
    "residents_contacts_confirm_create",
    "residents_contacts_end_create",
    "residents_contacts_partial_update",
)
def test_a_contact_is_corrected_confirmed_and_ended(actor: Actor, person: Resident) -> None:
    contact = a_contact(actor, person, confirmed_on=clock.today() - timedelta(days=100))
    client, here = desk(actor), of(person, "contacts", contact.pk)
    seen = client.get(here).context
    form = {f"initial-{each.name}": each.value() for each in seen["correct_form"]}
    typed = {"name": "髙橋 三郎", "relationship": "sibling", "version": seen["version"]}
    assert client.post(here, form | typed).status_code == 303
    contact.refresh_from_db()
    assert contact.name == "髙橋 三郎"
    given = {"version": contact.version, "confirmed_on": "きのう"}
    assert client.post(f"{here}confirm/", given).status_code == 303
    contact.refresh_from_db()
    assert contact.confirmed_on == clock.today() - timedelta(days=1)
    assert client.post(f"{here}end/", {"version": contact.version}).status_code == 303
    page = client.get(of(person, "contacts")).context
    assert (page["contacts"], page["ended"]) == ([], [contact])


def test_two_who_correct_a_contact_do_not_undo_each_other(actor: Actor, person: Resident) -> None:
    contact = a_contact(actor, person)
    here = of(person, "contacts", contact.pk)
    seen = desk(actor).get(here).context
    form = {f"initial-{each.name}": each.value() or "" for each in seen["correct_form"]}
    actions.edit_contact(
        actor=actor, resident_id=person.pk, contact_id=contact.pk, phone="045-000-0001"
    )
    typed = {"name": "髙橋 三郎", "relationship": "sibling", "version": seen["version"]}
    answer = desk(actor).post(here, form | typed)
    assert answer.status_code == 412
    again = answer.context["form"]
    assert (again["name"].value(), again["phone"].value()) == ("髙橋 三郎", "045-000-0001")
    typed = again.data.dict() | {"version": answer.context["version"]}
    assert desk(actor).post(here, typed).status_code == 303
    contact.refresh_from_db()
    assert (contact.name, contact.phone) == ("髙橋 三郎", "045-000-0001")


def test_nobody_ends_a_contact_they_have_not_seen(actor: Actor, person: Resident) -> None:
    here = of(person, "contacts", a_contact(actor, person).pk, "end")
    assert desk(actor).post(here).status_code == 428
    assert desk(actor).post(here, {"version": 9}).status_code == 412


@pytest.mark.operation("residents_certifications_create")
def test_a_certification_is_entered(actor: Actor, person: Resident) -> None:
    typed = {"care_level": "22", "certified_from": "R8.11.1", "certified_until": "R9.10.31"}
    assert desk(actor).post(of(person, "certifications"), typed).status_code == 303
    found = Certification.objects.get()
    assert (found.care_level, found.certified_from) == ("22", date(2026, 11, 1))


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, "certified_until"),
        ({"certified_until": "R8.10.31"}, "certified_until"),
        ({"certified_until": "R9.10.31", "insurer": "12"}, "insurer"),
    ],
)
def test_what_a_certification_cannot_say_is_said_at_its_field(
    actor: Actor, person: Resident, typed: dict[str, str], wrong: str
) -> None:
    given = {"care_level": "22", "certified_from": "R8.11.1"} | typed
    answer = desk(actor).post(of(person, "certifications"), given)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {wrong}


def test_a_manager_reads_and_is_offered_no_form(actor: Actor, person: Resident) -> None:
    contact = a_contact(actor, person)
    manager = desk(a_member(actor.agency, Role.MANAGER))
    for page in (("contacts",), ("contacts", contact.pk), ("certifications",)):
        answer = manager.get(of(person, *page))
        assert answer.status_code == 200
        assert '<form method="post" class="card"' not in answer.content.decode()


@pytest.mark.parametrize("part", ["contacts", "certifications", "record"])
def test_many_cost_no_more_than_few(actor: Actor, person: Resident, part: str) -> None:
    asked = []
    for number in (1, 4):
        for _each in range(number):
            a_contact(actor, person)
            actions.certify(
                actor=actor,
                resident_id=person.pk,
                care_level="01",
                certified_from=date(2026, 11, 1),
            )
        asked.append(len(queries(desk(actor), of(person, part))))
    assert asked == [asked[0]] * 2
    assert asked[0] <= 12


def test_a_page_that_did_not_ask_for_the_address_leaves_it_protected(actor: Actor) -> None:
    person = a_resident(actor, **NAMES, address="綱島東1-2-3", address_protected=True)
    assert correct(actor, person, phone="045-540-1234").status_code == 303
    person.refresh_from_db()
    assert (person.address, person.address_protected) == ("綱島東1-2-3", True)
    assert person.phone == "045-540-1234"
