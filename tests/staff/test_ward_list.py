"""The ward's list as a place of work: what waits, one line, and many at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from carenet.audit.models import AuditEntry
from carenet.jobs.models import Job
from carenet.staff.pages.ward_list import many
from carenet.watchlists.models import ListEntry
from carenet.watchlists.selectors import ListStep, at_step, count_by_list, step_of
from carenet.watchover.models import WatchAssignment
from tests.factories import NOWHERE, a_member, a_resident, an_agency
from tests.staff.markup import without_layout
from tests.staff.review_requests import as_, assert_few, post, read
from tests.watchlists.lists import a_line, come_to, listed, take_in
from tests.watchover.watches import Neighbourhood, a_neighbourhood

pytestmark = pytest.mark.django_db
LISTS, LINES = "/desk/ward-lists/", "/desk/ward-lists/lines/"
STATES = ("listed", "listed", "visited", "wants", "refused", "screened")


@pytest.fixture
def who(db: None) -> Neighbourhood:  # noqa: ARG001
    return a_neighbourhood()


@pytest.fixture
def entries(who: Neighbourhood) -> list[ListEntry]:
    found = listed(who.desk, len(STATES))
    return [come_to(who.desk, each, state) for each, state in zip(found, STATES, strict=True)]


def many_of(step: str, entries: list[ListEntry], at: str) -> str:
    chosen = "&".join(f"entries={each.pk}" for each in entries)
    return f"{LISTS}many/{step}/?step={at}&{chosen}"


def test_every_line_is_counted_once_where_it_stands(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    counts = count_by_list(who.desk)[entries[0].watch_list_id]
    assert sum(counts.values()) == len(entries)
    assert counts[ListStep.TO_SEND] == 2
    for step in ListStep:
        found = list(at_step(who.desk, step))
        assert len(found) == counts[step]
        assert {step_of(each) for each in found} <= {step}


def test_the_numbers_lead_to_their_lines(who: Neighbourhood, entries: list[ListEntry]) -> None:
    page = read(who.desk, LISTS)
    assert f"{LINES}?step=to_ask" in page
    lines = without_layout(read(who.desk, f"{LINES}?step=to_ask"))
    assert entries[2].resident.name in lines  # type: ignore[union-attr]
    assert entries[0].resident.name not in lines  # type: ignore[union-attr]


def test_a_line_offers_the_step_that_is_next(who: Neighbourhood, entries: list[ListEntry]) -> None:
    page = read(who.desk, f"{LINES}{entries[2].pk}/")
    assert f"{LINES}{entries[2].pk}/answer/" in page
    assert "was visited for the first time" in page


@pytest.mark.operation("list_entries_visit_create", "list_entries_wants_create")
def test_a_first_visit_is_recorded_with_what_came_of_it(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    address = f"{LINES}{entries[0].pk}/visit/"
    answer = post(
        who.desk, address, version=entries[0].version, answer="wants", at="", note="お元気"
    )
    assert answer.status_code == 303
    entry = ListEntry.objects.get(pk=entries[0].pk)
    assert (entry.state, entry.visited_by) == ("wants", who.desk.user)
    page = read(who.desk, answer["Location"])
    assert "The first visit was recorded." in page
    assert f"{LINES}{entries[1].pk}/" in page


@pytest.mark.operation("list_entries_screen_create", "list_entries_refuse_create")
def test_one_line_is_screened_and_another_refused(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    first, second = entries[0], entries[2]
    steps: list[tuple[ListEntry, str, dict[str, Any]]] = [
        (first, "screen", {"because": "in_care"}),
        (second, "answer", {"answer": "refuse", "note": "望まない"}),
    ]
    for entry, step, given in steps:
        sent = post(who.desk, f"{LINES}{entry.pk}/{step}/", version=entry.version, **given)
        assert sent.status_code == 303, step
    states = ListEntry.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True)
    assert set(states) == {"screened", "refused"}


@pytest.mark.operation("list_entries_match_create")
def test_of_an_unclear_line_it_is_said_whom_it_means(who: Neighbourhood) -> None:
    known, _younger = (
        a_resident(
            who.desk, family_name="阿久津", given_name="正一", phone="06-6000-0000",
            birth_date=birth, new_because="別人",
        )
        for birth in (date(1941, 12, 8), None)
    )  # fmt: skip
    take_in(who.desk, a_line())
    entry = ListEntry.objects.get()
    assert entry.resident is None
    address = f"/desk/unclear/{entry.pk}/"
    assert known.name in read(who.desk, address)
    sent = post(who.desk, address, version=entry.version, subject=str(known.pk))
    assert sent.status_code == 303
    assert ListEntry.objects.get().resident == known


def test_whoever_was_overtaken_changes_nothing(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    address = f"{LINES}{entries[0].pk}/screen/"
    answer = post(who.desk, address, version=7, because="in_care")
    assert answer.status_code == 412
    assert ListEntry.objects.get(pk=entries[0].pk).state == "listed"


@pytest.mark.operation("list_entries_send")
def test_whom_a_first_visit_is_given_to_finds_the_line(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    assert "No line of a list waits" in read(who.watcher, LISTS)
    visitor = f"{who.watcher.user_id}.{who.watcher.agency_id}"
    address = f"{LINES}{entries[0].pk}/send/"
    # The basis of the list lets the ward office send somebody, not the plaza.
    assert post(who.desk, address, visitor=visitor, version=entries[0].version).status_code != 303
    assert post(who.ward, address, visitor=visitor, version=entries[0].version).status_code == 303
    page = read(who.watcher, f"{LINES}{entries[0].pk}/")
    assert "Record the first visit" in page
    assert "Nobody needs to call on them" not in page
    assert "What was done" not in page


@pytest.mark.operation("list_entries_screen_many", "list_entries_undo_create")
def test_many_are_led_on_at_once_and_back_again(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    address = many_of("screen", entries[:2], "to_send")
    answer = post(who.desk, address, number=2, because="in_care", note="")
    assert answer.status_code == 303
    assert "Lines: 2" in read(who.desk, answer["Location"])
    back = many_of("undo", entries[:2], "screened")
    assert post(who.desk, back, number=2, note="").status_code == 303
    found = ListEntry.objects.filter(pk__in=[each.pk for each in entries[:2]])
    assert set(found.values_list("state", flat=True)) == {"listed"}


def test_other_lines_than_those_that_were_told_are_not_led_on(
    who: Neighbourhood,
    entries: list[ListEntry],  # noqa: ARG001 -- stand there
) -> None:
    address = f"{LISTS}many/screen/?step=to_send&all=1"
    answer = post(who.desk, address, number=3, because="in_care", note="")
    assert answer.status_code == 409
    assert ListEntry.objects.filter(state="screened").count() == 1


def test_all_of_a_filter_is_long_work_above_some_hundred(
    who: Neighbourhood, entries: list[ListEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "MOST_AT_ONCE", 1)
    address = f"{LISTS}many/screen/?step=to_send&all=1&list={entries[0].watch_list_id}"
    assert "you may cancel it there" in read(who.desk, address)
    answer = post(who.desk, address, number=2, because="in_care", note="")
    job = Job.objects.get()
    assert answer["Location"] == f"/desk/work/{job.pk}/"
    assert (job.kind, job.total) == ("list.steps", 2)


@pytest.mark.operation("list_entries_assign_create")
def test_the_watch_of_somebody_who_wants_it_is_proposed_from_their_line(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    who_looks_in = f"{who.watcher.user_id}.{who.watcher.agency_id}"
    address = f"{LINES}{entries[3].pk}/assign/"
    answer = post(
        who.desk, address, version=entries[3].version, watcher=who_looks_in,
        method="visit", sharing_basis="CONSENT",
    )  # fmt: skip
    watch = WatchAssignment.objects.get()
    assert answer["Location"].startswith(f"/review/watches/{watch.pk}/")
    assert watch.watcher == who.watcher.user
    assert ListEntry.objects.get(pk=entries[3].pk).assignment == watch


@pytest.mark.operation("watch_assignments_assign_many")
def test_many_are_proposed_and_begun_together(who: Neighbourhood, entries: list[ListEntry]) -> None:
    two = [entries[3], come_to(who.desk, entries[0], "wants")]
    looks_in = f"{who.watcher.user_id}.{who.watcher.agency_id}"
    proposal: dict[str, Any] = {"watcher": looks_in, "method": "visit", "sharing_basis": "CONSENT"}
    answer = post(who.desk, many_of("assign", two, "to_assign"), number=2, **proposal)
    assert answer.status_code == 303, answer.content.decode()
    rhythm: dict[str, Any] = {
        "often": "FREQ=WEEKLY", "days": ["MO"], "begins_at": "12/7 9:00", "window_minutes": "2日",
        "grace_minutes": "1日", "holiday_policy": "keep",
        "consent_said_method": "oral", "consent_said_given_by": "本人",
    }  # fmt: skip
    answer = post(who.desk, many_of("begin", two, "to_begin"), number=2, **rhythm)
    assert answer.status_code == 303, answer.content.decode()
    assert set(WatchAssignment.objects.values_list("status", flat=True)) == {"active"}
    assert count_by_list(who.desk)[entries[0].watch_list_id][ListStep.WATCHED] == 2


def test_lists_of_others_are_out_of_reach(entries: list[ListEntry]) -> None:
    other = a_member(an_agency())
    assert "No line of a list waits" in read(other, LISTS)
    assert as_(other).get(f"{LINES}{entries[0].pk}/").status_code == 404
    read(other, f"{LINES}?list={entries[0].watch_list_id}")
    denied = AuditEntry.objects.filter(object_ids__contains=[str(entries[0].watch_list_id)])
    assert denied.exists()


@pytest.mark.parametrize(
    "path", ["many/none/", "many/screen/?step=wants", f"lines/{NOWHERE}/none/"]
)
def test_what_is_no_step_is_not_there(who: Neighbourhood, path: str) -> None:
    assert as_(who.desk).get(LISTS + path).status_code == 404


def test_the_pages_ask_little(who: Neighbourhood, entries: list[ListEntry]) -> None:
    for path in (
        LISTS, LINES, f"{LINES}?step=to_send", f"{LINES}{entries[0].pk}/",
        many_of("screen", entries[:2], "to_send"),
    ):  # fmt: skip
        assert_few(who.desk, path)
