"""Entering agencies and who runs them; finding them again."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from carenet.agencies import selectors
from carenet.agencies.actions import create_agency, designate, register_operator
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Forbidden, Invalid
from tests.factories import a_member, an_agency

pytestmark = pytest.mark.django_db


def test_a_new_agency_has_its_group() -> None:
    agency = create_agency(actor=None, kind=AgencyKind.CARE_PLAZA, name="プラザ")
    assert Group.objects.get(name=f"agency:{agency.pk}").agency == agency


def test_what_the_operator_enters_is_in_the_trail() -> None:
    agency = create_agency(actor=None, kind=AgencyKind.CARE_PLAZA, name="プラザ")
    entry = AuditEntry.objects.get(action="agency.create", object_ids=[agency.pk])
    assert (entry.actor_kind, entry.detail) == ("system", {"agency_kind": "CARE_PLAZA"})


def test_an_agency_without_a_name_is_refused() -> None:
    with pytest.raises(Invalid) as raised:
        create_agency(actor=None, kind=AgencyKind.MEDICAL, name="")
    assert list(raised.value.fields) == ["name"]


def test_an_agency_that_never_opens_is_refused() -> None:
    with pytest.raises(Invalid):
        create_agency(actor=None, kind="MEDICAL", name="x", closed_weekdays=[0, 1, 2, 3, 4, 5, 6])
    assert not Agency.objects.filter(name="x").exists()


def test_an_office_number_is_given_once() -> None:
    an_agency(office_number="1479900019")
    with pytest.raises(Invalid) as raised:
        create_agency(
            actor=None, kind=AgencyKind.MEDICAL, name="診療所", office_number="1479900019"
        )
    assert list(raised.value.fields) == ["office_number"]


def test_nobody_but_the_operator_enters_agencies() -> None:
    manager = a_member(an_agency(), Role.MANAGER)
    with pytest.raises(Forbidden) as raised:
        create_agency(actor=manager, kind=AgencyKind.MEDICAL, name="診療所")
    assert raised.value.reason_code == "operator_only"


def test_a_corporation_is_entered_once() -> None:
    first = register_operator(actor=None, name="社会福祉法人", corporate_number="1999999000011")
    again = register_operator(actor=None, name="別の名", corporate_number="1999999000011")
    small = register_operator(actor=None, name="社会福祉法人")
    assert first == again != small
    assert register_operator(actor=None, name="社会福祉法人") == small


def test_another_operator_ends_the_first_ones_time_and_keeps_it_on_record() -> None:
    agency = an_agency()
    first, second = (register_operator(actor=None, name=name) for name in "甲乙")
    designate(actor=None, agency=agency, operator=first)
    designate(actor=None, agency=agency, operator=second, since=date(2026, 4, 1))
    runs = agency.designations.order_by("since").values_list("operator__name", "since", "until")
    assert set(runs) == {("甲", None, date(2026, 4, 1)), ("乙", date(2026, 4, 1), None)}
    assert agency.operator == second


def test_designating_the_same_operator_again_changes_nothing() -> None:
    agency, operator = an_agency(), register_operator(actor=None, name="甲")
    first = designate(actor=None, agency=agency, operator=operator)
    assert designate(actor=None, agency=agency, operator=operator) == first


def test_the_first_change_of_operator_is_dated_today() -> None:
    agency = an_agency()
    for name in "甲乙":
        run = designate(
            actor=None, agency=agency, operator=register_operator(actor=None, name=name)
        )
    assert run.since == timezone.localdate()


def test_the_ward_office_coordinates_its_municipality() -> None:
    office = an_agency(AgencyKind.WARD_OFFICE, municipality_code="141097")
    an_agency(AgencyKind.WARD_OFFICE, municipality_code="141003", active=False)
    assert selectors.coordinating_office("141097") == office
    assert selectors.coordinating_office("141003") is None


@pytest.mark.parametrize("by", ["pk", "office_number", "name"])
def test_the_operator_names_an_agency_by_id_number_or_name(by: str) -> None:
    agency = an_agency(name="みほん", office_number="1479900019")
    assert selectors.agencies_named(str(getattr(agency, by))).get() == agency


@pytest.mark.parametrize("q", ["LLT", "ｌｌｔ", "llt 介護", "かいご", "カイゴ", "ｶｲｺﾞ"])
def test_the_directory_finds_names_however_they_are_typed(q: str) -> None:
    agency = an_agency(name="ＬＬＴ　介護", name_kana="エルエルティー　カイゴ")
    rows, _keys = selectors.directory_page(a_member(an_agency()), q=q, limit=9)
    assert rows == [agency]
