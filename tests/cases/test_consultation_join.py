"""A consultation about somebody whose case is open already.

Joined to it, once, and its record says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rest_framework.test import APIClient

from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.audit.models import AuditEntry
from carenet.cases.actions.cases import move
from carenet.cases.actions.shares import share_case
from carenet.cases.models import Case, Consultation, EndReason, NoteAudience, ProgressNote
from carenet.cases.policy import can_write_note, written_in_by
from carenet.cases.states import CaseVerb
from tests.cases.calls import recorded
from tests.factories import NOWHERE, a_case, a_member, a_resident, a_system, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

CASES = "/api/v1/cases/"


def join(client: APIClient, address: str, case: Any, **more: Any) -> Answer:
    body = {"outcome": "case_joined", "case": case and str(getattr(case, "pk", case))} | more
    return client.post(f"{address}triage/", body)


@pytest.fixture
def case(worker: Actor) -> Case:
    return a_case(worker)


@pytest.fixture
def address(client: APIClient, case: Case) -> str:
    """The address of a consultation about the person of the case."""
    return recorded(client, subject=str(case.resident_id))


def shared(case: Case, by: Actor, agency: Agency, permission: str) -> Actor:
    """Let another agency into the case; return a member of it."""
    share_case(
        actor=by,
        case_id=case.pk,
        agency=agency,
        codename=permission,
        basis=SharingBasis.WITHIN_PURPOSE,
        reason="支援調整会議",
    )
    return a_member(agency)


def test_it_is_triaged_and_names_the_case(client: APIClient, case: Case, address: str) -> None:
    shown = join(client, address, case, urgency="today", response="訪問する").json()
    assert (shown["status"], shown["case"]) == ("case_joined", str(case.pk))
    assert (shown["urgency"], shown["response"]) == ("today", "訪問する")
    assert shown["triaged_at"]
    assert Case.objects.count() == 1


def test_the_record_of_the_case_says_that_it_came_and_not_what_was_said(
    client: APIClient, worker: Actor, case: Case, address: str
) -> None:
    join(client, address, case)
    note, consultation = ProgressNote.objects.get(), Consultation.objects.get()
    assert (note.case, note.author, note.audience) == (case, worker.user, NoteAudience.CASE)
    assert note.happened_at == consultation.received_at
    assert note.text == f"{worker.agency.name}でこの方についての相談を受けました（電話）。"
    assert consultation.content not in note.text


def test_the_trail_says_so(client: APIClient, case: Case, address: str) -> None:
    join(client, address, case)
    taken = Consultation.objects.get()
    triaged = AuditEntry.objects.get(action="consultation.triage", object_ids=[taken.pk])
    assert triaged.detail["outcome"] == "case_joined"
    assert AuditEntry.objects.filter(action="case.write_note", object_ids=[case.pk]).exists()


def test_several_may_be_joined_to_one_case(client: APIClient, case: Case, address: str) -> None:
    again = recorded(client, subject=str(case.resident_id))
    assert [join(client, each, case).status_code for each in (address, again)] == [200, 200]
    assert case.joined_consultations.count() == 2


def test_whoever_supports_may_join_and_the_lead_reads_that_it_came(
    client: APIClient, worker: Actor, case: Case
) -> None:
    supporter = shared(case, worker, an_agency(AgencyKind.MEDICAL), "co_support_case")
    theirs = api(supporter)
    taken = recorded(theirs, subject=str(case.resident_id))
    assert join(theirs, taken, case).status_code == 200
    notes = client.get(f"{CASES}{case.pk}/notes/").json()["results"]
    assert [note["author_agency"]["id"] for note in notes] == [str(supporter.agency_id)]
    assert client.get(taken).status_code == 404


def test_whoever_only_reads_the_case_may_not(worker: Actor, case: Case) -> None:
    theirs = api(shared(case, worker, an_agency(AgencyKind.MEDICAL), "view_case"))
    taken = recorded(theirs, subject=str(case.resident_id))
    assert join(theirs, taken, case).status_code == 403
    assert Consultation.objects.get().status == "received"
    assert not ProgressNote.objects.exists()


def test_a_case_out_of_reach_is_no_case(client: APIClient, address: str) -> None:
    other = a_case(a_member(an_agency()))
    assert pointers_of(join(client, address, other)) == ["/case"]
    assert pointers_of(join(client, address, NOWHERE)) == ["/case"]


def test_a_restricted_case_is_for_those_who_are_named(
    client: APIClient, worker: Actor, plaza: Agency
) -> None:
    secret = a_case(worker, confidentiality="restricted")
    taken = recorded(client, subject=str(secret.resident_id))
    assert pointers_of(join(api(a_member(plaza)), taken, secret)) == ["/case"]
    assert join(client, taken, secret).status_code == 200


def test_it_must_be_a_case_of_the_same_person(client: APIClient, worker: Actor, case: Case) -> None:
    somebody = a_resident(worker, new_because="同姓同名")
    taken = recorded(client, subject=str(somebody.pk))
    assert pointers_of(join(client, taken, case)) == ["/case"]
    assert Consultation.objects.get().status == "received"


def test_it_needs_somebody_on_the_register(client: APIClient, case: Case) -> None:
    taken = recorded(client, subject_description="氏名不詳")
    assert pointers_of(join(client, taken, case)) == ["/outcome"]


def test_nothing_is_joined_to_a_case_that_has_ended(
    client: APIClient, worker: Actor, case: Case, address: str
) -> None:
    move(actor=worker, case_id=case.pk, verb=CaseVerb.CLOSE, reason=EndReason.GOAL_REACHED)
    assert code_of(join(client, address, case), 409) == "conflict"
    assert Consultation.objects.get().status == "received"


def test_it_happens_once(client: APIClient, case: Case, address: str) -> None:
    join(client, address, case)
    assert code_of(join(client, address, case), 409) == "conflict"
    assert ProgressNote.objects.count() == 1


def test_a_lost_race_changes_nothing(client: APIClient, case: Case, address: str) -> None:
    tag = client.get(address)["ETag"]
    client.patch(address, {"content": "応答もない"}, headers={"If-Match": tag})
    late = client.post(
        f"{address}triage/",
        {"outcome": "case_joined", "case": str(case.pk)},
        headers={"If-Match": tag},
    )
    assert code_of(late, 412) == "version_changed"
    assert not ProgressNote.objects.exists()


@pytest.mark.parametrize("outcome", ["case_opened", "one_off", "information_only"])
def test_only_joining_names_a_case(
    client: APIClient, case: Case, address: str, outcome: str
) -> None:
    assert pointers_of(join(client, address, case, outcome=outcome)) == ["/case"]
    assert pointers_of(join(client, address, None)) == ["/case"]


def test_a_system_joins_too(plaza: Agency, case: Case, address: str) -> None:
    assert join(a_system(plaza), address, case).status_code == 200
    assert ProgressNote.objects.get().author is None


def test_the_list_of_cases_to_write_in_agrees_with_the_rule(worker: Actor, case: Case) -> None:
    reader = shared(case, worker, an_agency(AgencyKind.MEDICAL), "view_case")
    supporter = shared(case, worker, an_agency(AgencyKind.MEDICAL), "co_support_case")
    for actor in (worker, reader, supporter, a_member(an_agency())):
        listed = written_in_by(actor).filter(pk=case.pk).exists()
        assert listed == bool(can_write_note(actor, case))
