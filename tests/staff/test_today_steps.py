"""What is done in a line of Today: put off, handed on, taken back, a task done; each says what it did."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry, Reminder, ReminderEvent
from carenet.tasks.states import TaskStatus
from tests.factories import a_case, a_member, a_sent_referral, an_agency
from tests.staff.browser import session_of
from tests.tasks.calls import a_task

pytestmark = pytest.mark.django_db
PART = {"hx-request": "true"}


@pytest.fixture
def desk() -> Actor:
    return a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))


@pytest.fixture
def entry(desk: Actor) -> InboxEntry:
    referral = a_sent_referral(a_member(an_agency()), desk.agency)
    assert referral.due_at
    while work_once(now=referral.due_at):
        pass
    return InboxEntry.objects.get(user=desk.user_id)


def client_of(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "ja"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def post(actor: Actor, entry: InboxEntry, verb: str, *, part: bool = True, **body: Any) -> Any:
    headers = PART if part else {}
    return client_of(actor).post(f"/desk/reminders/{entry.pk}/{verb}/", body, headers=headers)


def shown(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


@pytest.mark.operation("reminders_take_back_create")
def test_it_is_put_off_in_its_line_and_taken_back_there(desk: Actor, entry: InboxEntry) -> None:
    later = shown(post(desk, entry, "snooze", until="あさって", reason="入院中"))
    assert "まで延期しました。" in later
    assert "取り消す" in later
    assert "取り消しました" in shown(post(desk, entry, "take-back"))
    entry.reminder.refresh_from_db()
    assert entry.reminder.holder is None


def offers_undo(actor: Actor) -> bool:
    return "take-back/" in client_of(actor).get("/desk/").content.decode()


def test_taking_back_is_offered_while_the_chase_has_not_gone_on(
    desk: Actor, entry: InboxEntry
) -> None:
    post(desk, entry, "snooze", until="あさって", reason="入院中")
    assert offers_undo(desk)
    Reminder.objects.filter(pk=entry.reminder_id).update(turn=F("turn") + 1)
    assert not offers_undo(desk)
    assert post(desk, entry, "take-back").status_code == 409


def test_it_is_not_offered_for_what_the_same_person_did_elsewhere(
    desk: Actor, entry: InboxEntry
) -> None:
    post(desk, entry, "snooze", until="あさって", reason="入院中")
    event = ReminderEvent.objects.get()
    ReminderEvent.objects.create(
        reminder=event.reminder, verb="acknowledge", by_agency=an_agency(), by_user=event.by_user,
        by_client="", before=event.before,
    )  # fmt: skip
    assert not offers_undo(desk)


def test_a_day_that_is_refused_comes_back_in_the_line_with_what_was_typed(
    desk: Actor, entry: InboxEntry
) -> None:
    answer = post(desk, entry, "snooze", until="2099/1/1", reason="入院中")
    assert answer.status_code == 400
    assert answer["HX-Retarget"] == f"#response-{entry.pk}"
    assert "入院中" in answer.content.decode()


@pytest.mark.operation("reminders_snooze_create")
def test_without_a_script_today_says_what_was_done(desk: Actor, entry: InboxEntry) -> None:
    answer = post(desk, entry, "snooze", part=False, until="あさって", reason="入院中")
    assert answer.status_code == 303
    page = client_of(desk).get(answer["Location"]).content.decode()
    assert "まで延期しました。" in page


@pytest.mark.operation("reminders_delegate_create")
def test_it_is_handed_on_to_a_colleague(desk: Actor, entry: InboxEntry) -> None:
    colleague = a_member(desk.agency)
    offered = client_of(desk).get(f"/desk/reminders/{entry.pk}/delegate/").content.decode()
    assert str(colleague.user_id) in offered
    assert str(desk.user_id) not in offered.partition("<select")[2].partition("</select>")[0]
    done = shown(post(desk, entry, "delegate", person=str(colleague.user_id), reason="お願い"))
    assert "引き継ぎました" in done
    entry.reminder.refresh_from_db()
    assert entry.reminder.holder_id == colleague.user_id


@pytest.mark.operation("tasks_finish_create")
def test_a_task_is_done_with_one_tap(desk: Actor) -> None:
    task = a_task(desk, a_case(desk), 0)
    address = f"/desk/tasks/{task.pk}/done/"
    answer = client_of(desk).post(address, {"version": task.version}, headers=PART)
    assert "済み" in shown(answer)
    task.refresh_from_db()
    assert task.status == TaskStatus.DONE


def test_what_people_have_written_is_no_html(desk: Actor) -> None:
    a_task(desk, a_case(desk), 0, what="<script>alert(1)</script>")
    page = client_of(desk).get("/desk/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_another_agency_finds_nothing_to_put_off(desk: Actor, entry: InboxEntry) -> None:  # noqa: ARG001
    stranger: Actor = a_member(an_agency())
    agency: Agency = stranger.agency
    assert agency != entry.agency
    assert post(stranger, entry, "snooze", until="あさって", reason="-").status_code == 404
