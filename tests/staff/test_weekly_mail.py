"""The weekly mail: numbers alone, as its reader may see them now, to whoever wants it."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPDataError

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.core.clock import ZONE
from carenet.staff.actions.weekly_mail import next_monday, send_due
from carenet.staff.models import WeeklyMail
from carenet.staff.pages.review.weekly_mail import text
from carenet.watchover.models import WatchAssignment
from tests.factories import a_member
from tests.staff.review_requests import post, read
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_watch

pytestmark = pytest.mark.django_db
PAGE = "/review/weekly-mail/"


@pytest.fixture
def who(settings: Settings) -> Neighbourhood:
    settings.REMINDER_CONSOLE = ""
    settings.EMAIL_HOST, settings.EMAIL_FROM = "mail.example.jp", "carenet@example.jp"
    found = a_neighbourhood()
    a_watch(found, backup=None, backup_agency=None)
    return found


def wanting(actor: Actor) -> WeeklyMail:
    """Let somebody want the mail, and let it be due."""
    assert actor.user
    actor.user.email = "ward@example.jp"
    actor.user.save(update_fields=["email"])
    assert post(actor, PAGE, wanted="yes").status_code == 303
    row = WeeklyMail.objects.get(user=actor.user)
    WeeklyMail.objects.update(send_at=timezone.now() - timedelta(minutes=1))
    return row


def test_whoever_wants_it_gets_numbers_and_nobody_is_named(who: Neighbourhood) -> None:
    row = wanting(who.ward)
    assert send_due(text) == 1
    (letter,) = mail.outbox
    assert letter.to == ["ward@example.jp"]
    assert "代行者のいない見守り: 1" in letter.body
    watch = WatchAssignment.objects.select_related("resident", "watcher").get()
    assert watch.watcher
    for told in (
        who.desk.agency.name, watch.resident.name, watch.resident.family_name, watch.watcher.name,
        watch.code,
    ):  # fmt: skip
        assert told not in letter.body
    row.refresh_from_db()
    assert row.send_at > timezone.now()
    assert send_due(text) == 0


def test_a_mail_that_is_refused_holds_up_no_other(
    who: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = wanting(who.ward)
    other = wanting(a_member(who.ward.agency, Role.COORDINATOR))
    WeeklyMail.objects.filter(pk=refused.pk).update(send_at=timezone.now() - timedelta(hours=1))
    answers = iter([SMTPDataError(554, b"not this one"), None])

    def answer(*_args: object) -> int:
        if error := next(answers):
            raise error
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", answer)
    send_due(text)
    for row in (refused, other):
        row.refresh_from_db()
        assert row.send_at > timezone.now()


def test_what_one_may_not_see_any_more_is_not_counted_nor_sent(who: Neighbourhood) -> None:
    wanting(who.ward)
    Membership.objects.filter(user=who.ward.user).update(roles=[Role.STAFF])
    assert send_due(text) == 0
    assert not mail.outbox
    assert not WeeklyMail.objects.exists()


def test_of_another_agency_nothing_is_counted(who: Neighbourhood) -> None:
    wanting(a_member(who.watcher.agency, Role.MANAGER))
    send_due(text)
    assert "代行者のいない見守り: 0" in mail.outbox[0].body


def test_it_is_ended_where_it_was_begun(who: Neighbourhood) -> None:
    wanting(who.ward)
    assert "No mail any more" in read(who.ward, PAGE)
    post(who.ward, PAGE, wanted="no")
    assert not WeeklyMail.objects.exists()
    assert send_due(text) == 0


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (datetime(2026, 11, 30, 7, 59, tzinfo=ZONE), datetime(2026, 11, 30, 8, tzinfo=ZONE)),
        (datetime(2026, 11, 30, 8, tzinfo=ZONE), datetime(2026, 12, 7, 8, tzinfo=ZONE)),
        (datetime(2026, 12, 6, 23, tzinfo=ZONE), datetime(2026, 12, 7, 8, tzinfo=ZONE)),
    ],
)
def test_it_goes_out_on_monday_morning_in_japan(now: datetime, then: datetime) -> None:
    with time_machine.travel(now, tick=False):
        assert next_monday(timezone.now()) == then
