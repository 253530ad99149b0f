"""Who reported stands in a compartment of its own, narrower than the case and than the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from carenet.abuse.models import AbuseReport, ReporterIdentity, ReporterReader
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.models import Case
from carenet.rest.models import IdempotencyKey
from tests.abuse.requests import (
    NAME,
    PHONE,
    REPORTS,
    a_report,
    at,
    check_facts,
    record_reception_meeting,
    report_over_api,
)
from tests.factories import a_member, api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

WHY = {"carenet-purpose": "callback"}


def read(actor: Actor, report: AbuseReport, **headers: str) -> Answer:
    return api(actor, **(headers or WHY)).get(at(report, "reporter"))


def let_read(actor: Actor, report: AbuseReport, person: Actor) -> Answer:
    return api(actor).post(at(report, "reporter-readers"), {"user": str(person.user_id)})


def correct(actor: Actor, report: AbuseReport, version: int = 1, **changes: object) -> Answer:
    headers = WHY | {"If-Match": f'"{version}"'}
    return api(actor).patch(at(report, "reporter"), changes, headers=headers)


def acts_in_the_database(actor: Actor | None) -> None:
    """Be this person to the database, as the door of the API does."""
    with connection.cursor() as cursor:
        who = f"user:{actor.user_id}" if actor else ""
        cursor.execute("SELECT set_config('carenet.actor', %s, true)", [who])


def test_whoever_took_the_report_reads_it(worker: Actor, report: AbuseReport) -> None:
    shown = read(worker, report).json()
    assert (shown["name"], shown["phone"], shown["wishes_anonymity"]) == (NAME, PHONE, True)


def test_other_named_people_do_not(office: Actor, officer: Actor, report: AbuseReport) -> None:
    for actor in (office, officer):
        assert code_of(read(actor, report), 403) == "reporter_compartment"


def test_whoever_does_not_see_the_report_finds_nothing(
    plaza: Agency, ward: Agency, report: AbuseReport
) -> None:
    for actor in (a_member(plaza), a_member(ward, Role.MANAGER)):
        assert code_of(read(actor, report), 404) == "not_found"


def test_whom_the_ward_office_names_reads_it(
    office: Actor, officer: Actor, report: AbuseReport
) -> None:
    assert let_read(office, report, officer).status_code == 201
    assert read(officer, report).json()["name"] == NAME


def test_until_the_naming_ends(office: Actor, officer: Actor, report: AbuseReport) -> None:
    reader = let_read(office, report, officer).json()["id"]
    api(office).post(at(report, "reporter-readers", reader, "end"), {})
    assert code_of(read(officer, report), 403) == "reporter_compartment"
    assert len(api(office).get(at(report, "reporter-readers")).json()["results"]) == 2


def test_the_plaza_names_nobody(
    plaza: Agency, worker: Actor, officer: Actor, report: AbuseReport
) -> None:
    manager = a_member(plaza, Role.MANAGER)
    api(worker).post(at(report, "name"), {"user": str(manager.user_id)})
    assert code_of(let_read(manager, report, officer), 403) == "municipality_decides"


def test_only_who_sees_the_report_is_let_in(
    ward: Agency, office: Actor, report: AbuseReport
) -> None:
    assert pointers_of(let_read(office, report, a_member(ward))) == ["/user"]


def test_nobody_is_let_in_twice(office: Actor, officer: Actor, report: AbuseReport) -> None:
    let_read(office, report, officer)
    assert code_of(let_read(office, report, officer), 409) == "conflict"


def test_a_naming_is_never_deleted(report: AbuseReport) -> None:
    with pytest.raises(Exception, match="Cannot delete"):
        ReporterReader.objects.filter(report=report).delete()


def test_nobody_reads_without_saying_why(worker: Actor, report: AbuseReport) -> None:
    for purpose in ("", "%20"):
        answer = read(worker, report, **{"carenet-purpose": purpose})
        assert pointers_of(answer) == ["/Carenet-Purpose"]
        assert NAME not in answer.content.decode()


def test_each_read_is_one_row_of_the_trail_with_its_purpose(
    worker: Actor, report: AbuseReport
) -> None:
    since = timezone.now()
    read(worker, report)
    (entry,) = AuditEntry.objects.filter(time__gte=since, time__lte=timezone.now())
    assert (entry.deed, entry.object_kind, entry.object_ids) == (
        AuditAction.READ,
        "reporter",
        [report.pk],
    )
    assert (entry.purpose, entry.actor_id) == ("callback", str(worker.user_id))


def test_a_refusal_is_in_the_trail_too(office: Actor, report: AbuseReport) -> None:
    since = timezone.now()
    read(office, report)
    (entry,) = AuditEntry.objects.filter(time__gte=since, time__lte=timezone.now())
    assert (entry.deed, entry.detail["code"]) == (AuditAction.DENIAL, "reporter_compartment")


def test_readers_correct_it(worker: Actor, report: AbuseReport) -> None:
    shown = correct(worker, report, callback="夕方に").json()
    assert (shown["callback"], shown["name"]) == ("夕方に", NAME)
    assert code_of(correct(worker, report, name="別人"), 412) == "version_changed"


def test_and_nobody_else(office: Actor, report: AbuseReport) -> None:
    assert code_of(correct(office, report, name="別人"), 403) == "reporter_compartment"


def test_who_stays_anonymous_leaves_nothing(worker: Actor, case: Case, office: Actor) -> None:
    report = a_report(worker, case, reporter=None, members=[office.user])
    shown = read(worker, report).json()
    assert (shown["name"], shown["phone"], shown["relationship"]) == ("", "", "unknown")


# It appears nowhere else.


def test_no_answer_of_the_report_names_them(worker: Actor, case: Case, office: Actor) -> None:
    given = {"reporter": {"name": NAME, "phone": PHONE}, "members": [str(office.user_id)]}
    told = report_over_api(worker, case=str(case.pk), **given)
    assert told.status_code == 201
    address = f"{REPORTS}{told.json()['id']}/"
    answers = [told, *(api(worker).get(each) for each in (address, f"{address}events/", REPORTS))]
    for answer in answers:
        shown = json.dumps(answer.json(), ensure_ascii=False)
        assert NAME not in shown
        assert PHONE not in shown


def test_no_answer_that_is_kept_for_a_retry_names_them(
    worker: Actor, case: Case, office: Actor
) -> None:
    given = {"reporter": {"name": NAME}, "members": [str(office.user_id)]}
    body = {"case": str(case.pk), "received_at": timezone.now().isoformat(), **given}
    words = {
        "channel": "phone",
        "victim": "older_person",
        "suspected": ["neglect"],
        "alleged": "caregiver",
    }
    api(worker).post(
        REPORTS, body | words | {"content": "…"}, headers={"idempotency-key": "report"}
    )
    kept = IdempotencyKey.objects.get(key="report")
    assert kept.status == 201
    assert NAME not in json.dumps(kept.body, ensure_ascii=False)


def test_no_event_names_them(worker: Actor, report: AbuseReport) -> None:
    assert pointers_of(record_reception_meeting(worker, report, attendees=[NAME])) == ["/attendees"]
    record_reception_meeting(worker, report)
    assert pointers_of(check_facts(worker, report, text=f"{NAME}さん宅")) == ["/text"]
    told = {"seen_in_person": False, "not_seen_because": PHONE}
    assert pointers_of(check_facts(worker, report, **told)) == ["/not_seen_because"]


def test_whoever_may_not_know_cannot_guess(officer: Actor, report: AbuseReport) -> None:
    """To be refused only for the right name would tell it."""
    assert record_reception_meeting(officer, report, text=NAME).status_code == 200


def test_the_trail_does_not_name_them(worker: Actor, report: AbuseReport) -> None:
    since = report.recorded_at
    read(worker, report)
    correct(worker, report, callback="夕方に")
    found = AuditEntry.objects.filter(time__gte=since, time__lte=timezone.now())
    told = str([vars(entry) for entry in found])
    assert NAME not in told
    assert PHONE not in told


# The database guards it, whatever a query forgets.


def test_a_query_that_forgets_the_rule_finds_nothing(office: Actor, report: AbuseReport) -> None:
    for actor in (None, office):
        acts_in_the_database(actor)
        assert not ReporterIdentity.objects.filter(report=report).exists()
        assert ReporterIdentity.objects.update(name="…") == 0


def test_a_reader_finds_it_and_nobody_deletes_it(worker: Actor, report: AbuseReport) -> None:
    acts_in_the_database(worker)
    assert ReporterIdentity.objects.get(report=report).name == NAME
    ReporterIdentity.objects.filter(report=report)._raw_delete("default")
    assert ReporterIdentity.objects.filter(report=report).exists()


def test_a_dump_of_the_data_as_the_service_holds_nothing_of_it(
    report: AbuseReport, capsys: pytest.CaptureFixture[str]
) -> None:
    acts_in_the_database(None)
    call_command("dumpdata", "cases", "--natural-primary")
    told = json.dumps(json.loads(capsys.readouterr().out), ensure_ascii=False)
    assert str(report.pk) in told
    assert NAME not in told
