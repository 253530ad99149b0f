"""One mail a day for whoever wants no others: codes only, and only when something waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from pytest_django import Settings

from carenet.agencies.actions import add_member
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.reminders.actions import (
    cancel_reminder,
    deliver_next,
    mark_read,
    take_over,
    write_digests,
)
from carenet.reminders.models import Delivery, DigestRound, InboxEntry, Reminder
from carenet.reminders.registry import Recipient
from carenet.reminders.states import DIGEST, DeliveryState, EngineReason
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_kinds import Errand
from tests.reminders.locks import held_elsewhere
from tests.reminders.people import acting, an_agency
from tests.reminders.smtp_server import PostOffice, a_post_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Settings, person: User, agency: Agency) -> Iterator[PostOffice]:
    """A mail server, and a person of an agency whose people get a digest at 10:00, which is NOW."""
    settings.EMAIL_FROM = "no-reply@carenet.example.jp"
    settings.PUBLIC_URL = "https://carenet.example.jp"
    person.email, person.language = "hanako@plaza.example.jp", "en"
    person.save()
    agency.digest, agency.digest_at = True, time(10)
    agency.save()
    with a_post_office() as office:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office


def day_at(now: datetime) -> None:
    """Do what the sweeps of that moment do."""
    sweep_at(now)
    write_digests(now=now)
    sweep_at(now)


def digests() -> list[Delivery]:
    return list(Delivery.objects.filter(reminder__kind=DIGEST).order_by("id"))


def test_single_mails_are_left_out_and_the_digest_lists_the_codes(
    office: PostOffice, asked: Asked
) -> None:
    asked(due_at=later(minutes=-10))
    sweep_at(later(minutes=-5))
    assert not office.contents
    day_at(NOW)
    (letter,) = office.letters
    assert letter["Subject"] == "What waits for you on 2026-11-25."
    assert letter.get_content().count("- E-26-000001") == 1
    assert "is waiting" not in letter.get_content()


def test_before_its_time_there_is_none(office: PostOffice, asked: Asked) -> None:
    asked(due_at=later(hours=-1))
    day_at(later(minutes=-1))
    assert not office.contents


def test_there_is_one_a_day_however_often_it_is_tried(office: PostOffice, asked: Asked) -> None:
    asked()
    for minutes in (0, 1, 60):
        day_at(later(minutes=minutes))
    assert len(office.contents) == 1
    day_at(later(days=1))
    assert len(office.contents) == 2
    assert Reminder.objects.filter(kind=DIGEST, settled_at=None).count() == 1


@pytest.mark.usefixtures("office")
def test_one_for_each_agency_in_which_something_waits(
    asked: Asked, errand: Errand, person: User, agency: Agency
) -> None:
    other = an_agency()
    other.digest, other.digest_at = True, time(10)
    other.save()
    add_member(actor=None, agency=other, user=person, roles=[Role.STAFF])
    errand.told[0] = [Recipient(person, agency), Recipient(person, other)]
    asked()
    day_at(NOW)
    assert {message.agency for message in digests()} == {agency, other}


@pytest.mark.usefixtures("office")
def test_nothing_is_sent_when_nothing_waits(asked: Asked, errand: Errand) -> None:
    reminder = asked(due_at=later(minutes=-1))
    sweep_at(later(minutes=-1))
    cancel_reminder(kind=errand.name, subject_id=reminder.subject_id, because="accepted")
    day_at(NOW)
    assert not digests()


@pytest.mark.usefixtures("office")
def test_what_is_over_when_it_would_go_out_is_not_sent(asked: Asked, errand: Errand) -> None:
    asked()
    sweep_at(NOW)
    write_digests(now=NOW)
    errand.holds = False
    deliver_next(now=NOW)
    assert [message.reason for message in digests()] == [EngineReason.NO_LONGER_HOLDS]


def test_what_the_reader_may_no_longer_see_is_not_listed(
    office: PostOffice, asked: Asked, errand: Errand, person: User
) -> None:
    asked()
    sweep_at(NOW)
    errand.out_of_sight_of = {person.pk}
    day_at(NOW)
    assert not office.contents


def test_on_a_closed_day_there_is_none(office: PostOffice, asked: Asked, agency: Agency) -> None:
    agency.closed_weekdays = [2]
    agency.save()
    asked()
    day_at(NOW)
    assert not office.contents
    day_at(later(days=1))
    assert len(office.contents) == 1


def test_a_person_may_choose_against_the_agency(
    office: PostOffice, asked: Asked, person: User
) -> None:
    person.digest = False
    person.save()
    asked()
    day_at(NOW)
    assert [letter["Subject"] for letter in office.letters] == ["E-26-000001 is waiting"]


def test_what_cannot_wait_does_not_wait_for_it(
    office: PostOffice, asked: Asked, errand: Errand, person: User, agency: Agency
) -> None:
    errand.told[0] = [Recipient(person, agency, always=True)]
    asked(due_at=later(hours=-2))
    sweep_at(later(hours=-2))
    assert len(office.contents) == 1


def test_a_sender_that_died_leaves_it_unknown_and_in_the_inbox(
    office: PostOffice, asked: Asked, person: User
) -> None:
    asked()
    sweep_at(NOW)
    write_digests(now=NOW)
    (message,) = digests()
    Delivery.objects.filter(pk=message.pk).update(
        state=DeliveryState.ATTEMPTING, attempts=1, lease_until=NOW
    )
    with time_machine.travel(NOW, tick=False):
        take_over(now=NOW)
    day_at(later(seconds=1))
    assert [each.state for each in digests()] == [DeliveryState.UNKNOWN, DeliveryState.SENT]
    assert not office.contents
    told = InboxEntry.objects.get(user=person, reminder__kind=DIGEST)
    mark_read(actor=acting(person, told.agency), entry=told)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("office")
def test_two_sweeps_at_once_write_it_once(asked: Asked, agency: Agency) -> None:
    asked()
    sweep_at(NOW)
    with held_elsewhere(agency):
        write_digests(now=NOW)
        assert not DigestRound.objects.exists(), "somebody else is busy with it"
    write_digests(now=NOW + timedelta(seconds=3))
    assert len(digests()) == 1
