"""The end of a case never ends a watch: it asks."""

from __future__ import annotations

import pytest
import time_machine

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.cases.actions.cases import move as move_case
from carenet.cases.actions.cases import restrict
from carenet.cases.states import CaseVerb
from carenet.reminders.models import InboxEntry
from carenet.watchover.actions.transitions import move
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import WatchStatus, WatchVerb
from tests.factories import a_case, a_member, an_agency
from tests.watchover.watches import START, Neighbourhood, at, minutes, sweep

ENDED = at(24, "08:30")


def a_case_ends(lead: Actor, watch: WatchAssignment, *, restricted: bool = False) -> None:
    with time_machine.travel(START, tick=False):
        case = a_case(lead, watch.resident)
        if restricted:
            restrict(actor=lead, case_id=case.pk)
    with time_machine.travel(ENDED, tick=False):
        move_case(actor=lead, case_id=case.pk, verb=CaseVerb.CLOSE, reason="goal_reached")
    sweep(ENDED + minutes(1))


def asked(watch: WatchAssignment) -> list[User | None]:
    entries = InboxEntry.objects.filter(
        reminder__kind="watch.case_ended", reminder__subject_id=watch.pk, user__isnull=False
    )
    return [each.user for each in entries]


@pytest.fixture
def other(who: Neighbourhood, watch: WatchAssignment) -> Actor:  # noqa: ARG001 - settled first
    """Somebody of another plaza, who leads a case of the person."""
    with time_machine.travel(START, tick=False):
        return a_member(an_agency())


def test_the_responsible_agency_is_asked_whether_the_watch_goes_on(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    a_case_ends(who.desk, watch)
    watch.refresh_from_db()
    assert watch.status == WatchStatus.ACTIVE
    assert asked(watch) == [who.desk.user]


def test_of_somebody_elses_restricted_case_nobody_learns(
    watch: WatchAssignment, other: Actor
) -> None:
    a_case_ends(other, watch, restricted=True)
    assert asked(watch) == []


def test_a_watch_that_has_ended_is_not_asked_about(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    with time_machine.travel(START, tick=False):
        move(actor=who.desk, assignment_id=watch.pk, verb=WatchVerb.END, reason="wish")
    a_case_ends(who.desk, watch)
    assert asked(watch) == []
