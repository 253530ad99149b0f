"""Whoever asks another agency about a person hears how that ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from carenet.agencies.actors import Actor
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry
from carenet.residents.actions import decline, find_duplicates, inquire, share
from carenet.residents.models import Inquiry
from tests.factories import a_resident

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
