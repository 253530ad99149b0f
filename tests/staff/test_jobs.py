"""Imports and exports on the desk: asked for, watched, cancelled, carried out, downloaded."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from carenet.accounts.models.session import LAST_USED
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Forbidden
from carenet.jobs import registry
from carenet.jobs.actions import delete_ended, release, run_one_batch, start
from carenet.jobs.models import MOST_TOLD, Job
from carenet.jobs.states import JobState
from carenet.staff.middleware import BY_ITSELF
from carenet.watchlists.models import ListEntry
from tests.factories import a_member, an_agency, api
from tests.staff.browser import a_page, session_of
from tests.staff.jobs import BROKEN
from tests.staff.markup import without_layout
from tests.staff.test_sign_in import idle
from tests.watchlists.lists import listed
from tests.watchlists.test_files import CSV

in_the_database = pytest.mark.django_db


def desk(actor: Actor) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def the_form(text: str = BROKEN, **changes: Any) -> dict[str, Any]:
    return {
        "file": SimpleUploadedFile("list.csv", text.encode("cp932")),
        "name": "見守り対象者名簿",
        "delivered_on": "R8.10.1",
        "sharing_basis": "CLEAR_BENEFIT",
        **changes,
    }


def to_the_end() -> None:
    while run_one_batch(now=timezone.now()):
        pass


def an_export(actor: Actor) -> Job:
    (entry,) = listed(actor)
    return start(actor=actor, kind="list.export", options={"list": str(entry.watch_list_id)})


@pytest.mark.operation("watch_lists_import")
@in_the_database
def test_an_import_is_previewed_then_carried_out() -> None:
    actor = a_member(an_agency())
    client = desk(actor)
    answer = client.post("/desk/work/new-import/", the_form())
    assert answer.status_code == 303
    address = answer["Location"]
    to_the_end()
    shown = client.get(address).content.decode()
    assert "The preview is done: 5 of 5. Nothing has been changed yet." in shown
    assert "kept for one day" in shown
    assert "生年月日: Give a date" in shown
    assert "江口" not in shown
    assert not ListEntry.objects.exists()
    following = client.post(f"{address}carry-out/")["Location"]
    to_the_end()
    assert "Done: 5 of 5." in client.get(following).content.decode()
    assert ListEntry.objects.count() == 3
    assert following in client.get(address).content.decode()


@in_the_database
def test_what_is_wrong_with_the_file_stands_at_its_field_with_all_that_was_typed() -> None:
    client = desk(a_member(an_agency()))
    answer = client.post("/desk/work/new-import/", the_form("番号,氏名,世帯主\n1,x,y"))
    assert answer.status_code == 400
    assert "Remove the columns that are not needed: 世帯主." in answer.content.decode()
    assert 'value="見守り対象者名簿"' in answer.content.decode()
    assert not Job.objects.exists()


@in_the_database
def test_the_part_is_asked_for_again_until_the_work_has_ended() -> None:
    actor = a_member(an_agency())
    client, job = desk(actor), an_export(actor)
    address = f"/desk/work/{job.pk}/"
    page = without_layout(client.get(address).content.decode())
    assert f'hx-get="{address}" hx-trigger="every 2s"' in page
    part = {"HX-Request": "true"}
    waiting = client.get(address, headers=part)
    assert (waiting.status_code, "<html" in waiting.content.decode()) == (200, False)
    assert 'value="0"' in waiting.content.decode()
    to_the_end()
    ended = client.get(address, headers=part)
    assert ended.status_code == 286
    assert 'id="messages" hx-swap-oob="innerHTML"' in ended.content.decode()
    assert "hx-trigger" not in client.get(address).content.decode()


@in_the_database
def test_to_be_asked_again_by_a_page_is_no_use_of_the_session(settings: Settings) -> None:
    actor = a_member(an_agency())
    client, job = desk(actor), an_export(actor)
    address = f"/desk/work/{job.pk}/"
    assert f'hx-headers=\'{{"{BY_ITSELF}": "1"}}\'' in client.get(address).content.decode()
    by_itself = {"HX-Request": "true", BY_ITSELF: "1"}
    nearly = idle(client, minutes=settings.STAFF_IDLE_MINUTES - 1)
    assert client.get(address, headers=by_itself).status_code == 200
    assert client.session[LAST_USED] == nearly
    assert client.get(address).status_code == 200
    assert client.session[LAST_USED] > nearly
    idle(client, minutes=settings.STAFF_IDLE_MINUTES + 1)
    assert client.get(address, headers=by_itself)["HX-Redirect"] == "/sign-in/"


@in_the_database
def test_a_part_that_is_refused_is_not_asked_for_again() -> None:
    actor = a_member(an_agency())
    job, other = an_export(actor), desk(a_member(actor.agency))
    refused = other.get(f"/desk/work/{job.pk}/", headers={"HX-Request": "true"})
    assert (refused.status_code, refused["HX-Retarget"]) == (286, "#messages")
    assert "There is nothing here that you may see." in refused.content.decode()


@pytest.mark.operation("jobs_cancel_create")
@in_the_database
def test_cancelled_it_says_what_stands() -> None:
    actor = a_member(an_agency())
    client, job = desk(actor), an_export(actor)
    address = f"/desk/work/{job.pk}/"
    assert client.get(f"{address}file/").status_code == 409
    assert client.post(f"{address}cancel/").status_code == 303
    assert "ends after the step" in client.get(address).content.decode()
    to_the_end()
    shown = client.get(address).content.decode()
    assert "Cancelled after 0 of 1. What was done until then stays." in shown
    assert client.post(f"{address}cancel/").status_code == 409


@in_the_database
def test_it_says_when_more_lines_were_refused_than_are_shown() -> None:
    actor = a_member(an_agency())
    client, job = desk(actor), an_export(actor)
    line = {"line": 7, "key": "", "words": "no"}
    for number in (MOST_TOLD, MOST_TOLD + 1):
        Job.objects.filter(pk=job.pk).update(told=[line] * number)
        shown = client.get(f"/desk/work/{job.pk}/").content.decode()
        assert shown.count("<td>7</td>") == MOST_TOLD
        assert ("There are more such lines" in shown) == (number > MOST_TOLD)
        told = client.get(f"/api/v1/jobs/{job.pk}/").json()
        assert (len(told["told"]), told["has_more_told"]) == (MOST_TOLD, number > MOST_TOLD)


@in_the_database
def test_the_file_is_downloaded_and_the_trail_says_so() -> None:
    actor = a_member(an_agency())
    job = an_export(actor)
    to_the_end()
    answer = desk(actor).get(f"/desk/work/{job.pk}/file/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="watch-list.csv"'
    assert answer.streaming
    assert "阿久津" in answer.getvalue().decode()
    assert AuditEntry.objects.filter(object_kind="job", deed="read", object_ids=[job.pk]).exists()


@in_the_database
def test_a_colleague_finds_nothing_of_it() -> None:
    actor = a_member(an_agency())
    job, other = an_export(actor), desk(a_member(actor.agency, Role.MANAGER))
    for address in (f"/desk/work/{job.pk}/", f"/desk/work/{job.pk}/file/"):
        assert other.get(address).status_code == 404
    for verb in ("cancel", "carry-out"):
        assert other.post(f"/desk/work/{job.pk}/{verb}/").status_code == 404
    assert str(job.pk) not in other.get("/desk/work/").content.decode()


@in_the_database
def test_work_of_a_kind_that_is_not_known_is_shown_and_cancelled() -> None:
    actor = a_member(an_agency())
    client, job = desk(actor), an_export(actor)
    Job.objects.filter(pk=job.pk).update(kind="of.another.release")
    address = f"/desk/work/{job.pk}/"
    for page in ("/desk/work/", address):
        assert "Work of another release" in client.get(page).content.decode()
    assert client.get(f"{address}file/").status_code == 403
    assert client.post(f"{address}carry-out/").status_code == 403
    assert client.post(f"{address}cancel/").status_code == 303
    to_the_end()
    assert "Cancelled after 0 of 1" in client.get(address).content.decode()


@in_the_database
def test_each_is_offered_what_they_may_do() -> None:
    agency = an_agency()
    staff, auditor = a_member(agency), a_member(agency, Role.AUDITOR)
    assert "new-import" in desk(staff).get("/desk/work/").content.decode()
    assert "new-trail" not in desk(staff).get("/desk/work/").content.decode()
    assert "new-import" not in desk(auditor).get("/desk/work/").content.decode()
    today = {"since": "今日", "until": "今日", "purpose": "定例の点検"}
    assert desk(auditor).post("/desk/work/new-trail/", today).status_code == 303


@in_the_database
def test_visits_and_lists_are_asked_for_by_their_forms() -> None:
    actor = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)
    client, (entry,) = desk(actor), listed(actor)
    visits = client.post("/desk/work/new-visits/", {"month": "2026-11"})
    chosen = client.post("/desk/work/new-list/", {"list": str(entry.watch_list_id)})
    assert (visits.status_code, chosen.status_code) == (303, 303)
    assert client.post("/desk/work/new-visits/", {"month": "2199-11"}).status_code == 400
    assert client.post("/desk/work/new-list/", {"list": str(actor.agency_id)}).status_code == 422


@in_the_database
def test_the_list_takes_as_many_queries_for_one_as_for_many() -> None:
    actor = a_member(an_agency())
    client = desk(actor)
    client.get("/desk/work/")  # the first page of a session notes that it has begun
    numbers = []
    for number in (1, 8):
        for _each in range(number):
            an_export(actor)
            to_the_end()
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/work/")
        numbers.append(sum("SAVEPOINT" not in each["sql"] for each in asked))
    assert numbers[0] == numbers[1] <= 6  # one of them is the count of the menu


@pytest.mark.django_db(transaction=True)
def test_a_list_is_taken_in_by_keyboard_while_its_progress_shows(
    live_server: LiveServer, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(CSV.encode("cp932"))
    with a_page(browser, live_server.url, a_member(an_agency()), language="en") as page:
        page.goto("/desk/work/new-import/")
        page.get_by_label("File").set_input_files(file)
        page.get_by_label("Name of the list").fill("見守り対象者名簿")
        page.get_by_label("Delivered on").fill("R8.10.1")
        page.get_by_label("Basis of sharing").select_option("CLEAR_BENEFIT")
        page.get_by_role("button", name="Preview").press("Enter")
        page.get_by_role("progressbar").wait_for()
        page.get_by_role("link", name="Look again").focus()
        to_the_end()
        page.get_by_role("status").get_by_text("The preview is done: 3 of 3.").wait_for()
        page.get_by_role("button", name="Take it in for good").press("Enter")
        page.get_by_text("waits for its turn").wait_for()
        to_the_end()
        page.get_by_role("status").get_by_text("Done: 3 of 3.").wait_for()
    assert ListEntry.objects.count() == 3


# An address that is protected once it stands in files.


def exported(actor: Actor, listing: str) -> tuple[Job, str]:
    """Let a list go out for somebody who reads English; return the work, and where its file is."""
    with translation.override("en"):
        job = start(actor=actor, kind="list.export", options={"list": listing})
    to_the_end()
    return job, f"/desk/work/{job.pk}/file/"


@in_the_database
def test_a_protected_address_leaves_every_file_and_who_has_taken_one_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeper = a_member(an_agency(), Role.STAFF, Role.COORDINATOR)
    office = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)
    entry, _neighbour = listed(keeper, 2)
    person = entry.resident
    assert person
    job, file = exported(office, str(entry.watch_list_id))
    assert person.address in b"".join(desk(office).get(file)).decode()
    names = Job.objects.get(pk=job.pk).files
    monkeypatch.setattr(registry, "ROWS_AT_ONCE", 1)
    begun = start(actor=office, kind="list.export", options=job.options)
    assert run_one_batch(now=timezone.now())
    waits = start(actor=office, kind="list.export", options=job.options)

    answer = api(keeper).patch(
        f"/api/v1/residents/{person.pk}/", {"address_protected": True}, headers={"if-match": '"1"'}
    )

    assert answer.status_code == 200, answer.content
    told = answer.json()["downloads"]
    assert [(each["user"]["id"], each["agency"]["id"]) for each in told] == [
        (str(office.user_id), str(office.agency_id))
    ]
    line = AuditEntry.objects.get(action="resident.protect_address")
    assert [each["person"] for each in line.detail["downloads"]] == [str(office.user_id)]
    assert line.detail["exports"] == [str(job.pk)]
    assert desk(office).get(file).status_code == 403
    assert "An address in this file was protected." in desk(office).get(
        f"/desk/work/{job.pk}/"
    ).content.decode()  # fmt: skip
    assert Job.objects.get(pk=job.pk).files == []
    assert names
    to_the_end()
    assert [Job.objects.get(pk=each.pk).state for each in (begun, waits)] == ["cancelled", "done"]
    assert person.address not in b"".join(desk(office).get(f"/desk/work/{waits.pk}/file/")).decode()
    _again, anew = exported(office, str(entry.watch_list_id))
    assert person.address not in b"".join(desk(office).get(anew)).decode()


@in_the_database
def test_a_file_with_an_address_is_refused_once_the_share_of_that_has_ended() -> None:
    keeper, office = a_member(an_agency()), a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)  # fmt: skip
    (entry,) = listed(keeper)
    assert entry.resident
    person = entry.resident
    _job, file = exported(office, str(entry.watch_list_id))
    type(person).objects.filter(pk=person.pk).update(address_protected=True)
    assert desk(office).get(file).status_code == 403


def asked_by(auditor: Actor) -> Job:
    today = {"since": "今日", "until": "今日", "purpose": "定例の点検"}
    assert desk(auditor).post("/desk/work/new-trail/", today).status_code == 303
    return Job.objects.get(owner=auditor.user_id, kind="trail.export")


@pytest.mark.operation("jobs_release_create")
@in_the_database
def test_the_trail_goes_out_once_somebody_else_has_agreed() -> None:
    agency = an_agency()
    auditor, manager = a_member(agency, Role.AUDITOR), a_member(agency, Role.MANAGER)
    job = asked_by(auditor)
    to_the_end()
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    page = desk(manager).get(f"/desk/work/{job.pk}/release/").content.decode()
    assert "定例の点検" in page
    assert desk(manager).post(f"/desk/work/{job.pk}/release/").status_code == 303
    to_the_end()
    job.refresh_from_db()
    assert (job.state, job.released_by) == (JobState.DONE, manager.user)
    assert desk(auditor).get(f"/desk/work/{job.pk}/file/").status_code == 200
    assert desk(manager).get(f"/desk/work/{job.pk}/file/").status_code == 404
    assert AuditEntry.objects.filter(action="job.release", actor_id=str(manager.user_id)).exists()


@in_the_database
def test_nobody_agrees_to_what_they_have_asked_for_themselves() -> None:
    auditor = a_member(an_agency(), Role.AUDITOR, Role.MANAGER)
    job = asked_by(auditor)
    with pytest.raises(Forbidden) as refused:
        release(actor=auditor, job_id=job.pk)
    assert refused.value.reason_code == "second_person_needed"
    elsewhere = desk(a_member(an_agency(), Role.MANAGER)).get("/desk/work/")
    assert str(job.pk) not in elsewhere.content.decode()


@pytest.mark.operation("jobs_refuse_create")
@in_the_database
def test_what_is_refused_ends_with_the_reason() -> None:
    agency = an_agency()
    auditor, other = a_member(agency, Role.AUDITOR), a_member(agency, Role.AUDITOR)
    job = asked_by(auditor)
    there = f"/desk/work/{job.pk}/release/"
    assert desk(other).post(there, {"refuse": "1"}).status_code == 400
    assert desk(other).post(there, {"refuse": "1", "reason": "期間が長い"}).status_code == 303
    to_the_end()
    assert "期間が長い" in desk(auditor).get(f"/desk/work/{job.pk}/").content.decode()


@in_the_database
def test_what_nobody_agrees_to_ends(settings: Settings) -> None:
    job = asked_by(a_member(an_agency(), Role.AUDITOR))
    delete_ended(now=timezone.now() + timedelta(days=settings.JOB_KEEP_DAYS, hours=1))
    to_the_end()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


@in_the_database
def test_a_manager_takes_no_list_along_alone() -> None:
    manager = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR, Role.MANAGER)
    (entry,) = listed(manager)
    job = start(actor=manager, kind="list.export", options={"list": str(entry.watch_list_id)})
    assert job.needs_release
