"""Abuse at the desk: reported from a consultation, refused with the right desk, decided by two."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from carenet.abuse.models import AbuseReport, DeskCall
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.actions.consultations import record
from carenet.cases.models import Consultation
from tests.abuse.requests import a_report, checked
from tests.factories import a_case, a_member, a_resident, an_agency
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db
TYPED: dict[str, Any] = {
    "victim": "older_person", "alleged": "caregiver", "suspected": ["physical"],
    "content": "腕にあざがある", "relationship": "neighbour",
}  # fmt: skip


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


@pytest.fixture
def office() -> Actor:
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.MANAGER)


@pytest.fixture
def worker(office: Actor) -> Actor:  # noqa: ARG001 - who decides comes first
    return a_member(an_agency())


@pytest.fixture
def call(worker: Actor) -> Consultation:
    return record(
        actor=worker, channel="phone", relationship="neighbour", subject=a_resident(worker),
        topics=["abuse"], main_topic="abuse", content="怒鳴り声がする",
    )  # fmt: skip


@pytest.mark.operation("consultations_desk_calls_create", "consultations_readers_create")
def test_a_child_leads_to_the_right_desk_and_nothing_is_lost(
    worker: Actor, call: Consultation
) -> None:
    here = f"/desk/consultations/{call.pk}/"
    answer = desk(worker).post(f"{here}abuse/", TYPED | {"victim": "child"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(said in page for said in ("110", "119", "189", "腕にあざがある"))
    called = {"victim": "child", "alleged": "caregiver", "desk": "児童相談所", "phone": "189"}
    said = called | {"called_at": "けさ", "answered_by": "当番"}
    colleague = a_member(worker.agency)
    assert desk(colleague).get(here).status_code == 404
    assert desk(worker).post(f"{here}desk-calls/", said).status_code == 303
    assert DeskCall.objects.get().answered_by == "当番"
    named = desk(worker).post(f"{here}readers/", {"user": str(colleague.user_id)})
    assert named.status_code == 303
    assert "当番" in desk(colleague).get(f"{here}desk-calls/").content.decode()


@pytest.mark.operation("abuse_reports_create", "cases_notes_create")
def test_a_partner_is_asked_about_on_the_page(worker: Actor, call: Consultation) -> None:
    here = f"/desk/consultations/{call.pk}/abuse/"
    partner = TYPED | {"victim": "partner", "alleged": "other"}
    asked = desk(worker).post(here, partner)
    assert (asked.status_code, "#8008" in asked.content.decode()) == (409, True)
    taken = desk(worker).post(here, partner | {"also": "disability"})
    report = AbuseReport.objects.get()
    assert taken.headers["Location"] == f"/desk/abuse/{report.pk}/?done=report"
    assert (report.victim, report.by_partner) == ("disability", True)


@pytest.mark.operation("abuse_reports_confirm_decision_create", "abuse_reports_decide_create")
def test_one_proposes_and_another_confirms(worker: Actor, office: Actor) -> None:
    officer = a_member(office.agency)
    report = checked(worker, a_report(worker, a_case(worker), members=[office.user, officer.user]))
    here = f"/desk/abuse/{report.pk}/"
    assert f"{here}propose/" in desk(office).get(here).content.decode()
    version = AbuseReport.objects.get().version
    typed = {"happened_at": "さっき", "finding": "found", "text": "根拠", "version": version} | {
        "deciders": [str(office.user_id), str(officer.user_id)]
    }
    proposed = desk(office).post(f"{here}propose/", typed | {"happened_at": "きょう"})
    assert proposed.status_code == 303, proposed.context["form"].errors
    assert f"{here}confirm/" not in desk(office).get(here).content.decode()
    assert f"{here}confirm/" in desk(officer).get(here).content.decode()
    own = desk(office).post(f"{here}confirm/", {"version": version + 1})
    assert own.status_code == 403
    assert desk(officer).post(f"{here}confirm/", {"version": version + 1}).status_code == 303
    assert AbuseReport.objects.get().status == "decided"


@pytest.mark.operation("abuse_reports_close_elsewhere_create", "cases_grants_revoke_create")
def test_one_for_another_desk_is_closed_there(worker: Actor, office: Actor) -> None:
    report = a_report(worker, a_case(worker), members=[office.user])
    AbuseReport.objects.filter(pk=report.pk).update(victim="child")
    here = f"/desk/abuse/{report.pk}/"
    assert f"{here}elsewhere/" in desk(office).get(here).content.decode()
    typed = {"desk": "児相", "happened_at": "きょう", "text": "子ども", "version": report.version}
    assert desk(office).post(f"{here}elsewhere/", typed).status_code == 303
    assert "児相" in desk(office).get(here).content.decode()
