"""A plan that watches go on: two who plan at once, who may, and over the wire."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from carenet.watchover.actions import handover_execution, handover_plan
from carenet.watchover.actions.assignments import reassign
from carenet.watchover.models import HandoverLine, WatchAssignment
from carenet.watchover.selectors.handover import lines_of
from tests.factories import a_member, an_agency, api
from tests.watchover.handover.plans import (
    FIRST,
    MIDNIGHT,
    PLANS,
    a_plan,
    carried_out,
    now,
    pair,
    scheduled,
)
from tests.watchover.watches import START, Neighbourhood, at, sweep

# --- two coordinators, one plan


@pytest.mark.usefixtures("watch")
def test_the_second_who_carries_it_out_learns_who_was_first(
    who: Neighbourhood, successor: Actor
) -> None:
    plan = carried_out(who, successor)
    with pytest.raises(Conflict, match=who.desk.user.name if who.desk.user else "?") as found:
        handover_execution.carry_out(actor=who.ward, handover_id=plan.pk)
    assert found.value.reason_code == "handover_over"
    assert HandoverLine.objects.count() == 1


@pytest.mark.usefixtures("watch")
def test_a_plan_that_was_changed_meanwhile_is_not_carried_out(
    who: Neighbourhood, successor: Actor
) -> None:
    plan = a_plan(who, successor)
    handover_plan.change(actor=who.desk, handover_id=plan.pk, term_until=date(2027, 3, 31))
    with pytest.raises(PreconditionFailed):
        handover_execution.carry_out(actor=who.ward, handover_id=plan.pk, version=plan.version)


def test_nobody_is_in_two_open_plans(who: Neighbourhood, successor: Actor) -> None:
    plan = a_plan(who, successor)
    with pytest.raises(Conflict) as found:
        a_plan(who, successor)
    assert found.value.reason_code == "handover_exists"
    handover_plan.call_off(actor=who.desk, handover_id=plan.pk)
    assert a_plan(who, successor).status == "draft"


def test_a_plan_that_was_called_off_moves_nothing(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    plan = scheduled(who, successor)
    handover_plan.call_off(actor=who.desk, handover_id=plan.pk)
    sweep(MIDNIGHT)
    assert now(watch).watcher == who.watcher.user


def test_what_somebody_reassigned_meanwhile_stays_with_whom_they_named(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    scheduled(who, successor)
    other = a_member(who.watcher.agency, Role.WATCHER)
    reassign(
        actor=who.desk, assignment_id=watch.pk, watcher=other.user, watcher_agency=other.agency
    )
    sweep(at(30, "12:00"))
    sweep(MIDNIGHT)
    assert now(watch).watcher == other.user


def test_all_of_it_is_in_the_trail_and_in_the_story(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    plan = carried_out(who, successor)
    done = AuditEntry.objects.filter(object_ids__contains=[plan.pk])
    assert set(done.values_list("action", flat=True)) == {"handover.plan", "handover.carry_out"}
    assert watch.events.get(verb="hand_over").data["handover"] == str(plan.pk)


# --- who may


def test_a_coordinator_of_the_ward_hands_over_the_watches_of_all_its_agencies(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    made = handover_plan.plan(
        actor=who.ward, effective_on=FIRST, pairs=[pair(who.watcher, successor)]
    )
    assert [line.assignment for line in lines_of(made)] == [watch]


@pytest.mark.usefixtures("watch")
def test_another_agency_hands_over_nothing_of_it(who: Neighbourhood, successor: Actor) -> None:
    other = a_member(an_agency())
    made = handover_plan.plan(actor=other, effective_on=FIRST, pairs=[pair(who.watcher, successor)])
    assert lines_of(made) == []
    with pytest.raises(NotFound):
        handover_execution.carry_out(actor=other, handover_id=a_plan(who, successor).pk)


def test_a_watcher_plans_nothing(who: Neighbourhood, successor: Actor) -> None:
    with pytest.raises(Forbidden):
        handover_plan.plan(actor=who.watcher, pairs=[pair(who.watcher, successor)])


# --- over the wire


def test_a_pair_that_does_not_say_who_leaves_is_refused(
    who: Neighbourhood, successor: Actor
) -> None:
    plan = a_plan(who, successor)
    answer = api(who.desk).patch(
        f"{PLANS}{plan.pk}/", {"pairs": [{}]}, format="json", headers={"If-Match": '"1"'}
    )
    assert (answer.status_code, answer.data["code"]) == (400, "invalid")


def test_a_plan_is_made_previewed_and_carried_out_over_the_wire(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    desk = api(who.desk)
    body = {
        "pairs": [
            {
                "outgoing": who.watcher.user_id, "outgoing_agency": who.watcher.agency_id,
                "successor": successor.user_id, "successor_agency": successor.agency_id,
            }
        ],
        "effective_on": "2026-12-01",
    }  # fmt: skip
    made = desk.post(PLANS, body, format="json")
    assert made.status_code == 201, made.data
    assert [line["code"] for line in made.data["lines"]] == [watch.code]
    one = f"{PLANS}{made.data['id']}/"
    moved = desk.patch(
        one, {"term_until": "2027-11-30"}, format="json", headers={"If-Match": made["ETag"]}
    )
    assert moved.data["term_until"] == "2027-11-30"
    stale = desk.post(f"{one}carry-out/", headers={"If-Match": made["ETag"]})
    assert (stale.status_code, stale.data["code"]) == (412, "version_changed")
    assert desk.post(f"{one}carry-out/").data["status"] == "done"
    assert desk.post(f"{one}carry-out/").data["code"] == "handover_over"
    assert now(watch).watcher == successor.user


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"effective_on": START.date()}, "effective_on"),
        ({"effective_on": date(2031, 1, 1)}, "effective_on"),
        ({"term_until": date(2026, 11, 30)}, "term_until"),
    ],
)
def test_days_that_cannot_be_are_refused(
    who: Neighbourhood, successor: Actor, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as found:
        a_plan(who, successor, **changes)
    assert field in found.value.fields


def test_who_leaves_is_named_once(who: Neighbourhood, successor: Actor) -> None:
    with pytest.raises(Invalid):
        a_plan(who, None, pairs=[pair(who.watcher, successor), pair(who.watcher, None)])


def test_a_plan_without_a_day_cannot_be_scheduled(who: Neighbourhood, successor: Actor) -> None:
    with pytest.raises(Invalid):
        scheduled(who, successor, effective_on=None)


def test_only_watches_of_those_who_leave_are_agreed_to_anew(
    who: Neighbourhood, successor: Actor
) -> None:
    with pytest.raises(Invalid):
        a_plan(who, successor, consented=[who.desk.agency_id])
