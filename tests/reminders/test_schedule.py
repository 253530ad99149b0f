"""A cause writes its reminder in its own transaction, and ends it there."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from carenet.agencies.models import Agency
from carenet.reminders.actions import cancel_reminder, fall_due, schedule_reminder
from carenet.reminders.models import Delivery, Reminder
from carenet.reminders.states import DeliveryState, EngineReason
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_kinds import Errand

pytestmark = pytest.mark.django_db


def test_what_is_rolled_back_reminds_nobody(asked: Asked) -> None:
    with transaction.atomic():
        asked()
        transaction.set_rollback(True)
    assert not Reminder.objects.exists()


def test_the_same_again_changes_nothing(asked: Asked) -> None:
    first = asked()
    sweep_at(NOW)
    again = asked(subject_id=first.subject_id)
    assert again.pk == first.pk
    assert again.step == 1


def test_another_date_replaces_and_starts_anew(asked: Asked) -> None:
    first = asked()
    second = asked(subject_id=first.subject_id, due_at=later(days=3))
    first.refresh_from_db()
    assert first.settled_because == EngineReason.REPLACED
    assert (second.step, second.settled_at) == (0, None)


def test_a_replacement_tells_its_recipients_again(asked: Asked) -> None:
    first = asked()
    sweep_at(NOW)
    asked(subject_id=first.subject_id, due_at=later(hours=1))
    sweep_at(later(hours=1))
    assert (
        Delivery.objects.filter(step=0, state=DeliveryState.SENT, recipient__isnull=False).count()
        == 2
    )


def test_settling_ends_it_for_its_cause(asked: Asked, errand: Errand) -> None:
    reminder = asked()
    cancel_reminder(kind=errand.name, subject_id=reminder.subject_id, because="accepted")
    reminder.refresh_from_db()
    assert reminder.settled_at
    assert reminder.settled_because == "accepted"


def test_settling_cancels_what_was_not_delivered(asked: Asked, errand: Errand) -> None:
    reminder = asked()
    fall_due(now=NOW)
    cancel_reminder(kind=errand.name, subject_id=reminder.subject_id, because="accepted")
    assert {(d.state, d.reason) for d in Delivery.objects.all()} == {
        (DeliveryState.CANCELLED, EngineReason.SETTLED)
    }


def test_settling_what_is_not_open_does_nothing(errand: Errand) -> None:
    cancel_reminder(kind=errand.name, subject_id=uuid4(), because="accepted")
    assert not Reminder.objects.exists()


def test_a_settled_reminder_never_falls_due(asked: Asked, errand: Errand) -> None:
    reminder = asked()
    cancel_reminder(kind=errand.name, subject_id=reminder.subject_id, because="accepted")
    assert not fall_due(now=later(days=9))


def test_an_unknown_kind_is_refused(agency: Agency) -> None:
    with pytest.raises(KeyError):
        schedule_reminder(
            kind="no.such",
            subject_id=uuid4(),
            subject_code="E-26-000001",
            agency=agency,
            due_at=NOW,
        )


def test_the_database_keeps_one_open_reminder_per_subject(asked: Asked) -> None:
    reminder = asked()
    reminder.pk, reminder._state.adding = uuid4(), True
    with pytest.raises(IntegrityError, match="one_open_reminder_per_subject"), transaction.atomic():
        reminder.save()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written(errand: Errand, agency: Agency) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        schedule_reminder(
            kind=errand.name,
            subject_id=uuid4(),
            subject_code="E-26-000001",
            agency=agency,
            due_at=NOW,
        )
    assert not Reminder.objects.exists()
