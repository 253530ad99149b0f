"""An office that the Ministry's file no longer names is suggested for closing.

And never closed by it.
"""

from __future__ import annotations

import pytest

from carenet.agencies.actions import propose_closure, withdraw_closure
from carenet.agencies.models import Agency, AgencyClosure, AgencyKind
from carenet.agencies.roles import Role
from carenet.areas.actions.office_import import import_offices
from carenet.areas.open_data import read
from carenet.reminders.models import Reminder
from tests.areas.published import a_file, a_row
from tests.factories import a_member, an_agency

pytestmark = pytest.mark.django_db
NUMBER = "1479900019"
STAYS = a_row(事業所番号="1479900027", 事業所名="のこる", 電話番号="045-000-0202")


def importing(*rows: dict[str, str]) -> list[str]:
    return [each.number for each in import_offices(actor=None, data=read(a_file(*rows))).missing]


def state() -> str | None:
    found = AgencyClosure.objects.filter(agency__office_number=NUMBER).order_by("-id").first()
    return found.state if found else None


def test_it_is_suggested_once_and_stays_in_the_directory() -> None:
    importing(a_row(), STAYS)
    assert importing(STAYS) == [NUMBER]
    assert (importing(STAYS), state()) == ([], "suggested")
    assert Agency.objects.get(office_number=NUMBER).active
    assert Reminder.objects.filter(kind="agency.closure_waits", settled_at=None).count() == 1


def test_what_the_file_names_again_is_withdrawn() -> None:
    importing(a_row(), STAYS)
    importing(STAYS)
    importing(a_row(), STAYS)
    assert state() == "withdrawn"
    assert importing(STAYS) == [NUMBER]


def test_what_a_person_has_withdrawn_is_not_suggested_the_next_month() -> None:
    office = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.MANAGER)
    importing(a_row(), STAYS)
    importing(STAYS)
    closure = AgencyClosure.objects.get()
    withdraw_closure(actor=office, closure_id=closure.pk, reason="存続している")
    assert importing(STAYS) == []


def test_a_person_takes_the_suggestion_up() -> None:
    office = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.MANAGER)
    heir = a_member(an_agency())
    importing(a_row(), STAYS)
    importing(STAYS)
    agency = Agency.objects.get(office_number=NUMBER)
    propose_closure(actor=office, agency=agency, reason="廃止", successor=heir.agency)
    assert AgencyClosure.objects.get().state == "proposed"


@pytest.mark.parametrize(
    "rows",
    [
        [STAYS | {"サービスの種類": "通所介護"}],
        [STAYS, a_row(事業所名="")],
        [STAYS, a_row(事業所番号="読めない")],
        [STAYS | {"都道府県コード又は市町村コード": "141011", "市区町村名": "横浜市鶴見区"}],
    ],
    ids=["another service", "a refused line of it", "a line of nobody", "another ward"],
)
def test_a_file_that_does_not_cover_it_says_nothing(rows: list[dict[str, str]]) -> None:
    importing(a_row())
    assert importing(*rows) == []


def test_half_a_file_is_no_reason_to_close_half_a_ward() -> None:
    many = [
        a_row(事業所番号=f"14799001{n:02}", 事業所名=f"みほん{n}", 電話番号=f"045-000-03{n:02}")
        for n in range(20)
    ]
    importing(*many)
    assert importing(*many[:10]) == []
    assert len(importing(*many[:16])) == 4
