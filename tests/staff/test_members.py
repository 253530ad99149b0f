"""The members of an agency on the pages: who is here, what they do and have, and how they leave."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.models import Absence, Membership
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.tasks.models import Task
from tests.factories import a_member, a_sent_referral, an_agency
from tests.staff.members import Plaza, a_plaza
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def plaza() -> Plaza:
    return a_plaza()


def page(plaza: Plaza, part: str = "") -> str:
    return f"/desk/members/{plaza.leaving.pk}/{part}"


def end(plaza: Plaza, **fields: str) -> Any:
    given = {"version": str(plaza.leaving.version), "reason": "異動のため"} | fields
    return plaza.desk().post(page(plaza, "end/"), given)


def test_everybody_of_the_agency_sees_who_is_here(plaza: Plaza) -> None:
    Absence.objects.create(membership=plaza.leaving, since=plaza.leaving.since)
    shown = plaza.desk(plaza.stays).get("/desk/members/").content.decode()
    assert shown.count("state waiting") == 1
    assert shown.count("state ok") == 2
    assert page(plaza) not in shown


def test_the_list_of_members_is_a_read_in_the_trail(plaza: Plaza) -> None:
    plaza.desk().get("/desk/members/")
    read = AuditEntry.objects.get(
        agency_id=plaza.manager.agency_id, deed="read", object_kind="user"
    )
    assert plaza.leaver.user_id in read.object_ids


@pytest.mark.operation("agencies_members_partial_update")
def test_a_manager_changes_roles(plaza: Plaza) -> None:
    given = {"version": str(plaza.leaving.version), "roles": ["staff", "watcher"]}
    answer = plaza.desk().post(page(plaza, "roles/"), given)
    assert answer["Location"].endswith("?done=roles")
    assert plaza.leaving.role_set == {Role.STAFF, Role.WATCHER}


def test_what_was_changed_meanwhile_is_not_overwritten(plaza: Plaza) -> None:
    given = {"version": str(plaza.leaving.version - 1), "roles": ["watcher"]}
    assert plaza.desk().post(page(plaza, "roles/"), given).status_code == 412
    assert plaza.leaving.role_set == {Role.STAFF}


@pytest.mark.operation("agencies_members_absences_create")
def test_a_manager_says_who_is_away_and_who_stands_in(plaza: Plaza) -> None:
    plaza.desk().post(
        page(plaza, "absence/"), {"until": "あさって", "deputy": str(plaza.stays.user_id)}
    )
    assert Absence.objects.get().deputy_id == plaza.stays.user_id


@pytest.mark.operation("agencies_members_absences_end_create")
def test_a_manager_says_that_somebody_is_back(plaza: Plaza) -> None:
    absence = Absence.objects.create(membership=plaza.leaving, since=plaza.leaving.since)
    plaza.desk().post(page(plaza, f"absence/{absence.pk}/end/"))
    assert not Absence.objects.running().exists()


def test_what_somebody_has_in_hand_is_told_before_they_leave(plaza: Plaza) -> None:
    a_sent_referral(plaza.leaver, an_agency(), plaza.case())
    plaza.task()
    plaza.watch()
    shown = plaza.desk().get(page(plaza, "end/")).content.decode()
    for told in (
        "Open cases (1)",
        "Open tasks (1)",
        "People whom they look in on (1)",
        "under way",
    ):
        assert told in shown


@pytest.mark.operation("agencies_members_end_create")
def test_a_membership_ends(plaza: Plaza) -> None:
    assert end(plaza)["Location"].endswith("?ended")
    assert not Membership.objects.current().filter(pk=plaza.leaving.pk).exists()


@pytest.mark.operation("cases_handover_create")
def test_cases_go_to_whom_the_form_names_before_the_end(plaza: Plaza) -> None:
    case = plaza.case()
    end(plaza, to_cases=str(plaza.stays.user_id))
    case.refresh_from_db()
    assert case.person_in_charge == plaza.stays.user
    assert case.handovers.get(cause="handed_over").reason == "異動のため"


def test_a_task_and_a_watch_go_with_somebody_each(plaza: Plaza) -> None:
    task, watch = plaza.task(), plaza.watch()
    end(plaza, to_tasks=str(plaza.stays.user_id), to_watches=str(plaza.manager.user_id))
    watch.refresh_from_db()
    assert Task.objects.get(pk=task.pk).person == plaza.stays.user
    assert watch.watcher == plaza.manager.user


def test_what_nobody_takes_over_falls_to_the_agency(plaza: Plaza) -> None:
    case, task = plaza.case(), plaza.task()
    end(plaza)
    case.refresh_from_db()
    task.refresh_from_db()
    assert (case.person_in_charge, task.person) == (None, None)


def test_nothing_changes_hands_where_the_membership_cannot_end(plaza: Plaza) -> None:
    case = plaza.case()
    assert end(plaza, to_cases=str(plaza.stays.user_id), version="99").status_code == 412
    case.refresh_from_db()
    assert case.person_in_charge == plaza.leaver.user


def test_work_is_handed_on_by_whoever_stays(plaza: Plaza) -> None:
    case = plaza.case()
    given = {"to_cases": str(plaza.stays.user_id), "reason": "件数が多い"}
    answer = plaza.desk().post(page(plaza, "hand-on/"), given)
    case.refresh_from_db()
    assert answer["Location"].endswith("?done=handed-on")
    assert case.person_in_charge == plaza.stays.user


def test_the_reason_is_asked_for_beside_its_field(plaza: Plaza) -> None:
    plaza.case()
    answer = plaza.desk().post(page(plaza, "hand-on/"), {"to_cases": str(plaza.stays.user_id)})
    assert answer.status_code == 400
    assert 'href="#id_reason"' in answer.content.decode()


def test_nobody_of_another_agency_takes_work_over(plaza: Plaza) -> None:
    plaza.case()
    elsewhere = a_member(an_agency())
    given = {"to_cases": str(elsewhere.user_id), "reason": "異動"}
    assert plaza.desk().post(page(plaza, "hand-on/"), given).status_code == 422


@pytest.mark.parametrize("address", ["/desk/members/", "{page}", "{page}end/"])
def test_a_page_of_members_asks_no_more_for_more_of_them(plaza: Plaza, address: str) -> None:
    path = address.format(page=page(plaza))
    plaza.case()
    before = len(queries(plaza.desk(), path))
    for _each in range(3):
        a_member(plaza.manager.agency)
        plaza.case()
    assert len(queries(plaza.desk(), path)) == before <= 12
