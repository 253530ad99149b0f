"""Nobody's silence rests on somebody who is not there any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from carenet.accounts.actions.accounts import disable_account
from carenet.accounts.actions.clients import end_client
from carenet.agencies.actions import change_roles, end_membership, record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import ApiClient, Membership
from carenet.agencies.roles import Role, Scope
from carenet.watchover.actions.assignments import reassign
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.models import Alert, WatchAssignment, WatchEvent
from carenet.watchover.states import AlertState
from tests.factories import a_member, a_system, api
from tests.watchover.watches import Neighbourhood, at, notified, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(who: Neighbourhood) -> Actor:
    with time_machine.travel(at(1), tick=False):
        a_member(who.desk.agency, Role.MANAGER)
        return a_member(who.desk.agency, Role.STAFF)


@pytest.fixture
def alert(who: Neighbourhood, watch: WatchAssignment, colleague: Actor) -> Alert:  # noqa: ARG001 - told, too
    """Nobody has answered: the plaza has been told at 10."""
    with time_machine.travel(at(24, "10:00"), tick=False):
        check_in(
            actor=who.watcher, assignment_id=watch.pk, outcome="no_answer",
            observed_at=at(24, "10:00"),
        )  # fmt: skip
    sweep(at(24, "10:00"))
    return watch.alerts.get()


def taken_on(by: Any, alert: Alert, when: str = "10:10", hours: int = 23) -> None:
    until = at(24, when) + timedelta(hours=hours)
    with time_machine.travel(at(24, when), tick=False):
        answer = by.post(f"/api/v1/alerts/{alert.pk}/acknowledge/", {"until": until.isoformat()})
    assert answer.status_code == 200, answer.content


def member(actor: Actor) -> Membership:
    return Membership.objects.get(user=actor.user_id, agency=actor.agency)


def state(alert: Alert, moment: Any) -> AlertState:
    return Alert.objects.get(pk=alert.pk).state_at(moment)


def leaves(actor: Actor) -> None:
    end_membership(actor=None, membership=member(actor))


def is_shut_out(actor: Actor) -> None:
    assert actor.user
    disable_account(user=actor.user)


def goes_away(actor: Actor) -> None:
    record_absence(actor=actor, membership=member(actor), until=at(30))


@pytest.mark.parametrize("parts", [leaves, is_shut_out, goes_away])
def test_who_has_taken_it_on_is_gone_and_the_others_hear_of_it_at_once(
    who: Neighbourhood, alert: Alert, colleague: Actor, parts: Callable[[Actor], None]
) -> None:
    taken_on(api(who.desk), alert)
    sweep(at(24, "11:30"))
    assert notified(alert).count(colleague.user_id) == 1
    with time_machine.travel(at(24, "11:31"), tick=False):
        parts(who.desk)
    assert state(alert, at(24, "11:31")) == AlertState.OPEN
    sweep(at(24, "11:31"))
    assert who.ward.user_id in notified(alert)
    sweep(at(24, "12:31"))
    assert notified(alert).count(who.ward.user_id) == 2


def test_the_list_names_nobody_who_does_not_work_there(
    who: Neighbourhood, alert: Alert, colleague: Actor
) -> None:
    taken_on(api(who.desk), alert)
    with time_machine.travel(at(24, "11:31"), tick=False):
        leaves(who.desk)
        shown = api(colleague).get("/api/v1/alerts/").json()["results"][0]
    assert (shown["state"], shown["acknowledged_by"]) == ("open", None)
    assert WatchEvent.objects.filter(alert=alert, verb="put_down").count() == 1


def test_who_is_away_from_a_later_moment_holds_it_until_then(
    who: Neighbourhood, alert: Alert
) -> None:
    taken_on(api(who.desk), alert)
    with time_machine.travel(at(24, "10:30"), tick=False):
        record_absence(actor=who.desk, membership=member(who.desk), since=at(24, "18:00"))
    sweep(at(24, "17:59"))
    assert state(alert, at(24, "17:59")) == AlertState.ACKNOWLEDGED
    sweep(at(24, "18:00"))
    assert state(alert, at(24, "18:00")) == AlertState.OPEN
    assert who.ward.user_id in notified(alert)


def test_a_coordinator_of_the_ward_who_is_only_staff_there_now_holds_nothing(
    who: Neighbourhood, alert: Alert
) -> None:
    taken_on(api(who.ward), alert)
    with time_machine.travel(at(24, "11:31"), tick=False):
        change_roles(actor=None, membership=member(who.ward), roles=[Role.STAFF])
    assert state(alert, at(24, "11:31")) == AlertState.OPEN


def test_another_role_less_takes_nothing_out_of_hands(
    who: Neighbourhood, alert: Alert, colleague: Actor
) -> None:
    with time_machine.travel(at(24, "10:05"), tick=False):
        change_roles(actor=None, membership=member(colleague), roles=[Role.STAFF, Role.COORDINATOR])
    taken_on(api(colleague), alert)
    with time_machine.travel(at(24, "11:31"), tick=False):
        change_roles(actor=None, membership=member(colleague), roles=[Role.STAFF])
        leaves(who.backup)
    sweep(at(24, "11:32"))
    assert state(alert, at(24, "11:32")) == AlertState.ACKNOWLEDGED


def test_a_watcher_who_does_not_look_in_any_more_holds_their_silence_no_longer(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:01"))
    silence = watch.alerts.get()
    taken_on(api(who.watcher), silence, "13:05", 20)
    with time_machine.travel(at(24, "14:05"), tick=False):
        reassign(actor=who.desk, assignment_id=watch.pk, watcher=who.desk.user, backup=None)
    assert state(silence, at(24, "14:05")) == AlertState.OPEN


def test_a_system_that_is_shut_out_holds_nothing(who: Neighbourhood, alert: Alert) -> None:
    with time_machine.travel(at(24, "10:05"), tick=False):
        system = a_system(who.desk.agency, Scope.WATCHOVER_READ, Scope.WATCHOVER_WRITE)
    taken_on(system, alert)
    sweep(at(24, "11:30"))
    assert state(alert, at(24, "11:30")) == AlertState.ACKNOWLEDGED
    with time_machine.travel(at(24, "11:31"), tick=False):
        end_client(client=ApiClient.objects.get())
    sweep(at(24, "11:31"))
    assert state(alert, at(24, "11:31")) == AlertState.OPEN


def test_an_agency_that_is_closed_holds_nothing(who: Neighbourhood, alert: Alert) -> None:
    taken_on(api(who.ward), alert)
    type(who.ward.agency).objects.filter(pk=who.ward.agency_id).update(active=False)
    sweep(at(24, "11:31"))
    assert state(alert, at(24, "11:31")) == AlertState.OPEN
