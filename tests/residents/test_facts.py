"""Facts of a person: typed, with source and days, for those who may see each; corrected and ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditEntry
from carenet.cases.actions.cases import restrict
from carenet.cases.selectors import seen_case
from carenet.cases.selectors.handover_pack import pack
from carenet.residents.actions import end_record
from carenet.residents.models import Resident, ResidentFact
from tests.cases.paths import share
from tests.factories import a_case, a_member, a_resident, api
from tests.residents.samples import a_fact
from tests.rest.raw_requests import code_of, pointers_of

SEARCH = "/api/v1/residents/search/"


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(registrar)


def at(person: Resident, *parts: object) -> str:
    below = "".join(f"{part}/" for part in parts)
    return f"/api/v1/residents/{person.pk}/facts/{below}"


def listed(actor: Actor, person: Resident, **query: str) -> list[str]:
    answer = api(actor).get(at(person), query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_a_fact_says_what_from_where_and_since_when(registrar: Actor, person: Resident) -> None:
    body = {"kind": "lives_alone", "value": "yes", "source": "person"}
    shown = api(registrar).post(at(person), body).json()
    today = timezone.localdate().isoformat()
    assert {name: shown[name] for name in body} == body
    assert (shown["known_on"], shown["expires_on"], shown["ended_on"]) == (today, None, None)
    assert (shown["audience"], shown["replaces"], shown["corrected_by"]) == ("work", None, None)
    assert shown["recorded_by"]["id"] == str(registrar.agency_id)


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"kind": "faith"}, "/kind"),
        ({"value": "42"}, "/value"),
        ({"value": ""}, "/value"),
        ({"value": "other"}, "/detail"),
        ({"kind": "school", "value": "", "detail": " "}, "/detail"),
        ({"kind": "school", "value": "x", "detail": "大綱小学校"}, "/value"),
        ({"source": "rumour"}, "/source"),
        ({"audience": "all"}, "/audience"),
        ({"audience": "case"}, "/audience"),
        ({"known_on": "2199-01-01"}, "/known_on"),
        ({"expires_on": "2000-01-01"}, "/expires_on"),
    ],
)
def test_what_its_kind_does_not_know_is_refused(
    registrar: Actor, person: Resident, said: dict[str, Any], pointer: str
) -> None:
    body = {"kind": "power_device", "value": "ventilator", "source": "family"} | said
    assert pointers_of(api(registrar).post(at(person), body)) == [pointer]
    assert not ResidentFact.objects.exists()


def test_of_most_kinds_one_holds_at_a_time(registrar: Actor, person: Resident) -> None:
    body = {"kind": "lives_alone", "value": "yes", "source": "person"}
    assert api(registrar).post(at(person), body).status_code == 201
    assert code_of(api(registrar).post(at(person), body | {"value": "no"}), 409) == "conflict"


def test_somebody_has_several_devices(registrar: Actor, person: Resident) -> None:
    facts = [a_fact(registrar, person, value=value) for value in ("ventilator", "suction")]
    assert listed(registrar, person) == [str(fact.pk) for fact in facts[::-1]]


def test_a_correction_is_a_version_of_its_own(registrar: Actor, person: Resident) -> None:
    wrong = a_fact(registrar, person, detail="内蔵電池2時間")
    shown = api(registrar).post(at(person, wrong.pk, "correct"), {"value": "oxygen"}).json()
    assert (shown["value"], shown["detail"]) == ("oxygen", "内蔵電池2時間")
    assert (shown["replaces"], listed(registrar, person)) == (str(wrong.pk), [shown["id"]])
    assert listed(registrar, person, standing="corrected") == [str(wrong.pk)]
    wrong.refresh_from_db()
    assert wrong.value == "ventilator"


def test_nobody_corrects_what_they_have_not_seen(registrar: Actor, person: Resident) -> None:
    fact = a_fact(registrar, person)
    for path in ("correct", "end"):
        answer = api(registrar).post(
            at(person, fact.pk, path), {}, headers={"If-Match": f'"{fact.version + 1}"'}
        )
        assert answer.status_code == 412


def test_a_fact_is_corrected_once(registrar: Actor, person: Resident) -> None:
    fact = a_fact(registrar, person)
    api(registrar).post(at(person, fact.pk, "correct"), {"value": "oxygen"})
    again = api(registrar).post(at(person, fact.pk, "correct"), {"value": "apd"})
    assert code_of(again, 409) == "conflict"


def test_whoever_reads_a_fact_reads_its_correction(registrar: Actor, person: Resident) -> None:
    fact = a_fact(registrar, person)
    narrowed = api(registrar).post(at(person, fact.pk, "correct"), {"audience": "agency"})
    assert pointers_of(narrowed) == ["/audience"]


def test_a_fact_ends_on_a_day(registrar: Actor, person: Resident) -> None:
    fact = a_fact(registrar, person, known_on=timezone.localdate() - timedelta(days=9))
    day = (timezone.localdate() - timedelta(days=2)).isoformat()
    shown = api(registrar).post(at(person, fact.pk, "end"), {"ended_on": day}).json()
    assert shown["ended_on"] == day
    assert (listed(registrar, person), listed(registrar, person, standing="ended")) == (
        [],
        [str(fact.pk)],
    )


@pytest.mark.parametrize("days", [-1, 10])
def test_not_before_it_was_known_and_not_ahead(
    registrar: Actor, person: Resident, days: int
) -> None:
    fact = a_fact(registrar, person, known_on=timezone.localdate() - timedelta(days=9))
    day = (timezone.localdate() - timedelta(days=9 - days)).isoformat()
    answer = api(registrar).post(at(person, fact.pk, "end"), {"ended_on": day})
    assert pointers_of(answer) == ["/ended_on"]


def test_each_is_seen_by_those_for_whom_it_was_written(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    case = a_case(registrar, person)
    share(registrar, case, helper.agency_id)
    of_work, of_case, of_agency = (
        str(a_fact(registrar, person, value=value, audience=audience).pk)
        for value, audience in (("apd", "work"), ("oxygen", "case"), ("suction", "agency"))
    )
    assert listed(helper, person) == [of_case, of_work]
    assert listed(a_member(registrar.agency), person) == [of_agency, of_case, of_work]


def test_a_correction_for_more_readers_names_no_version_that_they_do_not_see(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    share(registrar, a_case(registrar, person), helper.agency_id)
    narrow = a_fact(registrar, person, audience="agency")
    address = at(person, narrow.pk, "correct")
    shown = api(registrar).post(address, {"audience": "work"}).json()
    assert shown["replaces"] == str(narrow.pk)

    def told_to(actor: Actor) -> list[str | None]:
        return [row["replaces"] for row in api(actor).get(at(person)).json()["results"]]

    assert (told_to(registrar), told_to(helper)) == ([str(narrow.pk)], [None])


def test_a_restricted_case_lets_those_see_who_are_named(registrar: Actor, person: Resident) -> None:
    case = a_case(registrar, person)
    fact = a_fact(registrar, person, audience="case")
    restrict(actor=registrar, case_id=case.pk)
    assert listed(registrar, person) == [str(fact.pk)]
    assert listed(a_member(registrar.agency), person) == []


def test_a_school_tells_no_more_of_a_protected_person_than_the_address(
    registrar: Actor, helper: Actor
) -> None:
    person = a_resident(registrar, address="綱島東1-2-3", address_protected=True)
    share(registrar, a_case(registrar, person), helper.agency_id)
    school = {"kind": "school", "value": "", "detail": "大綱小学校"}
    fact = a_fact(registrar, person, **school)
    assert (listed(registrar, person), listed(helper, person)) == ([str(fact.pk)], [])
    refused = api(helper).post(at(person), {**school, "source": "family"})
    assert code_of(refused, 403) == "address_protected"


def test_whoever_works_with_the_person_writes_and_the_record_keeper_corrects(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    share(registrar, a_case(registrar, person), helper.agency_id)
    theirs, own = a_fact(helper, person), a_fact(registrar, person, value="apd")
    assert api(registrar).post(at(person, theirs.pk, "end"), {}).status_code == 200
    refused = api(helper).post(at(person, own.pk, "correct"), {"value": "oxygen"})
    assert code_of(refused, 403) == "not_record_keeper"


def test_an_ended_record_takes_no_more(registrar: Actor, person: Resident) -> None:
    fact = a_fact(registrar, person)
    today = timezone.localdate()
    end_record(actor=registrar, resident_id=person.pk, reason="moved_away", on=today)
    body = {"kind": "sex", "value": "female", "source": "register"}
    for path, given in ((at(person), body), (at(person, fact.pk, "end"), {})):
        assert code_of(api(registrar).post(path, given), 409) == "record_ended"


@pytest.mark.parametrize("changed", [{"value": "oxygen"}, {"detail": "x"}, {"audience": "agency"}])
def test_what_was_written_stays(
    registrar: Actor, person: Resident, changed: dict[str, str]
) -> None:
    fact = a_fact(registrar, person)
    with pytest.raises(DatabaseError), transaction.atomic():
        ResidentFact.objects.filter(pk=fact.pk).update(**changed)
    with pytest.raises(DatabaseError), transaction.atomic():
        fact.delete()


def test_the_trail_says_who_read_and_who_wrote(registrar: Actor, person: Resident) -> None:
    fact = a_fact(registrar, person)
    listed(registrar, person)
    actions = set(
        AuditEntry.objects.filter(
            object_kind="residentfact", object_ids__contains=[fact.pk]
        ).values_list("action", flat=True)
    )
    assert actions == {"fact.record", "GET resident-fact-list"}


def test_a_search_finds_by_what_holds_and_may_be_seen(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    share(registrar, a_case(registrar, person), helper.agency_id)
    a_fact(registrar, person, audience="agency")
    body = {"name": person.family_name, "facts": {"power_device": ["ventilator", "apd"]}}
    found = {
        actor: [row["id"] for row in api(actor).post(SEARCH, body).json()["results"]]
        for actor in (registrar, helper)
    }
    assert found == {registrar: [str(person.pk)], helper: []}
    wrong = {**body, "facts": {"power_device": ["x"]}}
    assert pointers_of(api(registrar).post(SEARCH, wrong)) == ["/facts/power_device"]


def test_the_pack_tells_what_holds(registrar: Actor, person: Resident) -> None:
    case = a_case(registrar, person)
    ended = a_fact(registrar, person, value="oxygen")
    api(registrar).post(at(person, ended.pk, "end"), {})
    fact = a_fact(registrar, person, detail="内蔵電池2時間")
    [line] = next(
        each.lines
        for each in pack(registrar, seen_case(registrar, case.pk))
        if each.name == "facts"
    )
    assert (line.id, "ventilator 内蔵電池2時間" in line.text) == (fact.pk, True)
