"""Referrals that fall due together are read together."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.reminders.actions import due, fall_due_together
from carenet.reminders.models import Delivery
from tests.factories import a_member, a_sent_referral, an_agency
from tests.referrals.sweeps import DAY, TUESDAY

pytestmark = pytest.mark.django_db


def test_few_cost_as_many_statements_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "LONGEST_LOCK", 60)  # however slow it is here
    with time_machine.travel(TUESDAY, tick=False):
        desk = a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER), Role.STAFF)
        sender = a_member(an_agency())

    friday = TUESDAY + 3 * DAY

    def cost(number: int) -> int:
        with time_machine.travel(TUESDAY, tick=False):
            for _ in range(number):
                a_sent_referral(sender, desk.agency)
        with (
            time_machine.travel(friday, tick=False),
            CaptureQueriesContext(connection) as captured,
        ):
            fall_due_together(now=friday)
        return len(captured)

    assert cost(3) == cost(8)
    assert Delivery.objects.filter(recipient=desk.user, channel="inbox").count() == 11
