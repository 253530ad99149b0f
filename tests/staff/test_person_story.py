"""One timeline of a person over all cases: as far as each case is seen, page by page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.actions.notes import write_note
from carenet.cases.models import Case, ProgressNote
from carenet.referrals.actions import acceptance_and_outcome
from carenet.residents.models import Resident
from carenet.staff.pages.person.story import MOST
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.staff.query_count import queries
from tests.staff.test_people import a_call
from tests.staff.test_person import desk, of

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency())


@pytest.fixture
def person(actor: Actor) -> Resident:
    return a_resident(actor)


def a_note(actor: Actor, case: Case, days: int = 0, **fields: Any) -> ProgressNote:
    return write_note(
        actor=actor, case_id=case.pk, text="訪問した", happened_at=timezone.now() - timedelta(days),
        **({"kind": "fact", "audience": "case"} | fields),
    )  # fmt: skip


def told(actor: Actor, person: Resident, query: str = "") -> Any:
    page = desk(actor).get(of(person, "story") + query)
    assert page.status_code == 200
    return page.context["timeline"]


def test_all_cases_are_one_timeline_the_latest_first(actor: Actor, person: Resident) -> None:
    first, second = a_case(actor, person), a_case(actor, person)
    older, newer = a_note(actor, first, 3), a_note(actor, second, 2)
    call = a_call(actor, person)
    found = [each.key for each in told(actor, person)]
    assert found == [call.pk, newer.pk, older.pk]
    pages = [each.page for each in told(actor, person)]
    assert pages[1:] == [f"/desk/cases/{each.pk}/" for each in (second, first)]


def test_a_case_that_is_not_seen_is_not_told_of(actor: Actor, person: Resident) -> None:
    lead = a_member(actor.agency)
    secret = a_case(lead, person, confidentiality="restricted")
    a_note(lead, secret)
    others = a_member(an_agency())
    a_sent_referral(actor, others.agency, a_case(actor, person))
    mine = a_case(others, person)
    a_note(others, mine)
    page = desk(actor).get(of(person, "story"))
    assert [each.kind for each in page.context["timeline"]] == ["Referral"]
    for hidden in (secret, mine):
        assert hidden.code not in page.content.decode()
        assert str(hidden.pk) not in page.content.decode()


def test_a_note_for_its_agency_alone_is_not_told_to_others(actor: Actor, person: Resident) -> None:
    helper = a_member(an_agency())
    case = a_case(actor, person)
    referral = a_sent_referral(actor, helper.agency, case)
    acceptance_and_outcome.accept(actor=helper, referral_id=referral.pk)
    own, shared = a_note(actor, case, audience="agency"), a_note(actor, case, audience="case")
    assert {own.pk, shared.pk} <= {each.key for each in told(actor, person)}
    assert {each.key for each in told(helper, person) if each.key in {own.pk, shared.pk}} == {
        shared.pk
    }


def test_a_note_for_named_people_is_not_told_to_a_colleague(actor: Actor, person: Resident) -> None:
    colleague = a_member(actor.agency)
    readers = [actor.user_id]
    note = a_note(actor, a_case(actor, person), audience="named", readers=readers)
    assert note.pk in [each.key for each in told(actor, person)]
    assert note.pk not in [each.key for each in told(colleague, person)]


def test_pages_follow_each_other_to_the_end(actor: Actor, person: Resident) -> None:
    case = a_case(actor, person)
    notes = [a_note(actor, case, days).pk for days in range(MOST + 2)]
    page = desk(actor).get(of(person, "story"))
    assert [each.key for each in page.context["timeline"]] == notes[:MOST]
    rest = desk(actor).get(of(person, "story") + "?" + page.context["next"])
    assert [each.key for each in rest.context["timeline"]] == notes[MOST:]
    back = told(actor, person, "?" + rest.context["previous"])
    assert [each.key for each in back] == notes[:MOST]


def test_what_was_shown_stands_in_the_trail(actor: Actor, person: Resident) -> None:
    case = a_case(actor, person)
    note = a_note(actor, case)
    told(actor, person)
    reads = AuditEntry.objects.filter(deed=AuditAction.READ)
    shown = {pk for entry in reads for pk in entry.object_ids}
    assert {person.pk, case.pk, note.pk} <= shown


def test_many_cost_no_more_than_few(actor: Actor, person: Resident) -> None:
    asked = []
    for number in (1, 4):
        for _each in range(number):
            case = a_case(actor, person)
            a_note(actor, case)
            a_sent_referral(actor, an_agency(), case)
        asked.append(len(queries(desk(actor), of(person, "story"))))
    assert asked == [asked[0]] * 2
    assert asked[0] <= 10
