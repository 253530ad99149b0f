"""The progress record (支援経過): each note for its audience, added and corrected, never changed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.cases.models import Case, NoteKind, ProgressNote
from tests.cases.paths import at, share
from tests.factories import NOWHERE, a_case, a_member, a_system, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer


@pytest.fixture
def supporter(worker: Actor, helper: Actor, case: Case) -> Actor:
    """A caseworker of an agency that takes part in the support."""
    share(worker, case, helper.agency_id)
    return helper


def write(actor: Actor, case: Case, **more: Any) -> Answer:
    words = {"kind": "fact", "text": "訪問した", "happened_at": "2026-01-05T10:00:00+09:00"}
    return api(actor).post(at(case, "notes"), words | more)


def written(actor: Actor, case: Case, **more: Any) -> str:
    answer = write(actor, case, **more)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def readable(actor: Actor, case: Case) -> list[str]:
    """Return the ids of the notes that somebody reads, newest first."""
    return [note["id"] for note in api(actor).get(at(case, "notes")).json()["results"]]


def test_a_note_says_who_wrote_what_and_when(worker: Actor, case: Case) -> None:
    shown = write(worker, case, kind="opinion").json()
    assert (shown["kind"], shown["text"]) == ("opinion", "訪問した")
    assert shown["author"]["id"] == str(worker.user_id)
    assert shown["author_agency"]["id"] == str(worker.agency_id)
    assert shown["happened_at"] == "2026-01-05T10:00:00+09:00"
    assert (shown["corrects"], shown["corrected_by"]) == (None, None)


@pytest.mark.parametrize("kind", NoteKind.values)
def test_every_kind_of_statement_can_be_told_apart(worker: Actor, case: Case, kind: str) -> None:
    assert write(worker, case, kind=kind).json()["kind"] == kind


def test_the_newest_comes_first(worker: Actor, case: Case) -> None:
    first, second = written(worker, case), written(worker, case)
    assert readable(worker, case) == [second, first]


def test_it_is_for_the_own_agency_unless_it_says_otherwise(
    worker: Actor, supporter: Actor, case: Case
) -> None:
    note = written(worker, case)
    assert ProgressNote.objects.get().audience == "agency"
    assert readable(a_member(worker.agency), case) == [note]
    assert readable(supporter, case) == []


def test_or_for_everybody_on_the_case(worker: Actor, supporter: Actor, case: Case) -> None:
    note = written(worker, case, audience="case")
    assert readable(supporter, case) == readable(a_member(supporter.agency), case) == [note]


def test_the_lead_does_not_read_what_a_supporter_keeps_in_its_agency(
    worker: Actor, supporter: Actor, case: Case
) -> None:
    note = written(supporter, case)
    assert readable(worker, case) == []
    assert readable(a_member(supporter.agency), case) == [note]


def test_or_for_named_persons_and_its_author(worker: Actor, supporter: Actor, case: Case) -> None:
    note = written(worker, case, audience="named", readers=[str(supporter.user_id)])
    assert readable(supporter, case) == readable(worker, case) == [note]
    assert readable(a_member(worker.agency), case) == []
    assert readable(a_member(supporter.agency), case) == []


def test_to_be_named_is_no_part_in_the_case(worker: Actor, helper: Actor, case: Case) -> None:
    written(worker, case, audience="named", readers=[str(helper.user_id)])
    assert code_of(api(helper).get(at(case, "notes")), 404) == "not_found"


@pytest.mark.parametrize(
    "words",
    [
        {"audience": "named"},
        {"audience": "named", "readers": []},
        {"audience": "named", "readers": [str(uuid4())]},
        {"audience": "case", "readers": ["WORKER"]},
        {"readers": ["WORKER"]},
    ],
)
def test_readers_and_audience_fit(worker: Actor, case: Case, words: dict[str, Any]) -> None:
    named = [str(worker.user_id) if each == "WORKER" else each for each in words.get("readers", [])]
    given = words | ({"readers": named} if "readers" in words else {})
    assert pointers_of(write(worker, case, **given)) == ["/readers"]


def test_it_tells_what_has_happened(worker: Actor, case: Case) -> None:
    soon = (timezone.now() + timedelta(hours=1)).isoformat()
    for never in (soon, "1900-01-01T09:00:00+09:00"):
        assert pointers_of(write(worker, case, happened_at=never)) == ["/happened_at"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "gossip"),
        ("text", ""),
        ("text", "x" * 20_001),
        ("audience", "all"),
        ("author", "x"),
    ],
)
def test_a_bad_note_is_not_written(worker: Actor, case: Case, field: str, value: str) -> None:
    assert pointers_of(write(worker, case, **{field: value})) == [f"/{field}"]
    assert not ProgressNote.objects.exists()


def test_who_supports_writes(supporter: Actor, case: Case) -> None:
    assert write(supporter, case, audience="case").status_code == 201


def test_who_may_only_read_does_not(worker: Actor, helper: Actor, case: Case) -> None:
    share(worker, case, helper.agency_id, "view_case")
    assert code_of(write(helper, case), 403) == "forbidden"
    assert readable(helper, case) == []


def test_the_manager_reads_and_does_not_write(plaza: Agency, worker: Actor, case: Case) -> None:
    note, manager = written(worker, case), a_member(plaza, Role.MANAGER)
    assert readable(manager, case) == [note]
    assert code_of(write(manager, case), 403) == "role_missing"


def test_a_system_writes_for_its_agency_and_reads_nothing_by_name(
    plaza: Agency, worker: Actor, case: Case
) -> None:
    system = a_system(plaza)
    words = {"kind": "fact", "text": "電話", "happened_at": "2026-01-05T10:00:00+09:00"}
    note = system.post(at(case, "notes"), words).json()
    assert note["author"] is None
    written(worker, case, audience="named", readers=[str(worker.user_id)])
    listed = system.get(at(case, "notes")).json()["results"]
    assert [row["id"] for row in listed] == [note["id"]]


def test_a_correction_is_a_note_of_its_own(worker: Actor, case: Case) -> None:
    wrong = written(worker, case, text="火曜に訪問した")
    right = written(worker, case, text="水曜に訪問した", corrects=wrong)
    shown = {note["id"]: note for note in api(worker).get(at(case, "notes")).json()["results"]}
    assert (shown[wrong]["text"], shown[wrong]["corrected_by"]) == ("火曜に訪問した", right)
    assert (shown[right]["text"], shown[right]["corrects"]) == ("水曜に訪問した", wrong)


def test_a_colleague_may_correct_it(worker: Actor, case: Case) -> None:
    wrong = written(worker, case)
    assert write(a_member(worker.agency), case, corrects=wrong).status_code == 201


def test_another_agency_may_not(worker: Actor, supporter: Actor, case: Case) -> None:
    wrong = written(worker, case, audience="case")
    assert pointers_of(write(supporter, case, corrects=wrong)) == ["/corrects"]


def test_a_note_is_corrected_once(worker: Actor, case: Case) -> None:
    wrong = written(worker, case)
    right = written(worker, case, corrects=wrong)
    assert code_of(write(worker, case, corrects=wrong), 409) == "conflict"
    assert write(worker, case, corrects=right).status_code == 201


def test_whoever_read_the_note_reads_its_correction(
    worker: Actor, supporter: Actor, case: Case
) -> None:
    wrong = written(worker, case, audience="case")
    answer = write(worker, case, corrects=wrong, audience="agency")
    assert answer.status_code == 400 or len(readable(supporter, case)) == 2


@pytest.mark.parametrize(("corrects", "status"), [(str(NOWHERE), 404), ("x", 400)])
def test_what_is_not_there_cannot_be_corrected(
    worker: Actor, case: Case, corrects: str, status: int
) -> None:
    assert write(worker, case, corrects=corrects).status_code == status


def test_nor_what_one_may_not_read(worker: Actor, supporter: Actor, case: Case) -> None:
    hidden = written(supporter, case)
    absent = write(worker, case, corrects=str(uuid4()))
    found = write(worker, case, corrects=hidden)
    assert (found.status_code, found.content) == (absent.status_code, absent.content)


def test_nor_a_note_of_another_case(worker: Actor, case: Case) -> None:
    elsewhere = written(worker, a_case(worker))
    assert write(worker, case, corrects=elsewhere).status_code == 404
    assert ProgressNote.objects.filter(case=case).count() == 0


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_the_api_changes_no_note(worker: Actor, case: Case, method: str) -> None:
    note = written(worker, case)
    client = api(worker)
    assert getattr(client, method)(at(case, "notes", note), {"text": "x"}).status_code == 404
    assert code_of(getattr(client, method)(at(case, "notes"), {}), 405) == "method_not_allowed"


def test_nor_does_the_database(worker: Actor, case: Case) -> None:
    written(worker, case)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        ProgressNote.objects.update(text="x")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        ProgressNote.objects.all().delete()
    assert ProgressNote.objects.get().text == "訪問した"


def test_the_last_word_may_follow_the_end(worker: Actor, case: Case) -> None:
    api(worker).post(at(case, "close"), {"reason": "died"})
    assert write(worker, case, text="ご家族に連絡").status_code == 201


def test_nobody_writes_into_a_case_out_of_reach(case: Case) -> None:
    assert code_of(write(a_member(an_agency()), case), 404) == "not_found"


def test_a_system_is_not_among_the_named(plaza: Agency, worker: Actor, case: Case) -> None:
    words = {"kind": "fact", "text": "電話", "happened_at": "2026-01-05T10:00:00+09:00"}
    named = {"audience": "named", "readers": [str(worker.user_id)]}
    answer = a_system(plaza).post(at(case, "notes"), words | named)
    assert pointers_of(answer) == ["/audience"]
    assert readable(worker, case) == []
