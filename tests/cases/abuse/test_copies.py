"""After a report nobody but a named reader finds who made it: in no answer, and in no row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.utils import timezone
from psycopg import sql

from carenet.agencies.roles import Role
from carenet.cases.actions.notes import write_note
from carenet.cases.actions.reporter import without_reporter
from carenet.cases.models import AbuseReport
from carenet.referrals.models import Referral
from carenet.watchover.actions import concerns as concerning
from carenet.watchover.models import Concern
from tests.access.addresses import addresses
from tests.cases.abuse.calls import report_over_api
from tests.world import a_case, a_draft, a_member, a_resident, api

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency

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
    Referral.objects.filter(pk=draft.pk).update(reason=SPELLED)
    told = report_over_api(
        officer, consultation=str(concern.consultation_id), members=[str(office.user_id)]
    )
    assert told.status_code == 201, told.json()
    return AbuseReport.objects.get()


def traces_in(text: str) -> list[str]:
    return [each for each in TRACES if each in text]


@pytest.mark.usefixtures("reported")
def test_no_row_that_the_service_may_read_holds_the_reporter() -> None:
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('carenet.actor', '', true)")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            rows = [row for (row,) in cursor.fetchall() if traces_in(row)]
            if rows:
                found[table] = rows
    assert found == {}


def test_no_answer_to_anybody_else_tells_of_the_reporter(
    reported: AbuseReport, ward: Agency
) -> None:
    everybody = a_member(ward, Role.STAFF, Role.MANAGER, Role.COORDINATOR, Role.AUDITOR)
    client = api(everybody, **{"carenet-purpose": "test"})
    ids: dict[str, Any] = {"id": Concern.objects.get().pk, "case_id": reported.case_id}
    ids["report_id"] = reported.pk
    objects = (ids["id"], reported.pk, reported.consultation_id, reported.case_id)
    paths = {
        each.path(**ids | {"id": pk})
        for each in addresses().values()
        if "GET" in each.actions and set(each.names) <= ids.keys()
        for pk in objects
    }
    for path in sorted(paths):
        assert not traces_in(client.get(path).content.decode(errors="replace")), path


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
