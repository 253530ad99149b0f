"""Tasks on the pages: given on a case, done there, dropped with a reason, handed on; Today; the list."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.tasks.models import Task
from tests.cases.paths import share
from tests.factories import a_case, a_member, a_sent_referral, an_agency
from tests.staff.browser import session_of
from tests.staff.query_count import queries
from tests.tasks.calls import a_task

pytestmark = pytest.mark.django_db


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def of(case: Case) -> str:
    return f"/desk/cases/{case.pk}/"


@pytest.fixture
def lead() -> Actor:
    return a_member(an_agency())


def sent(actor: Actor, task: Task, step: str, **form: Any) -> Any:
    task.refresh_from_db()
    body = {"version": task.version} | form
    return desk(actor).post(f"/desk/tasks/{task.pk}/{step}/", body)


@pytest.mark.operation("tasks_create")
def test_a_task_is_given_with_a_day_as_it_is_typed(lead: Actor) -> None:
    case = a_case(lead)
    form = {"what": "訪問", "due_on": "あした", "to": str(lead.user_id), "source": "meeting"}
    assert desk(lead).post(f"{of(case)}tasks/", form).status_code == 303
    task = Task.objects.get()
    assert (task.what, task.person, task.source) == ("訪問", lead.user, "meeting")
    assert "訪問" in desk(lead).get(of(case)).content.decode()


def test_it_is_offered_to_colleagues_and_to_agencies_that_see_the_case(lead: Actor) -> None:
    case, other, stranger = a_case(lead), a_member(an_agency()), an_agency()
    accept(actor=other, referral_id=a_sent_referral(lead, other.agency, case).pk)
    colleague = a_member(lead.agency)
    form = desk(lead).get(f"{of(case)}tasks/").context["form"]
    offered = {code for code, _ in form.fields["to"].choices}
    assert {str(colleague.user_id), str(other.agency_id), str(lead.agency_id)} <= offered
    assert str(stranger.pk) not in offered


def test_what_is_refused_comes_back_with_what_was_typed(lead: Actor) -> None:
    case = a_case(lead)
    form = {"what": "家庭訪問", "due_on": "", "to": str(lead.user_id)}
    answer = desk(lead).post(f"{of(case)}tasks/", form)
    assert answer.status_code == 422
    assert "家庭訪問" in answer.content.decode()


def test_it_is_done_on_the_page_of_its_case(lead: Actor) -> None:
    case = a_case(lead)
    task = a_task(lead, case, person=lead.user)
    assert sent(lead, task, "finish").headers["location"] == of(case)
    timeline = desk(lead).get(of(case)).context["timeline"]
    assert [entry.heading for entry in timeline] == ["done: 電話"]


def test_who_was_slower_sees_how_it_stands_now(lead: Actor) -> None:
    task = a_task(lead, a_case(lead))
    refused = desk(lead).post(f"/desk/tasks/{task.pk}/drop/", {"version": 9, "reason": "辞退"})
    page = refused.content.decode()
    assert refused.status_code == 412
    assert 'value="辞退"' in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    again = {"version": version[1], "reason": "辞退"}
    assert desk(lead).post(f"/desk/tasks/{task.pk}/drop/", again).status_code == 303


@pytest.mark.parametrize("version", ["", "x", "²", "9" * 5000])
def test_nobody_settles_a_task_unseen(lead: Actor, version: str) -> None:
    task = a_task(lead, a_case(lead))
    answer = desk(lead).post(f"/desk/tasks/{task.pk}/finish/", {"version": version})
    assert answer.status_code == 428


@pytest.mark.operation("tasks_drop_create")
def test_dropped_it_says_why_in_the_case(lead: Actor) -> None:
    case = a_case(lead)
    task = a_task(lead, case)
    assert sent(lead, task, "drop", reason="").status_code == 422
    sent(lead, task, "drop", reason="本人が辞退")
    (entry,) = desk(lead).get(of(case)).context["timeline"]
    assert entry.words == "本人が辞退"


@pytest.mark.operation("tasks_hand_on_create")
def test_a_manager_hands_it_on_and_its_page_tells(lead: Actor) -> None:
    colleague, manager = a_member(lead.agency), a_member(lead.agency, Role.MANAGER)
    task = a_task(lead, a_case(lead), person=lead.user)
    to = str(colleague.user_id)
    assert sent(manager, task, "hand-on", to=to, reason="休暇").status_code == 303
    page = desk(colleague).get(f"/desk/tasks/{task.pk}/").content.decode()
    assert "休暇" in page


def test_whoever_only_reads_it_is_told_what_is_missing(lead: Actor) -> None:
    case, other = a_case(lead), a_member(an_agency())
    share(lead, case, other.agency_id)
    task = a_task(lead, case)
    page = desk(other).get(f"/desk/tasks/{task.pk}/")
    assert page.context["denials"]
    assert page.context["work"] is not None
    assert not page.context["work"]


@pytest.mark.parametrize(("whose", "expected"), [("mine", 1), ("agency", 2), ("given", 3)])
def test_the_list_shows_whose_tasks_one_asks_for(lead: Actor, whose: str, expected: int) -> None:
    case, other = a_case(lead), a_member(an_agency())
    share(lead, case, other.agency_id)
    a_task(lead, case, person=lead.user)
    a_task(lead, case)
    a_task(lead, case, agency=other.agency)
    assert len(desk(lead).get("/desk/tasks/", {"whose": whose}).context["tasks"]) == expected


def test_the_list_says_whom_a_task_is_about_and_a_page_leads_back_to_its_case(lead: Actor) -> None:
    task = a_task(lead, a_case(lead), person=lead.user)
    assert task.case is not None
    whom = task.case.resident.name
    assert f"{whom} {task.case.code}" in desk(lead).get("/desk/tasks/").content.decode()
    assert (of(task.case), whom) in desk(lead).get(f"/desk/tasks/{task.pk}/").context["crumbs"]


def test_today_shows_what_is_due_and_what_was_said_of_it_once(lead: Actor) -> None:
    case = a_case(lead)
    task = a_task(lead, case, 0, person=lead.user)
    a_task(lead, case, 3, person=lead.user)
    parts = desk(lead).get("/desk/").context["parts"]
    lines = [(each.about, each.kind) for part in parts for each in part.lines]
    assert lines == [(task.pk, "Next action")]


@pytest.mark.parametrize("path", ["/desk/tasks/?whose=agency", "/desk/", "case", "pack"])
def test_three_rows_and_eight_cost_the_same(lead: Actor, path: str) -> None:
    case = a_case(lead)
    asked = []
    for number in (3, 5):
        for _ in range(number):
            a_task(lead, case, 0)
        page = {"case": of(case), "pack": f"{of(case)}pack/"}.get(path, path)
        asked.append(len(queries(desk(lead), page)))
    assert asked == [asked[0]] * 2


@pytest.mark.operation("tasks_partial_update")
def test_a_task_is_said_otherwise_and_the_version_holds_it(lead: Actor) -> None:
    task = a_task(lead, a_case(lead))
    form = {"what": "電話で確かめる", "due_on": "あした"}
    assert sent(lead, task, "change", **form).status_code == 303
    task.refresh_from_db()
    assert task.what == "電話で確かめる"
    stale = sent(lead, task, "change", what="別のこと", due_on="あした", version=1)
    assert stale.status_code == 412
    assert "別のこと" in stale.content.decode()
