"""Tasks: given, listed, done, dropped with a reason, handed on."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditEntry
from carenet.cases.actions.notes import write_note
from carenet.cases.models import Case, SupportPlan
from carenet.core import clock
from carenet.tasks.models import Task, TaskHandover
from tests.factories import NOWHERE, a_member, a_sent_referral, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of
from tests.tasks.calls import TASKS, a_task, in_days, listed, posted, told


def test_a_case_has_several_tasks_with_several_owners(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    colleague = a_member(worker.agency)
    mine = posted(worker, shared, person=str(worker.user_id)).json()
    theirs = posted(worker, shared, person=str(colleague.user_id)).json()
    elsewhere = posted(worker, shared, agency=str(helper.agency_id)).json()
    shown = api(worker).get(TASKS, {"case": str(shared.pk)}).json()["results"]
    assert {each["id"] for each in shown} == {mine["id"], theirs["id"], elsewhere["id"]}
    assert elsewhere["agency"]["id"] == str(helper.agency_id)
    assert theirs["person"]["id"] == str(colleague.user_id)


def test_an_agency_that_does_not_see_the_case_is_referred_to_first(
    worker: Actor, helper: Actor, case: Case
) -> None:
    answer = posted(worker, case, agency=str(helper.agency_id))
    assert (answer.status_code, pointers_of(answer)) == (400, ["/agency"])
    assert "Refer" in answer.json()["errors"][0]["detail"]


def test_the_person_works_there(worker: Actor, helper: Actor, shared: Case) -> None:
    assert pointers_of(posted(worker, shared, person=str(helper.user_id))) == ["/person"]


def test_in_a_restricted_case_whoever_has_it_is_named(worker: Actor, case: Case) -> None:
    api(worker).post(f"/api/v1/cases/{case.pk}/restrict/", {})
    colleague = a_member(worker.agency)
    assert pointers_of(posted(worker, case, person=str(colleague.user_id))) == ["/person"]
    assert pointers_of(posted(worker, case)) == ["/person"]
    assert posted(worker, case, person=str(worker.user_id)).status_code == 201


@pytest.mark.parametrize("days", [181, -4000])
def test_the_day_is_within_reach(worker: Actor, case: Case, days: int) -> None:
    assert pointers_of(posted(worker, case, due_on=in_days(days))) == ["/due_on"]


def test_an_ended_case_gets_none(worker: Actor, case: Case) -> None:
    api(worker).post(f"/api/v1/cases/{case.pk}/close/", {"reason": "goal_reached"})
    assert posted(worker, case).status_code == 409


def test_whoever_only_reads_gives_none_and_settles_their_own(
    worker: Actor, helper: Actor, case: Case
) -> None:
    api(worker).post(
        f"/api/v1/cases/{case.pk}/grants/",
        {"agency": str(helper.agency_id), "permission": "view_case", "basis": "WITHIN_PURPOSE",
         "reason": "会議"},
    )  # fmt: skip
    assert posted(helper, case).status_code == 403
    theirs, ours = a_task(worker, case, agency=helper.agency), a_task(worker, case)
    assert told(helper, ours, "finish").status_code == 403
    assert told(helper, theirs, "finish").status_code == 200


def test_out_of_reach_is_absent(worker: Actor, helper: Actor, case: Case) -> None:
    task = a_task(worker, case)
    assert api(helper).get(f"{TASKS}{task.pk}/").status_code == 404
    assert told(helper, task, "finish").status_code == 404
    assert listed(helper, case=str(case.pk)) == []


def test_it_comes_from_something_that_one_sees_there(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    note = write_note(
        actor=worker, case_id=shared.pk, kind="fact", text="訪問", audience="agency",
        happened_at=clock.now(),
    )  # fmt: skip
    shown = posted(worker, shared, source="note", source_id=str(note.pk)).json()
    assert (shown["source"], shown["source_id"]) == ("note", str(note.pk))
    for actor, source, named in (
        (helper, "note", note.pk), (worker, "note", NOWHERE), (worker, "meeting", note.pk),
    ):  # fmt: skip
        refused = posted(actor, shared, source=source, source_id=str(named))
        assert pointers_of(refused) == ["/source_id"]
    assert posted(worker, shared, source="decision").json()["source"] == "decision"


def test_from_what_it_comes_is_told_to_whoever_sees_that(
    worker: Actor, helper: Actor, shared: Case
) -> None:
    fields: dict[str, Any] = {"kind": "note", "happened_at": clock.now(), "text": "…"}
    note = write_note(actor=worker, case_id=shared.pk, audience="agency", **fields)
    a_task(worker, shared, source="note", source_id=note.pk)

    def told_to(actor: Actor) -> list[Any]:
        [listed] = api(actor).get(TASKS, {"case": str(shared.pk)}).json()["results"]
        alone = api(actor).get(f"{TASKS}{listed['id']}/").json()
        return [(each["source"], each["source_id"]) for each in (listed, alone)]

    assert told_to(worker) == [("note", str(note.pk))] * 2
    assert told_to(helper) == [("note", None)] * 2


@pytest.mark.parametrize("agreed", [False, True])
def test_a_plan_and_a_referral_likewise(
    worker: Actor, helper: Actor, shared: Case, *, agreed: bool
) -> None:
    on = clock.today() if agreed else None
    status = {"status": "agreed", "valid_from": on, "review_on": on} if agreed else {}
    plan = SupportPlan.objects.create(
        case=shared, written_by_agency=worker.agency, overall_aim="…", number=1, agreed_on=on,
        **status,
    )  # fmt: skip
    referral = a_sent_referral(worker, helper.agency if agreed else an_agency(), shared)
    a_task(worker, shared, source="plan", source_id=plan.pk)
    a_task(worker, shared, source="referral", source_id=referral.pk)
    shown = api(helper).get(TASKS, {"case": str(shared.pk)}).json()["results"]
    ids = {str(plan.pk), str(referral.pk)}
    assert {each["source_id"] for each in shown} == (ids if agreed else {None})


def test_done_says_when_and_by_whom(worker: Actor, case: Case) -> None:
    task = a_task(worker, case)
    shown = told(worker, task, "finish").json()
    assert (shown["status"], shown["settled_by"]["id"]) == ("done", str(worker.user_id))
    assert AuditEntry.objects.get(action="task.finish").object_ids == [task.pk]
    assert code_of(told(worker, task, "finish"), 409) == "conflict"


def test_dropped_says_why(worker: Actor, case: Case) -> None:
    task = a_task(worker, case)
    assert pointers_of(told(worker, task, "drop")) == ["/reason"]
    shown = told(worker, task, "drop", reason="本人が辞退").json()
    assert (shown["status"], shown["reason"]) == ("dropped", "本人が辞退")


def test_the_database_holds_that_dropped_says_why(worker: Actor, case: Case) -> None:
    task = a_task(worker, case)
    with pytest.raises(IntegrityError, match="dropped_tasks_say_why"):
        Task.objects.filter(pk=task.pk).update(status="dropped", settled_at=task.created_at)


def test_handed_on_it_stays_open_in_other_hands(worker: Actor, helper: Actor, shared: Case) -> None:
    task = a_task(worker, shared, person=worker.user)
    body = {"agency": str(helper.agency_id), "person": str(helper.user_id), "reason": "担当区域"}
    shown = told(worker, task, "hand-on", **body).json()
    assert (shown["status"], shown["person"]["id"]) == ("open", str(helper.user_id))
    (kept,) = shown["handovers"]
    assert (kept["from_person"]["id"], kept["cause"]) == (str(worker.user_id), "handed_on")
    assert TaskHandover.objects.get().by_user == worker.user


def test_to_whoever_has_it_already_it_is_not_handed_on(worker: Actor, case: Case) -> None:
    task = a_task(worker, case)
    assert told(worker, task, "hand-on").status_code == 409


def test_it_is_not_handed_on_to_whoever_does_not_see_the_case(
    worker: Actor, helper: Actor, case: Case
) -> None:
    refused = told(worker, a_task(worker, case), "hand-on", agency=str(helper.agency_id))
    assert pointers_of(refused) == ["/agency"]


def test_a_change_needs_the_version_that_was_seen(worker: Actor, case: Case) -> None:
    task, client = a_task(worker, case), api(worker)
    address, body = f"{TASKS}{task.pk}/", {"what": "訪問", "due_on": in_days(9)}
    assert client.patch(address, body).status_code == 428
    assert client.patch(address, body, headers={"If-Match": '"9"'}).status_code == 412
    version = Task.objects.get(pk=task.pk).version
    shown = client.patch(address, body, headers={"If-Match": f'"{version}"'}).json()
    assert (shown["what"], shown["due_on"]) == ("訪問", in_days(9))


def test_sent_twice_it_is_given_once(worker: Actor, case: Case) -> None:
    body = {"case": str(case.pk), "what": "電話", "due_on": in_days(7)}
    key = {"Idempotency-Key": "0192f000-0000-7000-8000-000000000001"}
    first, again = (api(worker).post(TASKS, body, headers=key).json() for _ in range(2))
    assert (first, Task.objects.count()) == (again, 1)


def the_tasks(worker: Actor, helper: Actor, shared: Case) -> dict[str, Task]:
    colleague = a_member(worker.agency)
    return {
        "mine": a_task(worker, shared, 3, person=worker.user),
        "colleague": a_task(worker, shared, 1, person=colleague.user),
        "theirs": a_task(worker, shared, 2, agency=helper.agency),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["colleague", "mine"]),
        ({"whose": "mine"}, ["mine"]),
        ({"whose": "given"}, ["colleague", "theirs", "mine"]),
        ({"due_before": 3}, ["colleague"]),
        ({"status": "done"}, []),
        ({"case": ""}, ["colleague", "theirs", "mine"]),
        ({"case": "", "whose": "agency"}, ["colleague", "mine"]),
    ],
)
def test_lists_are_filtered_soonest_first(
    worker: Actor, helper: Actor, shared: Case, query: dict[str, Any], expected: list[str]
) -> None:
    tasks = the_tasks(worker, helper, shared)
    if "case" in query:
        query = query | {"case": str(shared.pk)}
    if "due_before" in query:
        query = query | {"due_before": in_days(query["due_before"])}
    assert listed(worker, **query) == [str(tasks[name].pk) for name in expected]


def test_a_list_is_paged(worker: Actor, helper: Actor, shared: Case) -> None:
    tasks = the_tasks(worker, helper, shared)
    link, found = f"{TASKS}?whose=given&limit=1", []
    while link:
        answer = api(worker).get(link).json()
        found += [row["id"] for row in answer["results"]]
        link, before = answer["next"], answer["previous"]
    assert found == [str(tasks[name].pk) for name in ("colleague", "theirs", "mine")]
    assert [row["id"] for row in api(worker).get(before).json()["results"]] == [found[1]]


@pytest.mark.parametrize("query", [{"status": "open,done"}, {"whose": "all"}, {"case": "x"}])
def test_what_a_list_does_not_know_is_an_error(worker: Actor, query: dict[str, str]) -> None:
    assert api(worker).get(TASKS, query).status_code == 400
