"""Steps at which nobody can be told are passed over, but not for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carenet.agencies.models import Agency, User
from carenet.reminders.actions import fall_due
from carenet.reminders.actions.due import LONGEST_ESCALATION
from carenet.reminders.models import Delivery
from carenet.reminders.registry import Recipient
from tests.reminders.conftest import NOW, Asked
from tests.reminders.fake_kinds import Errand
from tests.reminders.people import be_away

pytestmark = pytest.mark.django_db


@pytest.fixture
def endless(errand: Errand, agency: Agency, person: User) -> Errand:
    """A chase that goes round until its reason is gone, always with the same person."""
    errand.last_step = 10_000
    errand.told = {step: [Recipient(person, agency)] for step in range(LONGEST_ESCALATION + 3)}
    return errand


@pytest.mark.usefixtures("endless")
def test_a_chase_without_a_last_step_stops_where_everybody_is_away_and_tells_them(
    asked: Asked, person: User
) -> None:
    be_away(person)
    reminder = asked()
    for _each in range(LONGEST_ESCALATION + 1):
        assert fall_due(now=NOW)
    reminder.refresh_from_db()
    assert Delivery.objects.filter(recipient=person).exists()
    assert reminder.due_at is not None
    assert reminder.due_at > NOW


def test_where_nobody_may_see_the_subject_it_asks_again_the_next_day(
    asked: Asked, endless: Errand, person: User
) -> None:
    endless.out_of_sight_of = {person.pk}
    reminder = asked()
    for _each in range(LONGEST_ESCALATION + 1):
        assert fall_due(now=NOW)
    assert not fall_due(now=NOW)
    reminder.refresh_from_db()
    assert reminder.due_at == NOW + timedelta(days=1)
