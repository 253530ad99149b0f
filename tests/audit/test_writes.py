"""Every write is in the trail, in the transaction of the change itself."""

from __future__ import annotations

import pytest
from django.db import transaction

from carenet.agencies.actors import Actor, system_actor
from carenet.cases.actions.cases import edit
from carenet.cases.models import Case
from tests.audit.trails import Trail
from tests.factories import PASSWORD, a_case, a_resident, a_system, api

pytestmark = pytest.mark.django_db


def test_a_write_and_its_entry_are_kept_together(staff: Actor, trail: Trail) -> None:
    case = a_case(staff)
    entries = [entry for entry in trail.writes() if entry.object_ids == [case.pk]]
    assert [entry.action for entry in entries] == ["case.open"]


def test_a_write_and_its_entry_are_rolled_back_together(staff: Actor, trail: Trail) -> None:
    with transaction.atomic():
        a_case(staff)
        assert [entry.action for entry in trail.writes()] == ["resident.register", "case.open"]
        transaction.set_rollback(True)
    assert trail.entries() == []
    assert Case.objects.count() == 1


def test_an_entry_says_who_did_what_to_what_when_and_from_where(
    staff: Actor, case: Case, trail: Trail
) -> None:
    api(staff).post(f"/api/v1/cases/{case.pk}/plan/", {})
    (entry,) = trail.writes()
    assert (entry.action, entry.object_kind, entry.object_ids) == ("case.plan", "case", [case.pk])
    assert (entry.actor_kind, entry.actor_id) == ("user", str(staff.user_id))
    assert (entry.agency_id, entry.address) == (staff.agency_id, "127.0.0.1")
    assert entry.request_id


def test_all_entries_of_a_request_carry_its_number(staff: Actor, case: Case, trail: Trail) -> None:
    client = api(staff)
    client.post(f"/api/v1/cases/{case.pk}/plan/", {})
    client.post(f"/api/v1/cases/{case.pk}/support/", {})
    numbers = [entry.request_id for entry in trail.entries()]
    assert len(numbers) == 2 * 3  # the write, and the case and the person that were shown
    assert len(set(numbers)) == 2


def test_a_system_writes_under_its_own_name(staff: Actor, case: Case, trail: Trail) -> None:
    client = a_system(staff.agency)
    trail.forget()
    client.post(f"/api/v1/cases/{case.pk}/plan/", {})
    (entry,) = trail.writes()
    assert (entry.actor_kind, entry.agency_id) == ("client", staff.agency_id)
    assert entry.actor_id == staff.agency.api_clients.get().client_id


def test_a_job_writes_as_the_system(staff: Actor, case: Case, trail: Trail) -> None:
    edit(actor=system_actor(staff.agency), case_id=case.pk, plan="週に一度の訪問")
    (entry,) = trail.writes()
    assert (entry.actor_kind, entry.actor_id, entry.agency_id) == ("system", "", staff.agency_id)


def test_an_entry_names_the_fields_and_not_what_stands_in_them(staff: Actor, trail: Trail) -> None:
    person = a_resident(staff)
    trail.forget()
    changes = {"phone": "045-000-0000", "address": "大豆戸町1"}
    api(staff).patch(f"/api/v1/residents/{person.pk}/", changes, headers={"if-match": '"1"'})
    (entry,) = trail.writes()
    assert entry.detail == {"fields": ["address", "phone"]}


@pytest.mark.parametrize(
    ("verb", "body", "status"), [("monitor", {}, 409), ("close", {}, 400), ("plan", {"x": 1}, 400)]
)
def test_what_was_refused_was_not_written(
    staff: Actor, case: Case, trail: Trail, verb: str, body: dict[str, int], status: int
) -> None:
    assert api(staff).post(f"/api/v1/cases/{case.pk}/{verb}/", body).status_code == status
    assert trail.entries() == []


def test_signing_in_is_in_the_trail(staff: Actor, trail: Trail) -> None:
    assert staff.user
    given = {"username": staff.user.username, "password": PASSWORD}
    assert api().post("/auth/browser/v1/auth/login", given).status_code == 200
    (entry,) = trail.writes()
    assert (entry.action, entry.actor_id) == ("account.sign_in", str(staff.user_id))


def test_a_change_of_password_is_in_the_trail(staff: Actor, trail: Trail) -> None:
    given = {"current_password": PASSWORD, "new_password": f"{PASSWORD}-新しい"}
    assert api(staff).post("/auth/browser/v1/account/password/change", given).status_code == 200
    (entry,) = trail.writes()
    assert (entry.actor_kind, entry.actor_id) == ("user", str(staff.user_id))
