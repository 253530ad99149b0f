"""What the menu counts is what Today shows: each thing once, in one statement."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carenet.access.models import AccessEntry
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.models import Consultation
from carenet.core import clock
from carenet.reminders.actions import snooze, work_once
from carenet.reminders.models import InboxEntry
from carenet.staff.templatetags.waiting import Counts, count_waiting
from tests.factories import a_case, a_member, a_sent_referral, an_agency
from tests.staff.browser import session_of
from tests.staff.consultations import a_call
from tests.tasks.calls import a_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def core() -> Agency:
    return an_agency(AgencyKind.CORE_CONSULTATION_CENTER)


@pytest.fixture
def desk(core: Agency) -> Actor:
    return a_member(core)


def busy(desk: Actor) -> None:
    """Let a late referral that was reminded of, a late task with its reminder, and a call wait."""
    referral = a_sent_referral(a_member(an_agency()), desk.agency)
    assert referral.due_at
    case = a_case(desk)
    a_task(desk, case, -1)
    while work_once(now=referral.due_at):
        pass
    a_call(desk)


def shown(desk: Actor) -> Counts:
    """Count the lines of Today."""
    client = Client()
    client.cookies["sessionid"] = session_of(desk)
    parts = client.get("/desk/").context["parts"]
    lines = [line for part in parts for line in part.lines]
    return Counts(len(lines), sum(line.overdue for line in lines))


def test_it_counts_the_lines_of_today(desk: Actor) -> None:
    assert count_waiting(desk) == Counts(0, 0)
    busy(desk)
    assert count_waiting(desk) == shown(desk)
    assert count_waiting(desk).waiting == 3


def test_a_referral_that_may_not_be_seen_is_not_counted(desk: Actor) -> None:
    elsewhere = a_sent_referral(a_member(an_agency()), an_agency())
    AccessEntry.objects.filter(object_id=elsewhere.pk).update(agency=desk.agency)
    assert count_waiting(desk) == shown(desk) == Counts(0, 0)


def test_an_urgent_call_of_yesterday_is_overdue(desk: Actor) -> None:
    a_call(desk)
    before = clock.now() - timedelta(days=1)
    Consultation.objects.update(urgency="today", received_at=before)
    assert count_waiting(desk) == shown(desk) == Counts(1, 1)


def test_what_was_put_off_does_not_count(desk: Actor) -> None:
    case = a_case(desk)
    a_task(desk, case, 1, person=desk.user)
    while work_once(now=clock.now() + timedelta(days=2)):
        pass
    assert count_waiting(desk) == shown(desk) == Counts(1, 0)
    entry = (
        InboxEntry.objects.filter(user=desk.user_id)
        .exclude(reminder__kind="task.given")
        .latest("id")
    )
    day = clock.today() + timedelta(days=4)
    snooze(actor=desk, entry=entry, until=day, reason="入院中")
    assert count_waiting(desk) == shown(desk) == Counts(0, 0)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.INTEGRATION}))
def test_it_is_one_statement_for_everybody(role: Role) -> None:
    actor = a_member(an_agency(), role)
    count_waiting(actor)
    with CaptureQueriesContext(connection) as asked:
        assert count_waiting(actor) == Counts(0, 0)
    assert len(asked) <= 1


def test_the_menu_says_it_in_words(desk: Actor) -> None:
    busy(desk)
    client = Client(headers={"accept-language": "ja"})
    client.cookies["sessionid"] = session_of(desk)
    page = client.get("/desk/people/").content.decode()
    assert "対応待ち 3 件、うち期限超過 1 件" in page
