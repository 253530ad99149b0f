"""Who reported, on pages: opened by few for a reason that is kept, and nowhere else."""

from __future__ import annotations

import pytest

from carenet.abuse.models import AbuseReport, ReporterReader
from carenet.agencies.actors import Actor
from carenet.audit.models import AuditEntry
from tests.abuse.requests import NAME, PHONE
from tests.factories import a_member, a_user
from tests.staff.test_abuse import desk
from tests.staff.test_abuse_steps import office, officer, report, worker

__all__ = ["office", "officer", "report", "worker"]

pytestmark = pytest.mark.django_db
WHY = {"purpose": "折り返しの電話"}


def at(report: AbuseReport, *parts: object) -> str:
    return "/".join(["/desk/abuse", str(report.pk), *map(str, parts), ""])


def test_it_is_shown_for_a_reason_that_the_trail_keeps(worker: Actor, report: AbuseReport) -> None:
    here = at(report, "reporter")
    assert NAME not in desk(worker).get(here).content.decode()
    opened = desk(worker).post(here, WHY).content.decode()
    assert NAME in opened
    assert PHONE in opened
    read = AuditEntry.objects.get(object_kind="reporter")
    assert (read.object_ids, read.purpose) == ([report.pk], WHY["purpose"])


def test_without_a_reason_nothing_is_shown(worker: Actor, report: AbuseReport) -> None:
    answer = desk(worker).post(at(report, "reporter"), {"purpose": " "})
    assert answer.status_code == 422
    assert NAME not in answer.content.decode()
    assert not AuditEntry.objects.filter(object_kind="reporter").exists()


def test_who_is_named_to_the_report_alone_is_not_offered_it(
    officer: Actor, report: AbuseReport
) -> None:
    assert at(report, "reporter") not in desk(officer).get(at(report)).content.decode()
    assert desk(officer).get(at(report, "reporter")).status_code == 403
    assert desk(officer).post(at(report, "reporter"), WHY).status_code == 403


@pytest.mark.operation("abuse_reports_reporter_partial_update")
def test_it_is_corrected_in_the_compartment(worker: Actor, report: AbuseReport) -> None:
    typed = WHY | {"name": "別人", "relationship": "family", "version": 1}
    answer = desk(worker).post(at(report, "reporter", "correct"), typed)
    assert answer.status_code == 303, answer.content.decode()
    assert "別人" in desk(worker).post(at(report, "reporter"), WHY).content.decode()


def test_a_correction_by_whoever_was_overtaken_is_refused(
    worker: Actor, report: AbuseReport
) -> None:
    typed = WHY | {"name": "別人", "relationship": "family", "version": 9}
    assert desk(worker).post(at(report, "reporter", "correct"), typed).status_code == 412


@pytest.mark.operation(
    "abuse_reports_reporter_readers_create", "abuse_reports_reporter_readers_end_create"
)
def test_the_ward_office_names_a_reader_and_ends_it(
    office: Actor, officer: Actor, report: AbuseReport
) -> None:
    here = at(report, "reporter-readers")
    assert NAME not in desk(office).get(here).content.decode()
    named = desk(office).post(here, {"user": str(officer.user_id), "until": "来週"})
    assert named.status_code == 303, named.content.decode()
    reader = ReporterReader.objects.get(user=officer.user_id)
    assert NAME in desk(officer).post(at(report, "reporter"), WHY).content.decode()
    assert desk(office).post(f"{here}{reader.pk}/end/").status_code == 303
    assert desk(officer).post(at(report, "reporter"), WHY).status_code == 403


def test_whoever_took_the_report_names_no_reader(worker: Actor, report: AbuseReport) -> None:
    assert desk(worker).get(at(report, "reporter-readers")).status_code == 403


@pytest.mark.operation("abuse_reports_name_create")
def test_each_agency_names_its_own_people(worker: Actor, report: AbuseReport) -> None:
    colleague = a_member(worker.agency, user=a_user("相良 樹"))
    assert desk(colleague).get(at(report)).status_code == 404
    assert "相良 樹" in desk(worker).get(at(report, "name")).content.decode()
    named = desk(worker).post(at(report, "name"), {"user": str(colleague.user_id)})
    assert named.status_code == 303
    assert desk(colleague).get(at(report)).status_code == 200


def test_nobody_of_another_agency_is_offered(
    worker: Actor, office: Actor, report: AbuseReport
) -> None:
    stranger = a_member(office.agency, user=a_user("都築 航"))
    assert "都築 航" not in desk(worker).get(at(report, "name")).content.decode()
    typed = {"user": str(stranger.user_id)}
    assert desk(worker).post(at(report, "name"), typed).status_code == 422
