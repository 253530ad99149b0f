"""On which lawful basis somebody looks in: one table for watches and lists, as for every disclosure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditEntry
from carenet.cases.actions.cases import move as move_case
from carenet.cases.states import CaseVerb
from carenet.core import clock
from carenet.core.errors import Conflict, Forbidden, Invalid
from carenet.reminders.models import Reminder
from carenet.residents.actions import withdraw_consent
from carenet.residents.models import Consent, Resident
from carenet.watchlists.actions.bases import OF_LISTS
from carenet.watchlists.actions.entries import send
from carenet.watchlists.models import ListEntry, WatchList
from carenet.watchover.actions.assignments import reassign
from carenet.watchover.actions.handover_plan import plan
from carenet.watchover.models import WatchAssignment
from carenet.watchover.policy import watched_by
from carenet.watchover.selectors.handover import lines_of
from carenet.watchover.states import Obstacle, WatchEndReason, WatchStatus
from tests.factories import a_case, a_member, a_resident, an_agency, api
from tests.residents.samples import a_consent
from tests.rest.raw_requests import code_of, pointers_of
from tests.watchlists.lists import a_line, listed, take_in
from tests.watchover.watches import (
    START,
    Neighbourhood,
    a_proposal,
    a_watch,
    agreed_to,
)

SAID = {"method": "oral", "given_by": "本人"}
WATCHES = "/api/v1/watch-assignments/"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def person(who: Neighbourhood) -> Resident:
    return a_resident(who.desk)


def propose(who: Neighbourhood, person: Resident, by: Actor | None = None, **more: Any) -> Any:
    body = {
        "resident": str(person.pk), "watcher": str(who.watcher.user_id),
        "watcher_agency": str(who.watcher.agency_id), "method": "visit",
        "responsible_agency": str(who.desk.agency_id), "sharing_basis": "CONSENT",
    }  # fmt: skip
    return api(by or who.desk).post(WATCHES, body | more)


def agree(who: Neighbourhood, watch: str, **more: Any) -> Any:
    return api(who.desk).post(f"{WATCHES}{watch}/consent/", more)


def sees(watcher: Actor) -> bool:
    return WatchAssignment.objects.filter(watched_by(watcher)).exists()


def refuses(who: Neighbourhood, person: Resident) -> Consent:
    return agreed_to(who, person, pole="refused")


# Consent.


def test_consent_that_nobody_has_given_lets_nobody_in(who: Neighbourhood, person: Resident) -> None:
    watch = propose(who, person).json()["id"]
    a_consent(who.desk, person, an_agency(), categories=["identity"])
    a_consent(who.desk, person, who.watcher.agency, categories=["health"])
    refused = agree(who, watch)
    assert pointers_of(refused) == ["/consent"]
    assert "Ask the person" in refused.json()["errors"][0]["detail"]
    assert not sees(who.watcher)


def test_what_the_person_says_now_is_written_down(who: Neighbourhood, person: Resident) -> None:
    watch = propose(who, person).json()["id"]
    assert agree(who, watch, consent_said=SAID).status_code == 200
    consent = Consent.objects.get()
    assert (consent.agencies, consent.categories, consent.given_by) == (
        [who.watcher.agency_id], ["identity"], "本人",
    )  # fmt: skip
    assert WatchAssignment.objects.get().consent == consent
    assert sees(who.watcher)


def test_a_consent_on_record_carries_the_watch_to_its_end(
    who: Neighbourhood, person: Resident
) -> None:
    last = clock.today() + timedelta(days=40)
    agreed_to(who, person, expires_on=last)
    answer = agree(who, propose(who, person).json()["id"])
    assert answer.json()["basis_until"] == last.isoformat()


def test_the_watch_ends_with_the_consent_and_who_answers_for_it_is_told(who: Neighbourhood) -> None:
    watch = a_watch(who)
    assert watch.consent
    withdraw_consent(
        actor=who.desk, resident_id=watch.resident_id, consent_id=watch.consent.pk, method="oral"
    )
    watch.refresh_from_db()
    assert (watch.status, watch.end_reason) == (WatchStatus.ENDED, WatchEndReason.BASIS_ENDED)
    told = Reminder.objects.get(kind="watch.basis_ended")
    assert (told.subject_id, told.agency) == (watch.pk, who.desk.agency)


def test_it_does_not_go_to_an_agency_that_the_consent_does_not_name(who: Neighbourhood) -> None:
    watch, other = a_watch(who), a_member(an_agency())
    with pytest.raises(Invalid) as refused:
        reassign(
            actor=who.desk, assignment_id=watch.pk, watcher=other.user, watcher_agency=other.agency
        )
    assert "consent" in refused.value.fields


# What others bases rest on.


@pytest.mark.parametrize(
    ("basis", "words", "code", "field"),
    [
        ("CLEAR_BENEFIT", "本人のため", "basis_not_yours", None),
        ("WITHIN_PURPOSE", "見守り", "basis_not_yours", None),
        ("LIFE_BODY_PROPERTY", " ", "invalid", "/basis_words"),
        ("ABUSE_REPORT", "通報", "basis_needs_its_object", "/sharing_basis"),
    ],
)
def test_a_word_alone_lets_nobody_in(
    who: Neighbourhood, person: Resident, basis: str, words: str, code: str, field: str | None
) -> None:
    refused = propose(who, person, sharing_basis=basis, basis_words=words)
    assert code_of(refused, 403 if field is None else 400) == code
    if field:
        assert pointers_of(refused) == [field]
    assert not WatchAssignment.objects.exists()


def test_the_purpose_of_a_case_carries_it_some_days_beyond_its_end(
    who: Neighbourhood, person: Resident, settings: Any
) -> None:
    case = a_case(who.desk, person)
    made = propose(who, person, sharing_basis="WITHIN_PURPOSE", basis_words="見守り")
    assert made.json()["basis_until"] is None
    move_case(actor=who.desk, case_id=case.pk, verb=CaseVerb.CLOSE, reason="goal_reached")
    last = clock.today() + timedelta(days=settings.BASIS_DAYS_AFTER_CASE)
    assert WatchAssignment.objects.get().basis_until == last


def test_a_danger_carries_it_for_a_week_against_a_refusal_and_the_officer_is_told(
    who: Neighbourhood, person: Resident, settings: Any
) -> None:
    refuses(who, person)
    for basis in ("CONSENT", "WITHIN_PURPOSE"):
        a_case(who.desk, person)
        refused = propose(who, person, sharing_basis=basis, basis_words="見守り")
        assert code_of(refused, 409) == "consent_refused"
    made = propose(
        who, person, sharing_basis="LIFE_BODY_PROPERTY", basis_words="熱中症で倒れている"
    ).json()  # fmt: skip
    week = clock.today() + timedelta(days=settings.BASIS_DANGER_DAYS)
    assert week - timedelta(days=1) <= WatchAssignment.objects.get().basis_until <= week  # type: ignore[operator]
    assert agree(who, made["id"]).status_code == 200
    assert sees(who.watcher)
    line = AuditEntry.objects.get(action="basis.danger")
    assert [str(each) for each in line.object_ids] == [made["id"]]


def test_the_words_are_for_who_keeps_the_watch(who: Neighbourhood, person: Resident) -> None:
    made = propose(who, person, sharing_basis="LIFE_BODY_PROPERTY", basis_words="倒れている").json()
    agree(who, made["id"])
    assert made["basis_words"] == "倒れている"
    assert api(who.watcher).get(f"{WATCHES}{made['id']}/").json()["basis_words"] == ""


def test_a_basis_is_asked_again_when_it_is_changed(who: Neighbourhood) -> None:
    watch = a_proposal(who)
    answer = api(who.desk).patch(
        f"{WATCHES}{watch.pk}/", {"sharing_basis": "CLEAR_BENEFIT"}, headers={"if-match": '"1"'}
    )
    assert code_of(answer, 403) == "basis_not_yours"


def test_a_handover_opens_nothing_that_was_refused(who: Neighbourhood, person: Resident) -> None:
    a_case(who.desk, person)
    propose(who, person, sharing_basis="WITHIN_PURPOSE", basis_words="見守り")
    other = a_member(an_agency())
    a_consent(who.desk, person, other.agency, categories=["identity"], pole="refused")
    handover = plan(
        actor=who.desk,
        pairs=[
            {
                "outgoing": who.watcher.user, "outgoing_agency": who.watcher.agency,
                "successor": other.user, "successor_agency": other.agency,
            }
        ],
    )  # fmt: skip
    assert [line.obstacle for line in lines_of(handover)] == [Obstacle.REFUSED]


# Lists.


def test_a_list_comes_on_no_basis_that_is_about_one_person(who: Neighbourhood) -> None:
    with pytest.raises(Invalid):
        take_in(who.desk, a_line(), sharing_basis="LIFE_BODY_PROPERTY")
    with pytest.raises(Invalid):
        take_in(who.desk, a_line(), sharing_basis="ABUSE_REPORT")
    assert not WatchList.objects.exists()


def test_a_list_of_the_ward_office_ends_and_is_prolonged_with_another_delivery(
    who: Neighbourhood, settings: Any
) -> None:
    latest = clock.today() + timedelta(days=settings.BASIS_ORGAN_DAYS)
    soon = clock.today() + timedelta(days=3)
    assert take_in(who.desk, a_line(), basis_until=soon)[0].basis_until == soon
    assert (
        take_in(who.desk, a_line(), basis_until=latest + timedelta(days=9))[0].basis_until == latest
    )


def test_what_the_ward_office_has_given_it_prolongs_itself(who: Neighbourhood) -> None:
    soon = clock.today() + timedelta(days=3)
    take_in(who.ward, a_line(), agency=who.desk.agency, basis_until=soon)
    with pytest.raises(Forbidden):
        take_in(who.desk, a_line(), basis_until=soon + timedelta(days=1))
    later = soon + timedelta(days=1)
    again = take_in(who.ward, a_line(), agency=who.desk.agency, basis_until=later)
    assert again[0].basis_until == later


def table_of_lists() -> dict[str, list[bool]]:
    page = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text()
    found = re.search(r"^\| basis of the list .*?(?=\n\n)", page, re.DOTALL | re.MULTILINE)
    assert found
    rows = [line.strip("|").split("|") for line in found[0].splitlines()[2:]]
    return {row[0].strip(" `"): [cell.strip() == "✓" for cell in row[1:]] for row in rows}


def test_a_line_opens_a_person_to_another_agency_as_the_table_says(who: Neighbourhood) -> None:
    plaza, consenting = who.desk.agency, 3
    ways = [(who.ward, who.desk), (who.desk, who.desk), (who.desk, who.ward), (who.desk, who.desk)]
    assert set(table_of_lists()) == set(OF_LISTS)
    for basis, expected in table_of_lists().items():
        found = []
        for number, (giver, sender) in enumerate(ways):
            said: dict[str, Any] = {
                "sharing_basis": basis,
                "name": f"{basis} {number}",
                "agency": plaza,
            }
            entry = listed(giver, **said)[0]
            person = a_resident(who.desk, family_name=f"{basis}{number}")
            ListEntry.objects.filter(pk=entry.pk).update(resident=person, words=None)
            if number == consenting:
                agreed_to(who, person)
            found.append(may_send(sender, entry, who.watcher))
        assert found == expected, basis


def may_send(sender: Actor, entry: ListEntry, visitor: Actor) -> bool:
    try:
        with transaction.atomic():
            send(actor=sender, entry_ids=[entry.pk], visitor=visitor.user, agency=visitor.agency)
    except (Forbidden, Invalid):
        return False
    return True


def test_a_line_is_the_ward_offices_once_it_takes_in_the_same(who: Neighbourhood) -> None:
    one, other = listed(who.desk, 2)
    take_in(who.ward, a_line(0), a_line(1, phone="06-6000-9999"), agency=who.desk.agency)
    assert may_send(who.desk, one, who.watcher)
    assert not may_send(who.desk, other, who.watcher)  # the ward office says something else of it


def test_nobody_is_sent_to_who_has_refused_them(who: Neighbourhood) -> None:
    entry = listed(who.desk)[0]
    assert entry.resident
    refuses(who, entry.resident)
    with pytest.raises(Conflict) as refused:
        send(
            actor=who.desk, entry_ids=[entry.pk], visitor=who.watcher.user,
            agency=who.watcher.agency,
        )  # fmt: skip
    assert refused.value.reason_code == "consent_refused"


def test_a_list_by_consent_sends_others_only_where_the_person_has_consented(
    who: Neighbourhood,
) -> None:
    entry = listed(who.desk, sharing_basis="CONSENT")[0]
    to: dict[str, Any] = {"visitor": who.watcher.user, "agency": who.watcher.agency}
    assert entry.resident
    with pytest.raises(Invalid):
        send(actor=who.desk, entry_ids=[entry.pk], **to)
    agreed_to(who, entry.resident)
    assert send(actor=who.desk, entry_ids=[entry.pk], **to)[0].visitor == who.watcher.user
