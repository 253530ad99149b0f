"""`/agencies/{id}/settings/` and `/me/notifications/`: how agencies and people are told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from tests.factories import a_member, a_system, an_agency, api

pytestmark = pytest.mark.django_db
MINE = "/api/v1/me/notifications/"
CHOICE = {"language": "en", "email": "", "by_email": True, "digest": None}


@pytest.fixture
def manager() -> Actor:
    return a_member(an_agency(), Role.MANAGER)


def url(agency: Agency) -> str:
    return f"/api/v1/agencies/{agency.pk}/settings/"


def change(actor: Actor, body: Any, version: int = 1) -> Any:
    return api(actor).patch(url(actor.agency), body, headers={"If-Match": f'"{version}"'})


def test_an_agency_begins_with_mails_and_without_quiet_hours(manager: Actor) -> None:
    answer = api(a_member(manager.agency, Role.WATCHER)).get(url(manager.agency))
    assert answer.headers["ETag"] == '"1"'
    assert answer.json() == {
        "quiet_from": None,
        "quiet_until": None,
        "by_email": True,
        "digest": False,
        "digest_at": "08:30",
    }


def test_its_manager_changes_what_is_sent_and_nothing_else(manager: Actor) -> None:
    answer = change(manager, {"quiet_from": "20:00", "quiet_until": "07:30", "digest": True})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json()["quiet_until"], answer.json()["digest_at"]) == ("07:30", "08:30")
    written = AuditEntry.objects.get(action="agency.set_settings")
    assert written.detail["fields"] == ["digest", "quiet_from", "quiet_until"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"quiet_from": "20:00"}, "/quiet_until"),
        ({"quiet_until": "20:00"}, "/quiet_from"),
        ({"quiet_from": "20:00", "quiet_until": "20:00"}, "/quiet_until"),
        ({"quiet_from": "8 pm"}, "/quiet_from"),
        ({"digest_at": None}, "/digest_at"),
        ({"ringing": True}, "/ringing"),
    ],
)
def test_settings_that_mean_nothing_are_refused_by_field(
    manager: Actor, body: Any, pointer: str
) -> None:
    answer = change(manager, body)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_stale_version_changes_nothing(manager: Actor) -> None:
    assert change(manager, {"digest": True}, version=7).status_code == 412
    assert not Agency.objects.get(pk=manager.agency_id).digest


def test_the_database_takes_no_half_quiet_hours(manager: Actor) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=manager.agency_id).update(quiet_from="20:00")


def test_a_person_chooses_for_themselves(manager: Actor) -> None:
    client = api(manager)
    assert client.get(MINE).json() == {
        "language": "ja",
        "email": "",
        "by_email": True,
        "digest": None,
    }
    assert client.put(MINE, CHOICE).json() == CHOICE
    assert client.get(MINE).json() == CHOICE


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"email": "hanako"}, "/email"),
        ({"email": "hanako@プラザ.jp"}, "/email"),
        ({"email": "hanako@plaza.example.jp"}, "/email"),
        ({"language": "de"}, "/language"),
        ({"digest": "often"}, "/digest"),
    ],
)
def test_a_choice_that_means_nothing_is_refused_by_field(
    manager: Actor, wrong: dict[str, Any], pointer: str
) -> None:
    answer = api(manager).put(MINE, CHOICE | wrong)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_system_has_nothing_to_choose(manager: Actor) -> None:
    answer = a_system(manager.agency).get(MINE)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_person")
