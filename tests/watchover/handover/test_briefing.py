"""What a successor may read before they look in."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.watchover.actions import handover_execution, handover_plan
from carenet.watchover.actions.assignments import reassign
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.models import WatchAssignment
from tests.factories import a_resident, api
from tests.watchover.handover.plans import BRIEFING, PLANS, a_plan, by_law, carried_out, scheduled
from tests.watchover.watches import Neighbourhood


def briefing(actor: Actor) -> list[dict[str, Any]]:
    answer = api(actor).get(BRIEFING)
    assert answer.status_code == 200, answer.data
    return list(answer.data["watches"])


@pytest.mark.usefixtures("watch")
def test_before_it_is_released_a_successor_reads_nothing(
    who: Neighbourhood, successor: Actor
) -> None:
    scheduled(who, successor)
    assert briefing(successor) == []


def test_a_briefing_tells_what_a_watcher_may_know_and_nothing_else(
    who: Neighbourhood, successor: Actor
) -> None:
    watch = by_law(who, safety_note="犬がいる")
    check_in(actor=who.watcher, assignment_id=watch.pk, outcome="concern", note="顔色が悪い")
    plan = a_plan(who, successor)
    handover_plan.release(actor=who.desk, handover_id=plan.pk)
    (told_of,) = briefing(successor)
    assert set(told_of) == {
        "assignment", "code", "begins_at", "handed_over", "resident", "method", "safety_note",
        "schedule", "backup", "check_ins", "alerts",
    }  # fmt: skip
    assert told_of["resident"]["name"] == watch.resident.name
    assert told_of["safety_note"] == "犬がいる"
    assert [each["outcome"] for each in told_of["check_ins"]] == ["concern"]
    assert [each["kind"] for each in told_of["alerts"]] == ["concern"]
    assert "顔色" not in str(told_of)
    assert api(successor).get(f"/api/v1/watch-assignments/{watch.pk}/").status_code == 404


def test_a_protected_address_is_not_in_a_briefing(who: Neighbourhood, successor: Actor) -> None:
    person = a_resident(who.desk, address="大豆戸町26-1", address_protected=True)
    by_law(who, resident=person)
    handover_plan.release(actor=who.desk, handover_id=a_plan(who, successor).pk)
    (told_of,) = briefing(successor)
    assert (told_of["resident"]["address"], told_of["resident"]["address_hidden"]) == (None, True)


def test_of_whom_consent_is_missing_there_is_no_briefing(
    who: Neighbourhood, successor: Actor
) -> None:
    by_law(who, sharing_basis="CONSENT")
    handover_plan.release(actor=who.desk, handover_id=a_plan(who, successor).pk)
    assert briefing(successor) == []


@pytest.mark.usefixtures("watch")
def test_the_briefing_of_another_successor_is_not_ones_own(
    who: Neighbourhood, successor: Actor
) -> None:
    handover_plan.release(actor=who.desk, handover_id=a_plan(who, successor).pk)
    assert briefing(who.backup) == []


@pytest.mark.usefixtures("watch")
def test_a_briefing_stays_readable_for_as_long_as_they_look_in(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    carried_out(who, successor)
    assert [each["handed_over"] for each in briefing(successor)] == [True]
    reassign(actor=who.desk, assignment_id=watch.pk, watcher=who.desk.user)
    assert briefing(successor) == []


@pytest.mark.usefixtures("watch")
def test_a_watch_that_nobody_has_agreed_to_yet_is_not_in_a_briefing(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    WatchAssignment.objects.filter(pk=watch.pk).update(status="proposed", lay_out_at=None)
    handover_plan.release(actor=who.desk, handover_id=a_plan(who, successor).pk)
    assert briefing(successor) == []


def queries(actor: Actor, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert api(actor).get(address).status_code == 200
    return len(found)


def test_many_watches_cost_as_many_queries_as_one(who: Neighbourhood, successor: Actor) -> None:
    by_law(who)
    plan = handover_plan.release(actor=who.desk, handover_id=a_plan(who, successor).pk)
    pages = [(who.desk, f"{PLANS}{plan.pk}/"), (successor, BRIEFING), (who.desk, PLANS)]
    one = [queries(*page) for page in pages]
    for _ in range(9):
        by_law(who)
    assert len(briefing(successor)) == 10
    assert [queries(*page) for page in pages] == one
    handover_execution.carry_out(actor=who.desk, handover_id=plan.pk)
    assert queries(*pages[0]) <= one[0]
    assert queries(*pages[1]) <= one[1]
