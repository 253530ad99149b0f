"""The procedure is for older persons and disability at home; for others the competent desk is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.abuse.actions import report as steps
from carenet.abuse.actions.other_desks import set_desk
from carenet.abuse.models import AbuseReport, DeskCall, OtherDesk
from carenet.abuse.policy import child_report_of
from carenet.abuse.states.desks import DESKS, AllegedOf, DeskKind, Victim, competent_elsewhere
from carenet.agencies.actions.municipal_settings import end_setting
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.cases.actions.consultation_readers import leave_consultations, name_reader
from carenet.cases.models import Case, Consultation
from carenet.cases.policy import can_view_consultation, consultations_visible_to
from carenet.core.errors import Conflict, ForAnotherDesk
from tests.abuse.requests import a_report, record_reception_meeting, report_over_api, take
from tests.cases.calls import recorded
from tests.factories import a_case, a_member, a_resident, api
from tests.rest.raw_requests import code_of, pointers_of, problem_of


@pytest.fixture
def call(client: APIClient, worker: Actor) -> Consultation:
    """A consultation of the worker about somebody on the register."""
    address = recorded(client, subject=str(a_resident(worker).pk))
    return Consultation.objects.get(pk=address.split("/")[-2])


def refused(actor: Actor, call: Consultation, **more: Any) -> dict[str, Any]:
    return problem_of(report_over_api(actor, consultation=str(call.pk), **more), 409)


def phones(told: dict[str, Any]) -> list[str]:
    return [desk["phone"] for desk in told["desks"]]


@pytest.mark.parametrize(
    ("victim", "alleged", "desk"),
    [
        ("older_person", "caregiver", None),
        ("disability", "caregiver", None),
        ("older_person", "facility_staff", DeskKind.FACILITY_STAFF),
        ("disability", "employer", DeskKind.EMPLOYER),
        ("older_person", "other", DeskKind.OTHER),
        ("child", "caregiver", DeskKind.CHILD),
        ("child", "facility_staff", DeskKind.CHILD),
        ("partner", "other", DeskKind.PARTNER),
        ("partner", "caregiver", DeskKind.PARTNER),
    ],
)
def test_whose_it_is(victim: str, alleged: str, desk: DeskKind | None) -> None:
    assert competent_elsewhere(victim, alleged) is desk


def test_every_kind_has_a_desk() -> None:
    kinds = {competent_elsewhere(victim, by) for victim in Victim for by in AllegedOf}
    assert {desk.kind for desk in DESKS} == (kinds - {None}) | {DeskKind.DANGER}


@pytest.mark.usefixtures("office")
def test_a_child_is_for_the_child_guidance_centre(worker: Actor, call: Consultation) -> None:
    told = refused(worker, call, victim="child")
    assert told["code"] == "other_desk"
    assert phones(told)[:3] == ["110", "119", "189"]
    assert "189" in told["detail"]
    assert all(desk["source"] for desk in told["desks"])
    assert not AbuseReport.objects.exists()


@pytest.mark.usefixtures("office")
def test_a_partner_is_asked_about_before_anything_is_refused(
    worker: Actor, call: Consultation
) -> None:
    told = refused(worker, call, victim="partner", alleged="other")
    assert told["code"] == "ask_age_or_disability"
    assert "#8008" in phones(told)
    told = refused(worker, call, victim="partner", alleged="other", also="neither")
    assert (told["code"], "#8008" in told["detail"]) == ("other_desk", True)


def test_a_partner_who_is_older_is_an_older_persons_case(
    worker: Actor, case: Case, office: Actor
) -> None:
    more = {"victim": "partner", "alleged": "other", "also": "older_person"}
    shown = report_over_api(worker, case=str(case.pk), **more).json()
    assert (shown["victim"], shown["by_partner"]) == ("older_person", True)
    report = AbuseReport.objects.get(pk=shown["id"])
    assert record_reception_meeting(office, report).status_code == 200


@pytest.mark.usefixtures("office")
def test_the_register_knows_who_is_older(worker: Actor) -> None:
    born = timezone.localdate() - timedelta(days=366 * 70)
    case = a_case(worker, a_resident(worker, birth_date=born))
    answer = report_over_api(worker, case=str(case.pk), victim="partner", also="neither")
    assert pointers_of(answer) == ["/also"]
    told = problem_of(report_over_api(worker, case=str(case.pk), victim="partner"), 409)
    assert "65" in told["detail"]


@pytest.mark.usefixtures("office")
def test_only_of_a_partner_is_it_said_what_they_are_besides(worker: Actor, case: Case) -> None:
    assert pointers_of(report_over_api(worker, case=str(case.pk), also="disability")) == ["/also"]


def test_the_municipality_names_its_own_desks(office: Actor, worker: Actor, case: Case) -> None:
    given: dict[str, Any] = {"hours": "平日", "source": "区のホームページ"}
    ours = set_desk(actor=office, kind="child", name="こども家庭支援課", phone="045-1", **given)
    later = timezone.now() + timedelta(days=9)
    set_desk(actor=office, kind="child", name="新しい課", phone="045-2", valid_from=later, **given)
    with pytest.raises(ForAnotherDesk) as told:
        a_report(worker, case, victim="child")
    assert [each["phone"] for each in told.value.desks] == ["110", "119", "189", "045-1"]
    end_setting(OtherDesk, actor=office, setting_id=ours.pk)
    with pytest.raises(Conflict):
        end_setting(OtherDesk, actor=office, setting_id=ours.pk)
    with pytest.raises(ForAnotherDesk) as told:
        a_report(worker, case, victim="child")
    assert "045-1" not in [each["phone"] for each in told.value.desks]


def test_the_desks_are_read_and_set_over_the_api(office: Actor, helper: Actor) -> None:
    body = {"kind": "employer", "name": "県", "phone": "045-3", "hours": "平日", "source": "県"}
    made = api(office).post("/api/v1/other-desks/", body)
    assert (made.status_code, made.json()["checked_on"]) == (201, None)
    shown = api(helper).get("/api/v1/other-desks/in-force/").json()["desks"]
    assert "045-3" in [desk["phone"] for desk in shown]
    assert code_of(api(helper).post("/api/v1/other-desks/", body), 403)
    assert OtherDesk.objects.count() == 1


# Nothing that was told is lost.


@pytest.mark.usefixtures("office")
def test_what_was_told_stays_for_its_recorder_alone(
    plaza: Agency, worker: Actor, call: Consultation
) -> None:
    colleague = a_member(plaza)
    assert can_view_consultation(colleague, call)
    refused(worker, call, victim="child")
    after = Consultation.objects.get(pk=call.pk)
    assert (after.content, after.status) == (call.content, call.status)
    assert can_view_consultation(worker, after)
    assert not can_view_consultation(colleague, after)
    assert not consultations_visible_to(colleague).filter(pk=call.pk).exists()
    name_reader(actor=worker, consultation_id=call.pk, user=colleague.user)  # type: ignore[arg-type]
    assert can_view_consultation(colleague, after)


def test_the_call_to_the_desk_is_recorded(worker: Actor, call: Consultation) -> None:
    address = f"/api/v1/consultations/{call.pk}/desk-calls/"
    body = {
        "victim": "child", "alleged": "caregiver", "desk": "児童相談所", "phone": "189",
        "called_at": timezone.now().isoformat(), "answered_by": "当番の佐藤さん",
    }  # fmt: skip
    assert api(worker).post(address, body).status_code == 201
    (shown,) = api(worker).get(address).json()["results"]
    assert (shown["answered_by"], shown["by_user"]["id"]) == (
        "当番の佐藤さん", str(worker.user_id),
    )  # fmt: skip
    assert Consultation.objects.get(pk=call.pk).set_apart_at
    ahead = body | {"called_at": (timezone.now() + timedelta(hours=1)).isoformat()}
    assert pointers_of(api(worker).post(address, ahead)) == ["/called_at"]
    held = child_report_of(actor=worker, resident_id=call.subject_id, case_id=None)  # type: ignore[arg-type]
    assert held
    assert held.id == DeskCall.objects.get().pk


def test_a_case_that_is_opened_from_it_is_restricted(
    client: APIClient, worker: Actor, call: Consultation
) -> None:
    refused(worker, call, victim="child")
    answer = client.post(f"/api/v1/consultations/{call.pk}/triage/", {"outcome": "case_opened"})
    shown = api(worker).get(f"/api/v1/cases/{answer.json()['case']}/").json()
    assert shown["confidentiality"] == "restricted"


def test_whoever_leaves_leaves_it_to_a_colleague(
    plaza: Agency, worker: Actor, call: Consultation
) -> None:
    refused(worker, call, victim="child")
    colleague = a_member(plaza)
    membership = worker.user.memberships.get()  # type: ignore[union-attr]
    membership.until = timezone.now()
    membership.save()
    leave_consultations(actor=None, membership=membership)
    assert consultations_visible_to(colleague).filter(pk=call.pk).exists()


# What was taken before.


def test_an_open_report_of_another_kind_can_only_be_closed(
    worker: Actor, office: Actor, report: AbuseReport
) -> None:
    AbuseReport.objects.filter(pk=report.pk).update(victim="child")
    assert code_of(record_reception_meeting(worker, report), 409) == "other_desk"
    assert code_of(take(worker, report, "close-elsewhere", desk="児相"), 403)
    shown = take(office, report, "close-elsewhere", desk="中央児童相談所").json()
    assert (shown["status"], shown["closed_for_desk"]) == ("closed", "中央児童相談所")
    assert shown["finding"] == ""
    assert all(each["over_at"] for each in shown["deadlines"])


def test_one_that_the_procedure_is_for_is_closed_at_its_end(
    office: Actor, report: AbuseReport
) -> None:
    with pytest.raises(Conflict, match="手続"):
        steps.close_elsewhere(
            actor=office, report_id=report.pk, desk="x", text="y", happened_at=timezone.now()
        )
