"""Whoever asks another agency about a person hears how that ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from carenet.agencies.actors import Actor, system_actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry
from carenet.residents.actions import decline, find_duplicates, inquire, share
from carenet.residents.models import Inquiry
from tests.agencies.sections import a_section
from tests.factories import a_member, a_resident, an_agency, api

pytestmark = pytest.mark.django_db
SAME: dict[str, Any] = {
    "family_name": "髙橋",
    "given_name": "一郎",
    "birth_year": 1941,
    "phone": "045-000-1234",
}
OVER = "resident.inquiry_over"


@pytest.fixture
def inquiry(registrar: Actor, helper: Actor) -> Inquiry:
    a_resident(registrar, **SAME)
    (hint,) = find_duplicates(actor=helper, **SAME).hints
    return inquire(actor=helper, hint_id=hint.pk, words="訪問で出会った")


def hears(actor: Actor, moment: datetime) -> bool:
    with time_machine.travel(moment, tick=False):
        while work_once(now=moment):
            pass
    return InboxEntry.objects.filter(user=actor.user, reminder__kind=OVER).exists()


def test_nothing_is_told_while_it_waits(inquiry: Inquiry, helper: Actor) -> None:
    assert not hears(helper, inquiry.asked_at + timedelta(hours=1))


def test_of_a_shared_record(inquiry: Inquiry, registrar: Actor, helper: Actor) -> None:
    share(actor=registrar, inquiry_id=inquiry.pk, basis="LIFE_BODY_PROPERTY", reason="火の不始末")
    assert hears(helper, inquiry.asked_at + timedelta(hours=1))


def test_of_a_decline(inquiry: Inquiry, registrar: Actor, helper: Actor) -> None:
    decline(actor=registrar, inquiry_id=inquiry.pk, answer="区役所に相談してください")
    assert hears(helper, inquiry.asked_at + timedelta(hours=1))


def test_of_its_expiry(inquiry: Inquiry, helper: Actor) -> None:
    assert hears(helper, inquiry.until + timedelta(minutes=1))


def asked_about_somebody_of(section: Agency, helper: Actor) -> Inquiry:
    a_resident(system_actor(section), **SAME)
    (hint,) = find_duplicates(actor=helper, **SAME).hints
    return inquire(actor=helper, hint_id=hint.pk, words="訪問で出会った")


def test_what_is_asked_of_a_section_without_people_comes_to_its_offices_desk(helper: Actor) -> None:
    office = an_agency(AgencyKind.WARD_OFFICE)
    section, clerk = a_section(office), a_member(office)
    inquiry = asked_about_somebody_of(section, helper)
    assert inquiry.asked_of == office
    entry = AuditEntry.objects.get(action="inquiry.ask")
    assert entry.detail == {"nobody_at": str(section.pk)}
    assert section.name in api(clerk).get(f"/desk/inquiries/{inquiry.pk}/").content.decode()
    with pytest.raises(Conflict):
        share(actor=clerk, inquiry_id=inquiry.pk, basis="INTERNAL", reason="…")
    decline(actor=clerk, inquiry_id=inquiry.pk, answer="来月から担当者が入ります")


def test_of_one_with_people_there(helper: Actor) -> None:
    office = an_agency(AgencyKind.WARD_OFFICE)
    section = a_section(office)
    a_member(office)
    a_member(section)
    assert asked_about_somebody_of(section, helper).asked_of == section


def test_an_office_that_asks_its_own_empty_section_is_not_asked_itself() -> None:
    office = an_agency(AgencyKind.WARD_OFFICE)
    section = a_section(office)
    assert asked_about_somebody_of(section, a_member(office)).asked_of == section
