"""Sections of the ward office: agencies of their own, with an office that opens nothing to them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from carenet.access.policy import choices_of_basis
from carenet.agencies.actions import create_agency
from carenet.agencies.actions.closures import propose_closure
from carenet.agencies.models import Agency, AgencyKind, WardSection
from carenet.agencies.roles import Role
from carenet.agencies.selectors import desk_of
from carenet.cases import policy as cases
from carenet.core import clock
from carenet.core.errors import Conflict, Invalid
from carenet.oversight import policy as oversight
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.reminders.actions import work_once
from carenet.reminders.actions.unattended import schedule_unattended
from carenet.reminders.models import InboxEntry
from tests.agencies.sections import a_section
from tests.factories import (
    a_case,
    a_member,
    a_resident,
    a_sent_referral,
    an_agency,
    api,
)
from tests.residents.samples import a_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Agency:  # noqa: ARG001
    return an_agency(AgencyKind.WARD_OFFICE, name="港北区役所")


@pytest.fixture
def older(office: Agency) -> Agency:
    return a_section(office)


@pytest.fixture
def livelihood(office: Agency) -> Agency:
    return a_section(office, WardSection.LIVELIHOOD)


# What a section is


def test_it_is_shown_with_the_name_of_its_office(office: Agency) -> None:
    made = create_agency(
        actor=None, kind="WARD_SECTION", name="生活支援課", parent=office, section="LIVELIHOOD"
    )
    assert made.name == "港北区役所 生活支援課"


def test_the_command_gives_it_the_usual_name(office: Agency) -> None:
    call_command("create_section", str(office.pk), "LIVELIHOOD", stdout=StringIO())
    made = Agency.objects.get(parent=office)
    assert (made.kind, made.name) == ("WARD_SECTION", "港北区役所 生活支援課")


def test_its_parent_is_a_ward_office() -> None:
    with pytest.raises(Invalid) as raised:
        create_agency(
            actor=None, kind="WARD_SECTION", name="x", parent=an_agency(), section="LIVELIHOOD"
        )
    assert list(raised.value.fields) == ["parent"]


def test_the_database_knows_whose_section_it_is(office: Agency, older: Agency) -> None:
    for field, value in (
        ("parent", an_agency()),
        ("parent", None),
        ("municipality_code", "141011"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agency.objects.filter(pk=older.pk).update(**{field: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=office.pk).update(kind="CARE_PLAZA")


def test_no_other_agency_has_a_parent(office: Agency) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=an_agency().pk).update(parent=office)


def test_an_office_has_one_section_for_one_thing(office: Agency, older: Agency) -> None:  # noqa: ARG001
    with pytest.raises(IntegrityError), transaction.atomic():
        a_section(office)


def test_the_directory_says_which_office_it_belongs_to(office: Agency, older: Agency) -> None:
    shown = api(a_member(office)).get(f"/api/v1/agencies/{older.pk}/").json()
    assert (shown["parent"], shown["section"]) == (str(office.pk), "OLDER_AND_DISABILITY")


# What it opens


def test_an_officer_of_another_section_gets_404_until_it_is_referred(
    older: Agency, livelihood: Agency
) -> None:
    leading, other = a_member(older), a_member(livelihood)
    case = a_case(leading)
    asking = api(other)
    assert asking.get(f"/api/v1/cases/{case.pk}/").status_code == 404
    referral = a_sent_referral(leading, livelihood, case)
    accept(actor=other, referral_id=referral.pk)
    assert asking.get(f"/api/v1/cases/{case.pk}/").status_code == 200


def test_the_office_reads_no_case_of_its_section(office: Agency, older: Agency) -> None:
    case = a_case(a_member(older))
    for role in Role:
        if role != Role.INTEGRATION:
            assert not cases.visible_to(a_member(office, role)).filter(pk=case.pk).exists()


def test_a_section_reads_no_case_of_its_office(office: Agency, older: Agency) -> None:
    case = a_case(a_member(office))
    assert (
        not cases.visible_to(a_member(older, Role.STAFF, Role.MANAGER)).filter(pk=case.pk).exists()
    )


def test_the_coordinator_stays_the_offices(office: Agency, older: Agency) -> None:
    referral = a_sent_referral(a_member(older), an_agency())
    assert referral.coordinator == office


def test_an_auditor_of_a_section_reads_its_own_trail_alone(office: Agency, older: Agency) -> None:
    a_case(a_member(office))
    a_case(a_member(older))
    whose = set(
        oversight.visible_to(a_member(older, Role.AUDITOR)).values_list("agency_id", flat=True)
    )
    assert whose == {older.pk}


def test_it_is_the_same_organ(older: Agency) -> None:
    offered = {value for value, _label in choices_of_basis(actor=a_member(older))}
    assert {"INTERNAL", "OTHER_AGENCY", "CLEAR_BENEFIT"} <= offered


def test_who_refuses_the_office_refuses_its_sections(
    office: Agency, older: Agency, livelihood: Agency
) -> None:
    worker = a_member(older)
    person = a_resident(worker)
    a_consent(worker, person, office, pole="refused", categories=["identity"])
    with pytest.raises(Conflict) as raised:
        a_sent_referral(worker, livelihood, a_case(worker, person))
    assert raised.value.reason_code == "consent_refused"


# Without people


def test_what_is_sent_to_a_section_without_people_arrives_at_its_office(
    office: Agency, older: Agency
) -> None:
    a_member(office)
    referral = a_sent_referral(a_member(an_agency()), older)
    referral.refresh_from_db()
    assert referral.receiver == office
    assert referral.events.get().data["nobody_at"] == str(older.pk)


def test_what_is_sent_to_a_section_with_people_arrives_there(office: Agency, older: Agency) -> None:
    a_member(office)
    a_member(older)
    assert desk_of(older) == older
    assert a_sent_referral(a_member(an_agency()), older).receiver == older


def test_an_office_that_writes_to_its_own_empty_section_is_not_sent_it_back(
    office: Agency, older: Agency
) -> None:
    assert a_sent_referral(a_member(office), older).receiver == older


def test_the_office_is_told_that_nobody_works_in_a_section(office: Agency, older: Agency) -> None:
    manager = a_member(office, Role.MANAGER)
    schedule_unattended(now=clock.now())
    work_once(now=clock.now())
    entry = InboxEntry.objects.get(user=manager.user)
    assert entry.reminder.subject_id == older.pk


def test_a_section_with_people_is_no_matter(office: Agency, older: Agency) -> None:
    a_member(office, Role.MANAGER)
    a_member(older)
    assert schedule_unattended(now=clock.now()) == 0


# Closing


def test_what_a_section_holds_stays_in_the_ward_office(office: Agency, older: Agency) -> None:
    a_case(a_member(older))
    manager = a_member(office, Role.MANAGER)
    plaza = an_agency()
    a_member(plaza)
    with pytest.raises(Invalid) as raised:
        propose_closure(actor=manager, agency=older, reason="組織改編", successor=plaza)
    assert list(raised.value.fields) == ["successor"]
    assert (
        propose_closure(
            actor=manager, agency=older, reason="組織改編", successor=manager.agency
        ).state
        == "proposed"
    )
