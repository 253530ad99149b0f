"""The term ends: watches go to those who come after, and nobody is without a watcher in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from carenet.residents.actions import end_record, record_consent
from carenet.watchover.actions import handover_execution, handover_plan
from carenet.watchover.actions.alerts import acknowledge
from carenet.watchover.actions.assignments import reassign
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.models import HandoverLine, WatchAssignment, WatchHandover
from carenet.watchover.policy import visible_to
from carenet.watchover.selectors.handover import last_day_of_term, lines_of
from tests.factories import a_member, a_resident, an_agency, api
from tests.watchover.watches import (
    START,
    Neighbourhood,
    a_watch,
    at,
    daily,
    notified,
    states,
    sweep,
    windows,
)

PLANS, BRIEFING = "/api/v1/watch-handovers/", "/api/v1/watch-briefing/"
#: The last day of everybody's term here, and the one on which others begin.
LAST, FIRST = date(2026, 11, 30), date(2026, 12, 1)
MIDNIGHT = at(1, "00:00", month=12)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def successor(who: Neighbourhood) -> Actor:
    return a_member(who.watcher.agency, Role.WATCHER)


@pytest.fixture
def watch(who: Neighbourhood) -> WatchAssignment:
    """By law, until the last day of the term."""
    return by_law(who)


def by_law(who: Neighbourhood, **fields: Any) -> WatchAssignment:
    """One that rests on consent is of old: no consent was asked for when it began."""
    basis = fields.pop("sharing_basis", "WITHIN_PURPOSE")
    given: dict[str, Any] = {"sharing_basis": "WITHIN_PURPOSE", "term_until": LAST}
    watch = a_watch(who, **(given | fields))
    WatchAssignment.objects.filter(pk=watch.pk).update(sharing_basis=basis)
    return WatchAssignment.objects.get(pk=watch.pk)


def pair(outgoing: Actor, successor: Actor | None) -> dict[str, Any]:
    given: dict[str, Any] = {"outgoing": outgoing.user, "outgoing_agency": outgoing.agency}
    if successor:
        given |= {"successor": successor.user, "successor_agency": successor.agency}
    return given


def a_plan(who: Neighbourhood, successor: Actor | None, **fields: Any) -> WatchHandover:
    given: dict[str, Any] = {"effective_on": FIRST, "pairs": [pair(who.watcher, successor)]}
    return handover_plan.plan(actor=who.desk, **(given | fields))


def scheduled(who: Neighbourhood, successor: Actor | None, **fields: Any) -> WatchHandover:
    made = a_plan(who, successor, **fields)
    return handover_plan.schedule(actor=who.desk, handover_id=made.pk)


def carried_out(who: Neighbourhood, successor: Actor | None, **fields: Any) -> WatchHandover:
    made = a_plan(who, successor, **({"effective_on": None} | fields))
    return handover_execution.carry_out(actor=who.desk, handover_id=made.pk)


def obstacle(plan: WatchHandover) -> str:
    (line,) = lines_of(plan)
    return str(line.obstacle)


def remarks(plan: WatchHandover) -> list[str]:
    (line,) = lines_of(plan)
    return [str(each) for each in line.remarks]


def now(watch: WatchAssignment) -> WatchAssignment:
    return WatchAssignment.objects.get(pk=watch.pk)


def sees(actor: Actor, watch: WatchAssignment, moment: Any) -> bool:
    with time_machine.travel(moment, tick=False):
        return visible_to(actor).filter(pk=watch.pk).exists()


# --- terms


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2025, 11, 30), date(2025, 11, 30)),
        (date(2025, 12, 1), date(2028, 11, 30)),
        (date(2026, 11, 24), date(2028, 11, 30)),
        (date(2028, 12, 1), date(2031, 11, 30)),
        (date(2028, 12, 31), date(2031, 11, 30)),
    ],
)
def test_all_terms_end_together_every_three_years(day: date, last: date) -> None:
    assert last_day_of_term(day) == last


# --- the preview


def test_a_plan_shows_what_goes_to_whom_and_moves_nothing(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    (line,) = lines_of(a_plan(who, successor))
    assert (line.assignment, line.watcher, line.obstacle) == (watch, successor.user, "")
    assert now(watch).watcher == who.watcher.user


@pytest.mark.usefixtures("watch")
def test_without_a_successor_the_backup_looks_in_until_there_is_one(who: Neighbourhood) -> None:
    plan = a_plan(who, None)
    assert obstacle(plan) == "no_successor"
    assert remarks(plan) == ["backup_takes_over", "without_backup"]


def test_without_successor_and_backup_the_watch_is_left_over(who: Neighbourhood) -> None:
    by_law(who, backup=None, backup_agency=None)
    assert remarks(a_plan(who, None)) == ["without_watcher"]


@pytest.mark.usefixtures("watch")
def test_who_may_not_record_check_ins_there_takes_nothing_over(who: Neighbourhood) -> None:
    assert obstacle(a_plan(who, a_member(who.watcher.agency, Role.AUDITOR))) == "not_a_watcher"


@pytest.mark.usefixtures("watch")
def test_who_is_a_member_from_the_day_on_takes_over(who: Neighbourhood, successor: Actor) -> None:
    membership = successor.user.memberships.get() if successor.user else None
    assert membership
    membership.since = MIDNIGHT
    membership.save()
    assert obstacle(a_plan(who, successor)) == ""


def test_who_looks_in_on_the_person_already_does_not_take_over_a_second_watch(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    by_law(who, resident=watch.resident, watcher=successor.user, term_until=None)
    assert obstacle(a_plan(who, successor)) == "watches_already"


def test_two_who_look_in_on_one_person_may_change_places(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    nobody = {"backup": None, "backup_agency": None}
    other = by_law(who, resident=watch.resident, watcher=who.backup.user, **nobody)
    pairs = [pair(who.watcher, who.backup), pair(who.backup, who.watcher)]
    carried_out(who, None, pairs=pairs)
    assert now(watch).watcher == who.backup.user
    assert now(other).watcher == who.watcher.user


@pytest.mark.usefixtures("watch")
def test_a_backup_who_becomes_the_watcher_is_missed_as_backup(who: Neighbourhood) -> None:
    plan = a_plan(who, who.backup)
    assert obstacle(plan) == ""
    assert remarks(plan) == ["without_backup"]


def test_who_leaves_hands_over_what_they_stand_by_for_as_well(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    carried_out(who, None, pairs=[pair(who.backup, successor)])
    assert now(watch).backup == successor.user
    assert (now(watch).watcher, now(watch).term_until) == (who.watcher.user, LAST)


@pytest.mark.parametrize("field", ["term_until", "basis_until"])
def test_what_ends_before_the_day_is_not_handed_over(
    who: Neighbourhood, successor: Actor, field: str
) -> None:
    watch = by_law(who, **{"term_until": None, field: date(2026, 11, 29)})
    plan = scheduled(who, successor)
    assert obstacle(plan) == field.replace("until", "ends")
    sweep(MIDNIGHT)
    assert (now(watch).status, now(watch).watcher) == ("ended", who.watcher.user)


# --- consent


def says(who: Neighbourhood, watch: WatchAssignment, pole: str, **fields: Any) -> None:
    record_consent(
        actor=who.desk, resident_id=watch.resident_id, agencies=[who.watcher.agency],
        pole=pole, method="oral", categories=["identity"], **fields,
    )  # fmt: skip


def test_consent_to_the_one_who_leaves_is_asked_anew(who: Neighbourhood, successor: Actor) -> None:
    by_law(who, sharing_basis="CONSENT")
    assert obstacle(a_plan(who, successor)) == "consent_needed"


def test_consent_to_the_council_covers_who_comes_after(
    who: Neighbourhood, successor: Actor
) -> None:
    says(who, by_law(who, sharing_basis="CONSENT"), "given")
    assert obstacle(a_plan(who, successor)) == ""


@pytest.mark.parametrize("last", [LAST, date(2026, 12, 1)])
def test_consent_counts_that_holds_on_the_day(
    who: Neighbourhood, successor: Actor, last: date
) -> None:
    says(who, by_law(who, sharing_basis="CONSENT"), "given", expires_on=last)
    assert obstacle(a_plan(who, successor)) == ("" if last == FIRST else "consent_needed")


def test_a_refusal_of_the_council_stands_whatever_else_was_noted(
    who: Neighbourhood, successor: Actor
) -> None:
    watch = by_law(who, sharing_basis="CONSENT")
    says(who, watch, "refused")
    assert obstacle(a_plan(who, successor, consented=[watch.pk])) == "refused"


def test_who_was_asked_anew_and_agreed_goes_to_the_successor(
    who: Neighbourhood, successor: Actor
) -> None:
    watch = by_law(who, sharing_basis="CONSENT")
    plan = a_plan(who, successor)
    plan = handover_plan.change(actor=who.desk, handover_id=plan.pk, consented=[watch.pk])
    assert obstacle(plan) == ""
    assert watch.events.filter(verb="consent_anew").count() == 1
    assert watch.resident.consents.get().agencies == [successor.agency_id]


def test_who_was_appointed_again_goes_on_without_being_agreed_to_anew(who: Neighbourhood) -> None:
    watch = by_law(who, sharing_basis="CONSENT")
    plan = scheduled(who, who.watcher)
    assert remarks(plan) == ["reappointed"]
    sweep(MIDNIGHT)
    assert (now(watch).watcher, now(watch).term_until) == (who.watcher.user, date(2028, 11, 30))


def test_until_consent_is_there_the_backup_looks_in(who: Neighbourhood, successor: Actor) -> None:
    watch = by_law(who, sharing_basis="CONSENT")
    scheduled(who, successor)
    sweep(MIDNIGHT)
    assert (now(watch).watcher, now(watch).status) == (who.backup.user, "active")


# --- the day itself


def test_the_outgoing_looks_in_until_midnight_and_the_successor_from_midnight(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    scheduled(who, successor)
    eve = at(30, "23:59")
    assert (sees(who.watcher, watch, eve), sees(successor, watch, eve)) == (True, False)
    sweep(MIDNIGHT)
    assert (sees(who.watcher, watch, MIDNIGHT), sees(successor, watch, MIDNIGHT)) == (False, True)
    assert (now(watch).status, now(watch).term_from) == ("active", FIRST)
    assert now(watch).term_until == date(2028, 11, 30)


def test_the_day_before_its_day_nothing_moves(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    scheduled(who, successor)
    sweep(at(30, "23:59"))
    assert now(watch).watcher == who.watcher.user


def test_what_is_expected_goes_on_with_the_first_window_of_the_new_term(
    who: Neighbourhood, successor: Actor
) -> None:
    midnights = daily(begins_at=at(24, "00:00"))
    watch = by_law(who, rhythm=midnights)
    scheduled(who, successor)
    sweep(at(1, "00:00", month=12))
    assert windows(watch, "expected")[:2] == ["12-01 00:00", "12-02 00:00"]


def test_workers_that_come_late_hand_over_as_of_midnight(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    scheduled(who, successor)
    sweep(at(1, "09:30", month=12))
    assert windows(watch, "expected")[0] == "12-01 09:00"
    assert (now(watch).status, now(watch).term_from) == ("active", FIRST)


def test_a_window_that_midnight_divides_is_the_successors(
    who: Neighbourhood, successor: Actor
) -> None:
    watch = by_law(who, rhythm=daily(begins_at=at(24, "22:00")))
    scheduled(who, successor)
    for day in range(24, 30):
        with time_machine.travel(at(day, "22:30"), tick=False):
            check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met")
    sweep(MIDNIGHT)
    with time_machine.travel(at(1, "00:30", month=12), tick=False):
        check_in(actor=successor, assignment_id=watch.pk, outcome="met")
    assert states(watch) == ["met"] * 7


def test_what_waits_for_a_handover_is_not_ended_by_another_sweep(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor, monkeypatch: Any
) -> None:
    scheduled(who, successor)
    with monkeypatch.context() as patch:
        patch.setattr("carenet.watchover.actions.worker.carry_out_due", lambda now: False)  # noqa: ARG005
        sweep(MIDNIGHT)
    assert now(watch).status == "active"
    sweep(MIDNIGHT)
    assert now(watch).watcher == successor.user


def test_a_failing_handover_ends_no_watch_and_blocks_no_other(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor, monkeypatch: Any
) -> None:
    other = by_law(who, watcher=who.backup.user, backup=None, backup_agency=None)
    broken = scheduled(who, successor)
    scheduled(who, None, pairs=[pair(who.backup, successor)])
    hand_over = handover_execution._hand_over

    def breaks(handover: WatchHandover, *rest: Any) -> None:
        if handover.pk == broken.pk:
            raise RuntimeError
        hand_over(handover, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(handover_execution, "_hand_over", breaks)
        sweep(MIDNIGHT)
    assert now(other).watcher == successor.user
    assert (now(watch).status, now(watch).watcher) == ("active", who.watcher.user)
    sweep(MIDNIGHT)
    assert now(watch).watcher == successor.user


def test_a_plan_without_a_schedule_leaves_a_term_to_end(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    a_plan(who, successor)
    sweep(MIDNIGHT)
    assert now(watch).status == "ended"


def test_what_is_carried_out_by_hand_counts_at_once(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    carried_out(who, successor)
    assert (now(watch).watcher, now(watch).term_from) == (successor.user, START.date())
    assert windows(watch, "expected")[0] == "11-24 09:00"


def test_who_has_died_by_then_is_not_handed_over(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    plan = scheduled(who, successor)
    end_record(actor=who.desk, resident_id=watch.resident_id, reason="died", on=START.date())
    sweep(MIDNIGHT)
    assert not plan.lines.exists()
    assert now(watch).status == "ended"


def test_a_successor_who_left_meanwhile_is_found_out_on_the_day(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    plan = scheduled(who, successor)
    if successor.user:
        successor.user.memberships.update(until=at(25))
    sweep(MIDNIGHT)
    assert plan.lines.get().obstacle == "not_a_watcher"
    assert now(watch).watcher == who.backup.user


def test_of_who_is_left_over_the_responsible_agency_is_told(who: Neighbourhood) -> None:
    watch = by_law(who, backup=None, backup_agency=None)
    scheduled(who, None)
    sweep(at(1, "09:00", month=12))
    assert (now(watch).status, now(watch).watcher) == ("active", None)
    assert who.desk.user_id in notified(watch)


# --- alerts


def test_an_open_silence_is_told_to_who_comes_after(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    sweep(at(24, "13:00"))
    alert = watch.alerts.get()
    with time_machine.travel(at(24, "13:05"), tick=False):
        carried_out(who, successor)
    sweep(at(24, "13:05"))
    assert notified(alert) == [who.watcher.user_id, successor.user_id]


def test_what_the_outgoing_had_taken_on_is_open_again(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    sweep(at(24, "13:00"))
    alert = watch.alerts.get()
    with time_machine.travel(at(24, "13:05"), tick=False):
        acknowledge(actor=who.watcher, alert_id=alert.pk)
        carried_out(who, successor)
    sweep(at(24, "13:05"))
    assert notified(alert)[-1] == successor.user_id


def test_what_somebody_who_stays_has_taken_on_stays_theirs(
    who: Neighbourhood, watch: WatchAssignment, successor: Actor
) -> None:
    sweep(at(24, "13:00"))
    alert = watch.alerts.get()
    with time_machine.travel(at(24, "13:05"), tick=False):
        acknowledge(actor=who.desk, alert_id=alert.pk)
        carried_out(who, successor)
    sweep(at(24, "13:10"))
    assert successor.user_id not in notified(alert)


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


# --- the briefing


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


# --- over the wire


def test_a_pair_that_does_not_say_who_leaves_is_refused(
    who: Neighbourhood, successor: Actor
) -> None:
    plan = a_plan(who, successor)
    answer = api(who.desk).patch(
        f"{PLANS}{plan.pk}/", {"pairs": [{}]}, format="json", headers={"If-Match": '"1"'}
    )
    assert (answer.status_code, answer.data["code"]) == (400, "invalid")


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
