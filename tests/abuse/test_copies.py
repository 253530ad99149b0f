"""After a report nobody but a named reader finds who made it: in no answer, and in no row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from psycopg import sql

from carenet.abuse.actions.reporter import without_reporter
from carenet.abuse.models import AbuseReport, ReporterIdentity
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import HUMAN_ROLES, Role
from carenet.cases.actions.notes import write_note
from carenet.cases.models import Case, SupportPlan
from carenet.jobs import registry
from carenet.jobs.actions import content_of, run_one_batch, start
from carenet.jobs.models import Job
from carenet.referrals.models import Referral
from carenet.reminders.models import Reminder
from carenet.residents.models import Inquiry, MatchHint, Resident, ResidentVersion
from carenet.staff.pages import autosave
from carenet.watchlists.models import ListEntry, WatchList
from carenet.watchover.actions import concerns as concerning
from carenet.watchover.models import Concern, WatchAssignment
from tests.abuse.requests import NAME as CALLER
from tests.abuse.requests import a_report, report_over_api
from tests.access.addresses import Address, addresses, pages
from tests.factories import (
    a_case,
    a_draft,
    a_member,
    a_resident,
    a_system,
    an_agency,
    an_attachment,
    api,
)
from tests.reminders.locks import other_session
from tests.residents.samples import a_consent, a_fact
from tests.staff.browser import session_of

FORM = uuid4()
NAME, PHONE = "鷺沼 ツル", "045-912-3456"
SPELLED = "鷺沼ツルさん(045 912 3456)から"
TRACES = ("鷺沼", "912-3456", "9123456", "912 3456")


@pytest.fixture
def reported(officer: Actor, office: Actor, worker: Actor) -> AbuseReport:
    """A report that came from a concern, whose reporter stands in many words by then."""
    concern, _receipt = concerning.report(
        actor=worker, reporter_kind="neighbour", reporter_name=NAME, reporter_phone=PHONE,
        what=f"怒鳴り声がする。{SPELLED}", where="大豆戸町1", whom="佐藤さん",
        municipality_code=officer.agency.municipality_code,
    )  # fmt: skip
    person = a_resident(officer)
    concern = concerning.triage(
        actor=officer, concern_id=concern.pk, outcome="consultation", resident=person,
        reason=SPELLED, topics=["abuse"], main_topic="abuse",
    )  # fmt: skip
    case = a_case(officer, person, summary=SPELLED)
    write_note(
        actor=officer, case_id=case.pk, kind="fact", audience="agency", text=SPELLED,
        happened_at=timezone.now(),
    )  # fmt: skip
    draft = a_draft(officer, worker.agency, case)
    Referral.objects.filter(pk=draft.pk).update(reason=SPELLED, basis_words=SPELLED)
    an_attachment(officer, draft, f"{NAME}さんの話.pdf")
    said_elsewhere(officer, worker, case)
    told = report_over_api(
        officer, consultation=str(concern.consultation_id), members=[str(office.user_id)]
    )
    assert told.status_code == 201, told.json()
    return AbuseReport.objects.get()


def said_elsewhere(officer: Actor, worker: Actor, case: Case) -> None:
    """Let the same words stand wherever somebody may have written them."""
    person = case.resident
    hint = MatchHint.objects.create(
        resident=person, given_to=worker.agency, until=timezone.now() + timedelta(days=1)
    )
    asked = Inquiry.objects.create(
        hint=hint, resident=person, asked_by=worker.agency, asked_of=officer.agency, words=SPELLED,
        until=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    a_consent(officer, person, worker.agency, note=SPELLED)
    a_fact(officer, person, detail=SPELLED)
    SupportPlan.objects.create(
        case=case, number=1, written_by_agency=officer.agency, overall_aim=SPELLED
    )
    task = case.tasks.create(
        what=SPELLED, reason=SPELLED, status="dropped", due_on=timezone.localdate(),
        settled_at=timezone.now(), agency=officer.agency, by_agency=officer.agency,
        by_client="c-1", claimed_person=NAME,
    )  # fmt: skip
    task.handovers.create(
        from_agency=officer.agency, to_agency=worker.agency, cause="handed_on", reason=SPELLED
    )
    reminder = Reminder.objects.create(
        kind="resident.inquiry", subject_kind="inquiry", subject_id=asked.pk, subject_code="Q",
        agency=officer.agency, first_due_at=timezone.now(),
    )  # fmt: skip
    reminder.events.create(verb="snooze", by_agency=officer.agency, reason=SPELLED)
    listed = a_line(officer, person.family_name, person.given_name)
    listed.events.create(verb="import", came_to="listed", by_agency=officer.agency, note=SPELLED)
    person.versions.create(
        version=2, change="edit", by_agency=officer.agency,
        changes={"phone": {"from": PHONE, "to": ""}, "family_kana": {"from": "", "to": "タカハシ"}},
    )  # fmt: skip
    visits_of(officer, person, [f"お元気。{SPELLED}", "留守"])
    named_by_a_system(officer, case)
    start(actor=officer, kind="visits.export", options={"month": month()})
    assert run_one_batch(now=timezone.now())
    typed = {"caller_name": [NAME], "caller_phone": [PHONE], "content": [f"怒鳴り声。{SPELLED}"]}
    assert autosave.replace_draft(officer, FORM, typed)


def named_by_a_system(actor: Actor, case: Case) -> None:
    """Let a partner's system have named the reporter as the person behind what it has written."""
    by: dict[str, Any] = {
        "by_agency": actor.agency, "by_client": "c-1", "claimed_person": NAME,
    }  # fmt: skip
    watch, referral = WatchAssignment.objects.get(resident=case.resident), Referral.objects.get()
    watch.check_ins.create(outcome="met", observed_at=timezone.now(), **by)
    watch.events.create(verb="check_in", **by)
    referral.events.create(verb="ask", from_status="draft", to_status="draft", side="us", **by)
    referral.attachments.create(
        name="x.pdf", media_type="application/pdf", size=1, sha256="0" * 64, stored_as="x", **by
    )
    case.resident.versions.create(version=3, change="edit", changes={}, **by)


def month() -> str:
    return f"{timezone.localdate():%Y-%m}"


def visits_of(actor: Actor, person: Resident, notes: Sequence[str]) -> None:
    watch = WatchAssignment.objects.create(
        resident=person, responsible_agency=actor.agency, method="visit", sharing_basis="CONSENT"
    )
    for note in notes:
        watch.check_ins.create(
            outcome="met", observed_at=timezone.now(), by_user=actor.user, by_agency=actor.agency,
            note=note,
        )  # fmt: skip


def a_line(actor: Actor, family_name: str, given_name: str) -> ListEntry:
    """A line of a list that means nobody of the register yet, with the reporter's telephone."""
    delivered, _made = WatchList.objects.get_or_create(
        name="名簿", delivered_on=timezone.localdate(), agency=actor.agency,
        by_agency=actor.agency, sharing_basis="CLEAR_BENEFIT",
    )  # fmt: skip
    words = {"family_name": family_name, "given_name": given_name, "phone": PHONE}
    return ListEntry.objects.create(watch_list=delivered, key=family_name, words=words)


def traces_in(text: str) -> list[str]:
    return [each for each in TRACES if each in text]


@pytest.mark.usefixtures("reported")
def test_no_row_that_the_service_may_read_holds_the_reporter() -> None:
    assert rows_that_name_the_reporter() == {}


def rows_that_name_the_reporter() -> dict[str, list[str]]:
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('carenet.actor', '', true)")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            rows = [row for (row,) in cursor.fetchall() if traces_in(row)]
            if rows:
                found[table] = rows
    return found


def filled(each: Address, objects: Mapping[str, Any]) -> str | None:
    """Return an address with the ids of what its parts are about; None where nothing here is."""
    ids = {}
    for before, name in re.findall(r"([^/<>]+)/<(?:\w+:)?(\w+)>", each.route):
        if before not in objects:
            return None
        ids[name] = objects[before]
    return each.path(**ids) if set(ids) == set(each.names) else None


def test_no_answer_to_anybody_else_tells_of_the_reporter(
    reported: AbuseReport, ward: Agency, office: Actor, worker: Actor
) -> None:
    """Neither over the API nor on a page: to all roles unnamed, to the manager, to a partner."""
    person = reported.case.resident_id
    objects = {
        "concerns": Concern.objects.get().pk, "consultations": reported.consultation_id,
        "cases": reported.case_id, "abuse-reports": reported.pk, "residents": person,
        "people": person, "referrals": Referral.objects.get().pk,
        "inquiries": Inquiry.objects.get().pk,
    }  # fmt: skip
    # Of the many forms of one page the same stands in each: one is enough.
    views = {(each.route.split("<")[0], each.view): each for each in pages().values()}
    found = [each for each in addresses().values() if "GET" in each.actions]
    found += [each for each in views.values() if hasattr(each.view, "get")]
    paths = sorted(path for each in found for path in [filled(each, objects)] if path)
    assert len(paths) > 90
    everybody = a_member(ward, Role.STAFF, Role.MANAGER, Role.COORDINATOR, Role.AUDITOR)
    for actor in (everybody, office, worker):
        client = api(actor, **{"carenet-purpose": "test"})
        client.cookies["sessionid"] = session_of(actor)
        whole = actor is everybody
        for path in (each for each in paths if whole or re.search(r"[0-9a-f]{12}/", each)):
            answer = client.get(path)
            text = b"".join(answer) if answer.streaming else answer.content
            assert not traces_in(text.decode(errors="replace")), (actor.roles, path)
        assert client.get("/api/v1/me/").status_code == 200
    # What a page shows it takes from where the API does; and who lacks an ability is shown nothing.
    members = [a_member(at, role) for at in (ward, worker.agency) for role in sorted(HUMAN_ROLES)]
    others = [(one, api(one, **{"carenet-purpose": "test"})) for one in members]
    for each in (each for each in found if each.actions and each.names):
        address, abilities = filled(each, objects), getattr(each.view, "abilities", {})
        ability = abilities.get(each.actions["GET"])
        if not (address and ability):
            continue
        for actor, client in ((one, client) for one, client in others if one.may(ability)):
            answer = client.get(address)
            assert not traces_in(answer.content.decode()), (actor.roles, address)


def test_whom_the_system_of_a_partner_named_is_who_reported(officer: Actor, office: Actor) -> None:
    """Who noticed something and says no name of their own is the person behind the system."""
    said = {
        "danger_to_life": False, "reporter_kind": "shop", "what": "あざがある", "where": "大豆戸町1",
        "municipality_code": officer.agency.municipality_code,
    }  # fmt: skip
    partner = a_system(an_agency())
    told = partner.post("/api/v1/concerns/", said, headers={"Carenet-Acting-Person": quote(NAME)})
    assert told.status_code == 201, told.content
    person = a_resident(officer)
    concern = concerning.triage(
        actor=officer, concern_id=Concern.objects.get().pk, outcome="consultation",
        resident=person, topics=["abuse"], main_topic="abuse",
    )  # fmt: skip
    a_case(officer, person, summary=f"{NAME}さんから")
    told = report_over_api(
        officer, consultation=str(concern.consultation_id), members=[str(office.user_id)]
    )
    assert told.status_code == 201, told.json()
    assert ReporterIdentity.objects.get().name == NAME
    assert rows_that_name_the_reporter() == {}


@pytest.mark.usefixtures("reported")
def test_the_history_and_a_line_lose_the_number_alone() -> None:
    version, line = ResidentVersion.objects.get(version=2), ListEntry.objects.get()
    assert version.changes == {
        "phone": {"from": None, "to": ""}, "family_kana": {"from": "", "to": "タカハシ"},
    }  # fmt: skip
    assert line.words == {"family_name": "髙橋", "given_name": "一郎", "phone": ""}


def test_a_line_about_somebody_else_says_nothing_of_a_report(
    case: Case, worker: Actor, office: Actor
) -> None:
    line = a_line(worker, "鷺沼", "ツル")
    a_report(worker, case, reporter={"name": NAME, "phone": PHONE}, members=[office.user])
    line.refresh_from_db()
    assert line.words == {"family_name": "鷺沼", "given_name": "ツル", "phone": PHONE}


def test_what_gets_longer_than_its_column_ends_there(
    case: Case, worker: Actor, office: Actor
) -> None:
    type(case).objects.filter(pk=case.pk).update(
        next_action="林 次" * 100, next_action_on=timezone.localdate()
    )
    a_report(worker, case, reporter={"name": "林 次"}, members=[office.user])
    case.refresh_from_db()
    assert "林" not in case.next_action
    assert len(case.next_action) == 300


@pytest.mark.usefixtures("reported")
def test_a_file_loses_the_reporter_and_its_owner_learns_nothing_of_it() -> None:
    job = Job.objects.get()
    assert (job.state, job.reason, job.cancel_asked_at, len(job.files)) == ("done", "", None, 1)
    file = content_of(job).decode()
    assert file.startswith("\ufeff")
    assert [line.split(",")[-1] for line in file.splitlines()[1:]] == [
        without_reporter(f"お元気。{SPELLED}", {"name": NAME, "phone": PHONE}), "留守", "",
    ]  # fmt: skip
    assert not traces_in(file)


def test_an_export_under_way_goes_on_and_loses_the_reporter_from_what_it_has_written(
    case: Case, worker: Actor, office: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "ROWS_AT_ONCE", 1)
    said = f"{CALLER}さんから"
    visits_of(worker, case.resident, [said, said])
    visits_of(worker, a_resident(worker), [said])
    job = start(actor=worker, kind="visits.export", options={"month": month()})
    assert run_one_batch(now=timezone.now())
    a_report(worker, case, members=[office.user])
    while run_one_batch(now=timezone.now()):
        pass
    job.refresh_from_db()
    assert (job.state, job.done, job.reason) == ("done", 3, "")
    struck, again, other = [
        line.split(",")[-1] for line in content_of(job).decode().splitlines()[1:]
    ]
    assert CALLER not in struck
    assert struck == again
    assert other == said  # nothing was said of this person


def test_no_step_of_an_export_reads_what_is_being_struck_out(worker: Actor) -> None:
    job = start(actor=worker, kind="visits.export", options={"month": month()})
    with other_session() as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended('files of exports', 0))")
        assert not run_one_batch(now=timezone.now())
    assert run_one_batch(now=timezone.now())
    job.refresh_from_db()
    assert job.state == "done"


@pytest.mark.usefixtures("reported")
def test_what_is_half_written_of_the_call_loses_the_reporter(officer: Actor) -> None:
    kept = autosave.saved_draft(officer, FORM)
    assert kept["caller_name"] == kept["caller_phone"] == [""]
    assert "怒鳴り声" in kept["content"][0]
    assert not traces_in(str(kept))


@pytest.mark.usefixtures("reported")
def test_the_concern_is_for_named_readers_alone(ward: Agency, officer: Actor) -> None:
    address = f"/api/v1/concerns/{Concern.objects.get().pk}/"
    assert api(officer).get(address).status_code == 200
    assert api(a_member(ward, Role.COORDINATOR)).get(address).status_code == 404


@pytest.mark.parametrize("text", ["鷺沼 ツル", "鷺沼・ツル", "045(912)3456", "0459123456"])
def test_a_name_and_a_number_are_found_however_they_are_written(text: str) -> None:
    struck = without_reporter(f"前{text}後", {"name": NAME, "phone": PHONE})
    assert re.fullmatch(r"前\D+後", struck)
    assert not traces_in(struck)
