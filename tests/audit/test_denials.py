"""Every denial is in the trail, with its code, whatever became of the request."""

from __future__ import annotations

from uuid import uuid4

import pytest

from carenet.accounts.actions.clients import create_client
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role, Scope
from carenet.cases.actions.consultations import record
from carenet.cases.models import Case, Consultation
from tests.audit.trails import Trail
from tests.factories import (
    PASSWORD,
    a_member,
    a_resident,
    a_sent_referral,
    a_system,
    an_agency,
    api,
)

pytestmark = pytest.mark.django_db
LOGIN = "/auth/browser/v1/auth/login"


def test_nobody_signed_in(case: Case, trail: Trail) -> None:
    api().get(f"/api/v1/cases/{case.pk}/")
    denial = trail.denial()
    assert denial.detail["code"] == "not_authenticated"
    assert (denial.actor_kind, denial.agency_id) == ("anonymous", None)
    assert denial.address == "127.0.0.1"


def test_a_role_that_does_not_include_it(staff: Actor, case: Case, trail: Trail) -> None:
    watcher = a_member(staff.agency, Role.WATCHER)
    api(watcher).get(f"/api/v1/cases/{case.pk}/")
    denial = trail.denial()
    assert denial.detail["code"] == "role_missing"
    assert (denial.actor_id, denial.agency_id) == (str(watcher.user_id), staff.agency_id)


def test_a_scope_that_is_missing(staff: Actor, case: Case, trail: Trail) -> None:
    a_system(staff.agency, Scope.RESIDENTS_READ).get(f"/api/v1/cases/{case.pk}/")
    assert trail.denial().detail["code"] == "scope_missing"


def test_an_object_out_of_reach(outsider: Actor, case: Case, trail: Trail) -> None:
    api(outsider).get(f"/api/v1/cases/{case.pk}/")
    denial = trail.denial()
    assert denial.detail == {
        "code": "not_found", "status": 404, "path": f"/api/v1/cases/{case.pk}/",
    }  # fmt: skip
    assert denial.action == "GET case-detail"


def test_an_object_that_does_not_exist(staff: Actor, trail: Trail) -> None:
    api(staff).get(f"/api/v1/cases/{uuid4()}/")
    assert trail.denial().detail["code"] == "not_found"


def test_the_wrong_part_in_a_referral(
    staff: Actor, outsider: Actor, case: Case, trail: Trail
) -> None:
    sent = a_sent_referral(staff, outsider.agency, case)
    api(staff).post(f"/api/v1/referrals/{sent.pk}/accept/", {})
    assert trail.denial().detail["code"] == "wrong_side"


def test_an_agency_that_is_not_theirs(staff: Actor, outsider: Actor, trail: Trail) -> None:
    client = api(staff)
    client.credentials(HTTP_CARENET_AGENCY=str(outsider.agency_id))
    client.get("/api/v1/cases/")
    denial = trail.denial()
    assert denial.detail["code"] == "agency_not_yours"
    assert (denial.actor_kind, denial.actor_id) == ("user", str(staff.user_id))


def test_a_session_without_the_csrf_token(staff: Actor, trail: Trail) -> None:
    client = api(staff)
    client.handler.enforce_csrf_checks = True
    client.post("/api/v1/residents/", {"family_name": "佐藤"})
    assert trail.denial().detail["status"] == 403


def test_a_token_that_is_not_valid(trail: Trail) -> None:
    api(authorization="Bearer nonsense").get("/api/v1/cases/")
    assert trail.denial().detail["status"] == 401


# Signing in.


def test_a_failed_sign_in_without_what_was_typed(trail: Trail) -> None:
    typed = {"username": "合言葉をここに書いた", "password": "違う合言葉です"}
    assert api().post(LOGIN, typed).status_code == 400
    denial = trail.denial()
    assert denial.detail == {"code": "sign_in_failed"}
    assert (denial.actor_kind, denial.address) == ("anonymous", "127.0.0.1")
    assert not any(word in str(vars(denial)) for word in typed.values())


def test_a_wrong_password_of_somebody_known(staff: Actor, trail: Trail) -> None:
    assert staff.user
    api().post(LOGIN, {"username": staff.user.username, "password": "違う合言葉です"})
    denial = trail.denial()
    assert denial.detail == {"code": "sign_in_failed", "user": str(staff.user.pk)}
    assert staff.user.username not in str(vars(denial))


def test_a_disabled_account(staff: Actor, trail: Trail) -> None:
    assert staff.user
    staff.user.is_active = False
    staff.user.save()
    answer = api().post(LOGIN, {"username": staff.user.username, "password": PASSWORD})
    assert answer.status_code != 200
    assert trail.denial().detail["code"] == "account_disabled"


def test_a_client_with_a_wrong_secret(staff: Actor, trail: Trail) -> None:
    client, _secret = create_client(agency=staff.agency, name="system", scopes=[Scope.CASES_READ])
    trail.forget()
    answer = api().post(
        "/oauth/token/",
        f"grant_type=client_credentials&client_id={client.client_id}&client_secret=wrong",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 401
    assert trail.denial().detail["status"] == 401


# What becomes of the request.


@pytest.mark.django_db(transaction=True)
def test_the_denial_stays_when_the_effect_is_rolled_back(trail: Trail, staff: Actor) -> None:
    """Triage has changed the consultation by the time it finds that no case may be opened."""
    taken = record(
        actor=staff, channel="phone", relationship="self", topics=["care"], main_topic="care",
        content="…", subject=a_resident(staff),
    )  # fmt: skip
    client = a_system(staff.agency, Scope.CONSULTATIONS_READ, Scope.CONSULTATIONS_WRITE)
    trail.forget()
    answer = client.post(f"/api/v1/consultations/{taken.pk}/triage/", {"outcome": "case_opened"})
    assert (answer.status_code, trail.denial().detail["code"]) == (403, "scope_missing")
    assert Consultation.objects.get(pk=taken.pk).status == "received"
    assert trail.writes() == []


def test_one_refusal_is_one_entry(outsider: Actor, case: Case, trail: Trail) -> None:
    client = api(outsider)
    for _ in range(3):
        client.post(f"/api/v1/cases/{case.pk}/plan/", {})
    assert len(trail.entries()) == 3


def test_what_is_merely_impossible_is_no_denial(staff: Actor, case: Case, trail: Trail) -> None:
    assert api(staff).post(f"/api/v1/cases/{case.pk}/monitor/", {}).status_code == 409
    assert trail.entries() == []


def test_a_coordinator_of_another_ward_is_denied(case: Case, trail: Trail) -> None:
    ward = an_agency(AgencyKind.WARD_OFFICE, municipality_code="141020")
    coordinator = a_member(ward, Role.COORDINATOR)
    trail.forget()
    api(coordinator).get(f"/api/v1/residents/{case.resident_id}/")
    assert trail.denial().detail["code"] == "not_found"
