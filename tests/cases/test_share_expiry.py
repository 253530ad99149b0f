"""A share that was agreed on until a day: the lead hears of its end in time to prolong it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from carenet.agencies.actions import record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import Role
from carenet.cases.actions.cases import move, reassign, restrict
from carenet.cases.actions.shares import revoke_share
from carenet.cases.models import Case, EndReason
from carenet.cases.states import CaseVerb
from carenet.reminders.models import Reminder
from carenet.reminders.registry import kind_named
from carenet.residents.actions import withdraw_consent
from tests.cases.paths import share
from tests.factories import a_case, a_member, a_resident
from tests.residents.samples import a_consent

KIND = "case.grant_ending"
TOKYO = ZoneInfo("Asia/Tokyo")
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=TOKYO)
#: A Friday.
END = datetime(2026, 12, 18, 17, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def reminder(worker: Actor, case: Case, helper: Actor) -> Reminder:
    share(worker, case, helper.agency_id, until=END.isoformat())
    return Reminder.objects.get(kind=KIND)


def told(reminder: Reminder, step: int = 0) -> list[User]:
    return [each.user for each in kind_named(KIND).recipients(reminder.occurrence(step))]


def holds(reminder: Reminder) -> bool:
    return kind_named(KIND).still_applies(reminder.occurrence(0))


def test_it_is_due_when_the_lead_opens_five_of_its_working_days_before(
    plaza: Agency, reminder: Reminder
) -> None:
    assert plaza.closed_weekdays == []
    assert reminder.due_at == datetime(2026, 12, 13, 9, tzinfo=TOKYO)


def test_nobody_is_told_of_one_given_for_a_few_days(
    worker: Actor, case: Case, helper: Actor
) -> None:
    until = (timezone.now() + timedelta(days=3)).isoformat()
    share(worker, case, helper.agency_id, until=until)
    assert not Reminder.objects.filter(kind=KIND).exists()


def test_whoever_has_the_case_then_is_told_and_after_that_the_managers(
    worker: Actor, case: Case, reminder: Reminder
) -> None:
    successor, manager = a_member(worker.agency), a_member(worker.agency, Role.MANAGER)
    assert successor.user
    reassign(actor=worker, case_id=case.pk, person=successor.user)
    assert told(reminder) == [successor.user]
    assert told(reminder, step=1) == [manager.user]


def test_for_somebody_who_is_away_the_deputy_is_told_else_the_staff(
    worker: Actor, reminder: Reminder
) -> None:
    colleague = a_member(worker.agency)
    membership = Membership.objects.get(user=worker.user)
    absence = record_absence(actor=worker, membership=membership)
    assert told(reminder) == [colleague.user]
    absence.deputy = colleague.user
    absence.save()
    assert told(reminder) == [colleague.user]


def test_of_a_restricted_case_only_named_people_are_told(
    worker: Actor, case: Case, reminder: Reminder
) -> None:
    a_member(worker.agency, Role.MANAGER)
    restrict(actor=worker, case_id=case.pk)
    assert told(reminder) == [worker.user]
    assert told(reminder, step=1) == []


def test_it_holds_until_the_share_or_the_case_ends(
    worker: Actor, case: Case, reminder: Reminder
) -> None:
    assert holds(reminder)
    with time_machine.travel(END, tick=False):
        assert not holds(reminder)
    move(actor=worker, case_id=case.pk, verb=CaseVerb.CLOSE, reason=EndReason.GOAL_REACHED)
    assert not holds(reminder)


def test_a_share_that_was_revoked_reminds_nobody(
    worker: Actor, case: Case, reminder: Reminder
) -> None:
    revoke_share(actor=worker, case_id=case.pk, grant_id=reminder.subject_id)
    reminder.refresh_from_db()
    assert reminder.settled_because == "revoked"


def test_a_consent_taken_back_ends_it_with_the_share(worker: Actor, helper: Actor) -> None:
    person = a_resident(worker)
    case, consent = a_case(worker, person), a_consent(worker, person, helper.agency)
    until = timezone.now() + timedelta(days=60)
    share(worker, case, helper.agency_id, until=until.isoformat(), consent=str(consent.pk))
    reminders = Reminder.objects.filter(kind="case.grant_ending", settled_at=None)
    assert reminders.exists()
    withdraw_consent(actor=worker, resident_id=person.pk, consent_id=consent.pk, method="oral")
    assert not reminders.exists()


def test_a_share_that_ends_with_its_consent_is_told_as_well(worker: Actor, helper: Actor) -> None:
    person = a_resident(worker)
    ends = timezone.localdate() + timedelta(days=60)
    consent = a_consent(worker, person, helper.agency, expires_on=ends)
    share(worker, a_case(worker, person), helper.agency_id, consent=str(consent.pk))
    assert Reminder.objects.filter(kind="case.grant_ending", settled_at=None).exists()
