"""If nobody looks in on that day, who is told, when and how: asked before it happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from carenet.agencies.actions import record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import CalendarException, Membership
from carenet.agencies.roles import Role
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.reminders.models import InboxEntry
from carenet.watchover.actions.alerts import raise_alert
from carenet.watchover.actions.escalation_policies import set_policy
from carenet.watchover.actions.pauses import pause
from carenet.watchover.escalation import Policy, Tier
from carenet.watchover.models import WatchAssignment, WatchEvent
from carenet.watchover.states import AlertKind
from tests.factories import a_member, api
from tests.watchover.watches import START, Neighbourhood, a_watch, at, daily, next_due, sweep

LADDER: dict[str, Any] = {
    "steps": [
        {"after_minutes": 5, "tier": "watcher"},
        {"after_minutes": 20, "tier": "plaza", "hours": "office"},
    ],
    "repeat_minutes": 45,
}


def rehearse(actor: Actor, watch: WatchAssignment, now: datetime = START, **body: Any) -> Any:
    with time_machine.travel(now, tick=False):
        return api(actor).post(f"/api/v1/watch-assignments/{watch.pk}/rehearsal/", body)


def plan(actor: Actor, watch: WatchAssignment, now: datetime = START, **body: Any) -> Any:
    answer = rehearse(actor, watch, now, **body)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def told_in(steps: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(step["at"], each["person"]["id"]) for step in steps for each in step["told"]]


def test_a_friday_in_january(who: Neighbourhood, watch: WatchAssignment) -> None:
    """The 1st of January 2027 is a Friday; the plaza is closed until the 3rd, a Sunday."""
    found = plan(who.desk, watch, missed_on="2027-01-01")
    assert found["began_at"] == at(1, "13:00", month=1, year=2027).isoformat()
    assert [(step["at"][:16], step["tier"]) for step in found["steps"]] == [
        ("2027-01-01T13:00", "watcher"), ("2027-01-01T14:00", "backup"),
        ("2027-01-04T09:00", "plaza"), ("2027-01-04T11:00", "ward"), ("2027-01-04T12:00", "ward"),
    ]  # fmt: skip
    assert [each["person"]["id"] for each in found["steps"][0]["told"]] == [
        str(who.watcher.user_id)
    ]
    assert found["steps"][0]["told"][0]["ways"] == [
        {"channel": "inbox", "at": found["steps"][0]["at"]}
    ]


def test_nothing_is_written(who: Neighbourhood, watch: WatchAssignment) -> None:
    events = WatchEvent.objects.count()
    plan(who.desk, watch, missed_on="2026-11-27")
    assert (watch.alerts.count(), WatchEvent.objects.count()) == (0, events)


def test_a_policy_is_rehearsed_before_it_is_saved(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    found = plan(who.desk, watch, missed_on="2026-11-27", ladder=LADDER)
    assert [step["at"][11:16] for step in found["steps"]] == ["13:05", "13:20", "14:05"]
    bad = LADDER | {"steps": [{"after_minutes": 0, "tier": "watcher"}]}
    assert rehearse(who.desk, watch, missed_on="2026-11-27", ladder=bad).status_code == 400


def test_a_day_on_which_nobody_is_to_look_in_is_refused(who: Neighbourhood) -> None:
    watch = a_watch(who, daily(rule="FREQ=WEEKLY;BYDAY=TU"))
    assert rehearse(who.desk, watch, missed_on="2026-11-27").status_code == 400
    assert plan(who.desk, watch, missed_on="2026-12-08")["steps"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"missed_on": "2026-11-27", "began_at": "2026-11-27T09:00:00+09:00"},
        {"missed_on": "2026-11-27", "kind": "concern"},
    ],
)
def test_what_cannot_be_meant_is_refused(
    who: Neighbourhood, watch: WatchAssignment, body: dict[str, Any]
) -> None:
    assert rehearse(who.desk, watch, **body).status_code == 400


def test_a_pause_excuses_the_day(who: Neighbourhood, watch: WatchAssignment) -> None:
    with time_machine.travel(START, tick=False):
        pause(
            actor=who.desk, assignment_id=watch.pk, reason="hospital",
            since=at(26), until=at(28),
        )  # fmt: skip
    found = plan(who.desk, watch, missed_on="2026-11-27")
    assert (found["began_at"], found["steps"]) == (None, [])
    assert "pause" in found["words"]


def test_a_pause_silences_a_step_and_a_concern_is_chased_anew_after_it(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    with time_machine.travel(START, tick=False):
        pause(
            actor=who.desk, assignment_id=watch.pk, reason="hospital",
            since=at(24, "13:30"), until=at(24, "18:00"),
        )  # fmt: skip
    found = plan(who.desk, watch, began_at=at(24, "13:00").isoformat(), kind="concern")
    assert [(step["at"][11:16], step["tier"], len(step["told"])) for step in found["steps"]][:3] == [
        ("13:00", "plaza", 1), ("13:30", "ward", 0), ("18:00", "plaza", 1),
    ]  # fmt: skip


def test_mail_waits_for_the_end_of_quiet_hours(
    who: Neighbourhood, watch: WatchAssignment, settings: Any
) -> None:
    settings.REMINDER_CONSOLE = "console"
    who.desk.agency.quiet_from, who.desk.agency.quiet_until = time(18), time(8)
    who.desk.agency.save()
    ladder = {"steps": [{"after_minutes": 0, "tier": "plaza", "hours": "office"}]}
    found = plan(who.desk, watch, began_at=at(27, "19:00").isoformat(), ladder=ladder)
    ways = {way["channel"]: way["at"][:16] for way in found["steps"][0]["told"][0]["ways"]}
    assert ways == {"inbox": "2026-11-27T19:00", "console": "2026-11-28T08:00"}


def test_only_who_keeps_the_watch_may_ask(who: Neighbourhood, watch: WatchAssignment) -> None:
    assert rehearse(who.watcher, watch, missed_on="2026-11-27").status_code == 403
    assert rehearse(who.ward, watch, missed_on="2026-11-27").status_code == 200


# What is rehearsed is what happens.


def nothing_special(_who: Neighbourhood, _watch: WatchAssignment) -> None:
    """As things stand."""


def the_watcher_is_away(who: Neighbourhood, _watch: WatchAssignment) -> None:
    goes_away(who.watcher, who.watcher.agency)


def nobody_who_looks_in_is_there(who: Neighbourhood, _watch: WatchAssignment) -> None:
    goes_away(who.watcher, who.watcher.agency)
    goes_away(who.backup, who.backup.agency)


def the_ward_is_away_for_a_day(who: Neighbourhood, _watch: WatchAssignment) -> None:
    goes_away(who.ward, who.ward.agency, until=at(25, "12:00"))
    goes_away(who.desk, who.desk.agency, until=at(25, "12:00"))


def the_plaza_is_closed(who: Neighbourhood, _watch: WatchAssignment) -> None:
    CalendarException.objects.create(agency=who.desk.agency, on=date(2026, 11, 24))


def a_pause_begins(who: Neighbourhood, watch: WatchAssignment) -> None:
    pause(
        actor=who.desk, assignment_id=watch.pk, reason="travel",
        since=at(24, "14:30"), until=at(24, "20:00"),
    )  # fmt: skip


def a_pause_between_two_steps(who: Neighbourhood, watch: WatchAssignment) -> None:
    pause(
        actor=who.desk, assignment_id=watch.pk, reason="travel",
        since=at(24, "13:10"), until=at(24, "13:40"),
    )  # fmt: skip


def a_ladder_of_its_own(who: Neighbourhood, _watch: WatchAssignment) -> None:
    steps = (
        PolicyStep(Tier.PLAZA, timedelta(0), Hours.ALWAYS),
        PolicyStep(Tier.BACKUP, timedelta(minutes=25), Hours.ALWAYS),
        PolicyStep(Tier.WARD, timedelta(minutes=30), Hours.OFFICE),
    )
    manager = a_member(who.desk.agency, Role.MANAGER)
    for kind in AlertKind:
        set_policy(
            actor=manager, agency=manager.agency, kind=kind,
            escalation=Policy(steps, repeat_every=timedelta(minutes=35)),
        )  # fmt: skip


def the_term_ends(_who: Neighbourhood, watch: WatchAssignment) -> None:
    WatchAssignment.objects.filter(pk=watch.pk).update(
        term_until=date(2026, 11, 24), lay_out_at=at(25, "00:00")
    )


def goes_away(actor: Actor, agency: Any, until: datetime | None = None) -> None:
    manager = a_member(agency, Role.MANAGER)
    member = Membership.objects.get(user=actor.user, agency=agency)
    record_absence(actor=manager, membership=member, since=START, until=until)
    if until is not None:  # and so is the manager, so that nobody is left
        record_absence(
            actor=manager, membership=Membership.objects.get(user=manager.user),
            since=START, until=until,
        )  # fmt: skip


@pytest.mark.parametrize("kind", ["watcher_silent", "resident_silent", "concern"])
@pytest.mark.parametrize(
    "given",
    [
        nothing_special, the_watcher_is_away, nobody_who_looks_in_is_there,
        the_ward_is_away_for_a_day, the_plaza_is_closed, a_pause_begins,
        a_pause_between_two_steps, a_ladder_of_its_own, the_term_ends,
    ],
)  # fmt: skip
def test_what_is_rehearsed_is_what_happens(
    who: Neighbourhood,
    watch: WatchAssignment,
    given: Callable[[Neighbourhood, WatchAssignment], None],
    kind: str,
) -> None:
    with time_machine.travel(START, tick=False):
        given(who, watch)
    began = at(24, "13:00")
    found = plan(who.desk, watch, began_at=began.isoformat(), kind=kind)["steps"]
    watch.expectations.update(state="void", settled_at=START)
    with time_machine.travel(began, tick=False):
        raise_alert(watch, kind, 1, began, None)  # type: ignore[arg-type]
    last = max(step["at"] for step in found)
    moment: datetime | None = began
    while moment is not None and moment.isoformat() <= last:
        sweep(moment)
        moment = next_due(after=moment)
    alert = watch.alerts.get()
    happened = InboxEntry.objects.filter(reminder__subject_id=alert.pk, user__isnull=False)
    assert [
        (each.arrived_at.astimezone(began.tzinfo).isoformat(), str(each.user_id))
        for each in happened.order_by("arrived_at", "id")
    ] == told_in(found)
