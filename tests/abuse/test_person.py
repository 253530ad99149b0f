"""An abuse report and its person: what happens to the record tells nobody that there is a report."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from carenet.abuse.models import AbuseReport
from carenet.agencies.actors import Actor
from carenet.cases.actions.new_case import open_case
from carenet.cases.models import Case
from carenet.reminders.models import Reminder
from carenet.residents.actions import merge, unmerge
from carenet.residents.models import Resident
from tests.abuse.requests import NAME, REPORTS, a_report, at
from tests.cases.paths import sees
from tests.factories import a_member, a_resident, an_agency, api

RESIDENTS = "/api/v1/residents/"
BORN = date(1941, 12, 8)
ONGOING = "case.goes_on_after_end"


@pytest.fixture
def person(keeper: Actor) -> Resident:
    return a_resident(keeper, family_name="鷗沢", given_name="環", birth_date=BORN)


@pytest.fixture
def keeper(db: None) -> Actor:  # noqa: ARG001
    """Whoever registered the person, and knows of no report."""
    return a_member(an_agency())


@pytest.fixture
def secret(worker: Actor, person: Resident, office: Actor, officer: Actor) -> AbuseReport:
    case = open_case(actor=worker, resident=person, summary="あざ")
    return a_report(worker, case, members=[office.user, officer.user])


def end(actor: Actor, person: Resident) -> Any:
    body = {"reason": "died", "on": timezone.localdate().isoformat()}
    return api(actor).post(f"{RESIDENTS}{person.pk}/end/", body)


def hints(actor: Actor) -> list[Any]:
    said = {"family_name": "鷗沢", "given_name": "環", "birth_date": BORN.isoformat()}
    found: list[Any] = api(actor).post(f"{RESIDENTS}matches/", said).json()["hints"]
    return found


def test_a_death_is_recorded_while_the_report_is_open_and_does_not_tell_of_it(
    keeper: Actor, person: Resident, secret: AbuseReport
) -> None:
    answer = end(keeper, person)
    assert (answer.status_code, answer.json()["ended_because"]) == (200, "died")
    secret.case.refresh_from_db()
    assert secret.case.is_open


def test_those_who_lead_that_case_are_told(
    keeper: Actor, worker: Actor, person: Resident, secret: AbuseReport
) -> None:
    end(keeper, person)
    reminder = Reminder.objects.get(kind=ONGOING, settled_at=None)
    assert (reminder.subject_id, reminder.person) == (secret.case_id, worker.user)


def test_the_other_cases_are_closed(keeper: Actor, person: Resident, secret: AbuseReport) -> None:
    other = open_case(actor=keeper, resident=person, summary="介護")
    end(keeper, person)
    other.refresh_from_db()
    assert not other.is_open
    assert secret.case.is_open


def test_a_report_gives_no_hint_of_its_person(person: Resident, secret: AbuseReport) -> None:
    assert secret.case.resident == person
    assert secret.case.restricted
    assert hints(a_member(an_agency())) == []


def test_nor_when_its_case_is_open_to_all_involved_again(secret: AbuseReport) -> None:
    Case.objects.filter(pk=secret.case_id).update(confidentiality="normal")
    assert hints(a_member(an_agency())) == []


def test_a_search_finds_the_person_only_for_those_who_work_with_them(
    keeper: Actor, officer: Actor, person: Resident, secret: AbuseReport
) -> None:
    def found(actor: Actor, **more: Any) -> list[str]:
        body = {"name": "鷗沢"} | more
        rows = api(actor).post(f"{RESIDENTS}search/", body).json()["results"]
        return [row["id"] for row in rows]

    assert secret.case.is_open
    assert found(officer) == [str(person.pk)]
    assert found(a_member(officer.agency)) == []
    assert found(keeper) == [str(person.pk)]
    assert found(keeper, progress={"case": ["open"]}) == []


def test_a_merge_moves_the_case_and_leaves_report_and_reporter_as_they_are(
    keeper: Actor, office: Actor, worker: Actor, person: Resident, secret: AbuseReport
) -> None:
    def told() -> list[Any]:
        report = api(office).get(at(secret)).json() | {"resident": None}  # the survivor now
        who = api(worker, **{"carenet-purpose": "callback"}).get(at(secret, "reporter"))
        return [report, who.status_code, NAME in who.content.decode()]

    before = told()
    survivor = a_resident(keeper)
    merge(actor=keeper, survivor_id=survivor.pk, loser_id=person.pk, reason="同じ人")
    assert told() == before
    assert sees(office, secret.case)
    assert not sees(keeper, secret.case)
    unmerge(actor=keeper, survivor_id=survivor.pk, loser_id=person.pk, reason="別人")
    assert told() == before


def test_what_the_merge_answers_and_keeps_does_not_tell_of_the_case(
    keeper: Actor, person: Resident, secret: AbuseReport
) -> None:
    survivor = a_resident(keeper)
    said = {"other": str(person.pk), "reason": "同じ人"}
    texts = [api(keeper).post(f"{RESIDENTS}{survivor.pk}/merge/", said).content.decode()]
    texts += [
        api(keeper).get(f"{RESIDENTS}{survivor.pk}/{part}/").content.decode()
        for part in ("merges", "versions")
    ]
    assert api(keeper).get(REPORTS).json()["results"] == []
    for text in texts:
        assert str(secret.case_id) not in text
        assert str(secret.pk) not in text
        assert secret.case.code not in text
