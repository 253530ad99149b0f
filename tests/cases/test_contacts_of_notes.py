"""How a contact came about, with whom, how long: what a note says of it, and where it is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.cases.models import Case, Consultation, ConsultationChannel, NoteChannel, ProgressNote
from carenet.cases.selectors import seen_case
from carenet.cases.selectors.handover_pack import pack
from tests.cases.calls import recorded
from tests.cases.paths import at
from tests.factories import api
from tests.rest.raw_requests import pointers_of

NOTE = {"kind": "fact", "text": "通院に同行した", "happened_at": "2026-01-05T10:00:00+09:00"}
CONTACT = {"channel": "accompanied", "with_whom": ["self", "family"], "minutes": 90}


def write(actor: Actor, case: Case, **more: Any) -> Any:
    return api(actor).post(at(case, "notes"), NOTE | more)


def test_a_note_says_how_with_whom_and_how_long(worker: Actor, case: Case) -> None:
    shown = write(worker, case, **CONTACT).json()
    assert {name: shown[name] for name in CONTACT} == CONTACT


def test_a_note_without_is_not_recorded_and_nothing_is_made_up(worker: Actor, case: Case) -> None:
    shown = write(worker, case).json()
    assert (shown["channel"], shown["with_whom"], shown["minutes"]) == ("", [], None)
    assert ProgressNote.objects.get().contact == ""


def test_the_words_of_consultations_are_those_of_notes() -> None:
    assert set(ConsultationChannel.choices) < set(NoteChannel.choices)


@pytest.mark.parametrize(
    ("contact", "pointer"),
    [
        ({"channel": "telepathy"}, "/channel"),
        ({"channel": "phone", "with_whom": ["neighbour"]}, "/with_whom/0"),
        ({"channel": "phone", "with_whom": ["self", "self"]}, "/with_whom"),
        ({"channel": "phone", "minutes": 0}, "/minutes"),
        ({"channel": "phone", "minutes": 1441}, "/minutes"),
        ({"with_whom": ["self"]}, "/with_whom"),
        ({"channel": "none", "with_whom": ["self"]}, "/with_whom"),
        ({"channel": "none", "minutes": 5}, "/minutes"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(
    worker: Actor, case: Case, contact: dict[str, Any], pointer: str
) -> None:
    assert pointers_of(write(worker, case, **contact)) == [pointer]


@pytest.mark.parametrize("columns", [{"minutes": 5}, {"channel": "phone", "minutes": 1441}])
def test_the_database_holds_it_too(worker: Actor, case: Case, columns: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressNote.objects.create(
            case=case, author_agency=worker.agency, kind="fact", text="x",
            happened_at=timezone.now(), **columns,
        )  # fmt: skip


def test_the_release_before_goes_on_writing_notes(worker: Actor, case: Case) -> None:
    write(worker, case)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_progressnote (id, case_id, author_agency_id, kind, audience, readers,"
            " text, happened_at, written_at) SELECT gen_random_uuid(), case_id, author_agency_id,"
            " kind, audience, readers, text, happened_at, written_at FROM cases_progressnote"
        )
    assert [note.contact for note in ProgressNote.objects.all()] == ["", ""]


def test_the_pack_tells_how_it_came_about(worker: Actor, case: Case) -> None:
    write(worker, case, **CONTACT)
    [told] = next(
        each.lines for each in pack(worker, seen_case(worker, case.pk)) if each.name == "notes"
    )
    assert "went along with the person, the person, family, 90 minutes" in told.text


def test_what_the_service_writes_is_no_contact_of_its_own(worker: Actor, case: Case) -> None:
    call = recorded(api(worker), subject=str(case.resident_id))
    body = {"outcome": "case_joined", "case": str(case.pk)}
    headers = {"If-Match": f'"{Consultation.objects.get().version}"'}
    assert api(worker).post(f"{call}triage/", body, headers=headers).status_code == 200
    assert ProgressNote.objects.get().channel == NoteChannel.NONE
