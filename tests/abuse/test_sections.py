"""Abuse reports where the ward office has a section for them: it decides, as long as it has people."""

from __future__ import annotations

import pytest

from carenet.abuse.actions.agency_closure import pass_abuse_findings
from carenet.abuse.policy import reports_visible_to
from carenet.access.models import Grant
from carenet.agencies.actors import Actor, system_actor
from carenet.agencies.models import Agency
from carenet.agencies.registry import ClosureBatch
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from tests.abuse.requests import a_report
from tests.agencies.sections import a_section
from tests.factories import a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(ward: Agency) -> Agency:
    return a_section(ward)


def test_the_section_decides(worker: Actor, case: Case, office: Actor, section: Agency) -> None:
    manager = a_member(section, Role.MANAGER)
    report = a_report(worker, case)
    assert report.ward_office == section
    assert reports_visible_to(manager).filter(pk=report.pk).exists()
    assert not reports_visible_to(office).exists()


def test_without_anybody_who_decides_there_the_office_does(
    worker: Actor, case: Case, office: Actor, section: Agency
) -> None:
    a_member(section)
    report = a_report(worker, case)
    assert report.ward_office == office.agency
    assert report.events.get().data == {"instead_of": str(section.pk)}


def test_where_the_section_closes_the_office_decides(
    worker: Actor, case: Case, office: Actor, section: Agency
) -> None:
    a_member(section, Role.MANAGER)
    report = a_report(worker, case)
    pass_abuse_findings(ClosureBatch(system_actor(section), section, [report], office.agency))
    assert reports_visible_to(office).filter(pk=report.pk).exists()
    assert Grant.objects.live().filter(cause_id=report.pk, group=office.group_id).exists()
