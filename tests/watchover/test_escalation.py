"""What would be told is what is told: whoever rehearses and whoever escalates ask the same functions."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

import pytest
import time_machine

from carenet.agencies.actions import record_absence
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.core.errors import Conflict
from carenet.reminders.actions import acknowledge as take_on
from carenet.reminders.models import InboxEntry
from carenet.watchover.actions.alerts import acknowledge
from carenet.watchover.models import EscalationPolicy, WatchAssignment
from carenet.watchover.selectors.escalation import PlannedStep, planned_steps
from tests.factories import a_member
from tests.watchover.watches import Neighbourhood, a_watch, at, notified, sweep

pytestmark = pytest.mark.django_db


def planned(watch: WatchAssignment, began_at: datetime, steps: int) -> list[PlannedStep]:
    related = ("responsible_agency", "watcher", "watcher_agency", "backup", "backup_agency")
    found = WatchAssignment.objects.select_related(*related).get(pk=watch.pk)
    return list(islice(planned_steps(found, "watcher_silent", began_at), steps))


def people(steps: list[PlannedStep]) -> list[object]:
    return [each.user.pk for step in steps for each in step.recipients]


def test_the_steps_of_the_default_policy(who: Neighbourhood, watch: WatchAssignment) -> None:
    steps = planned(watch, at(24, "13:00"), 6)
    assert [each.at for each in steps] == [
        at(24, clock) for clock in ("13:00", "14:00", "15:00", "17:00", "18:00", "19:00")
    ]
    ward = who.ward.user_id
    assert people(steps) == [
        who.watcher.user_id, who.backup.user_id, who.desk.user_id, ward, ward, ward,
    ]  # fmt: skip


def test_what_is_rehearsed_is_what_happens(watch: WatchAssignment) -> None:
    steps = planned(watch, at(24, "13:00"), 6)
    for step in steps:
        sweep(step.at)
    assert notified(watch.alerts.get()) == people(steps)


def test_the_plaza_is_told_when_it_opens_after_new_year(who: Neighbourhood) -> None:
    """The 1st to the 3rd of January are closed by custom."""
    watch = a_watch(who, now=at(30, "08:00", month=12))
    steps = planned(watch, at(1, "13:00", month=1, year=2027), 4)
    assert [each.at for each in steps] == [
        at(1, "13:00", month=1, year=2027), at(1, "14:00", month=1, year=2027),
        at(4, "09:00", month=1, year=2027), at(4, "11:00", month=1, year=2027),
    ]  # fmt: skip


def test_an_absence_counts_for_its_own_time(who: Neighbourhood, watch: WatchAssignment) -> None:
    manager = a_member(who.watcher.agency, Role.MANAGER)
    member = Membership.objects.get(user=who.watcher.user)
    with time_machine.travel(at(24, "08:00"), tick=False):
        record_absence(actor=manager, membership=member, since=at(26), until=at(27))
    on = [people(planned(watch, at(day, "13:00"), 1)) for day in (25, 26, 27)]
    watcher, backup = [who.watcher.user_id], [who.backup.user_id]
    assert on == [watcher, backup, watcher]


def test_an_agency_has_its_own_policy(who: Neighbourhood, watch: WatchAssignment) -> None:
    policy = EscalationPolicy.objects.create(
        agency=who.desk.agency, kind="watcher_silent", repeat_minutes=30, acknowledged_minutes=60
    )
    policy.steps.create(after_minutes=10, tier="watcher", hours="always")
    policy.steps.create(after_minutes=15, tier="plaza", hours="always", channel="email")
    steps = planned(watch, at(24, "13:00"), 3)
    assert [each.at for each in steps] == [
        at(24, "13:10"), at(24, "13:15"), at(24, "13:45"),
    ]  # fmt: skip
    assert people(steps) == [who.watcher.user_id, who.desk.user_id, who.desk.user_id]
    assert {each.channel for each in steps[1].recipients} == {"email"}


def test_without_a_ward_office_the_responsible_agency_is_told(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    who.ward.agency.active = False
    who.ward.agency.save()
    assert people(planned(watch, at(24, "13:00"), 4))[-1] == who.desk.user_id


def test_where_nobody_is_left_the_last_step_does_not_run_in_circles(who: Neighbourhood) -> None:
    """Everybody is away: the engine asks again the next day, not the next moment."""
    watch = a_watch(who)
    manager = a_member(who.desk.agency, Role.MANAGER)
    managers = {who.desk.agency_id: manager}
    for actor in (who.watcher, who.backup, who.desk, manager, who.ward):
        head = managers.get(actor.agency_id) or a_member(actor.agency, Role.MANAGER)
        managers[actor.agency_id] = head
        with time_machine.travel(at(24, "08:00"), tick=False):
            record_absence(actor=head, membership=Membership.objects.get(user=actor.user))
    sweep(at(24, "13:00"))
    alert = watch.alerts.get()
    assert notified(alert) == []
    sweep(at(24, "18:00"))
    with time_machine.travel(at(25, "12:00"), tick=False):
        Membership.objects.get(user=who.ward.user).absences.update(until=at(25, "12:00"))
    sweep(at(25, "18:00"))
    assert notified(alert) == [who.ward.user_id]


def test_a_reminder_of_an_alert_is_answered_at_the_alert(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    entry = InboxEntry.objects.get(
        user=who.watcher.user, reminder__subject_id=watch.alerts.get().pk
    )
    with pytest.raises(Conflict) as refused:
        take_on(actor=who.watcher, entry=entry)
    assert refused.value.reason_code == "answered_at_subject"


def test_an_acknowledgement_lasts_as_the_policy_says(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    sweep(at(24, "13:00"))
    before = notified(watch.alerts.get())
    assert watch.alerts.get().state_at(at(24, "13:30")) == "open"
    with time_machine.travel(at(24, "13:30"), tick=False):
        from_now = take_alert(who, watch)
    assert from_now == at(24, "15:30")
    for clock in ("14:00", "15:00", "15:29"):
        sweep(at(24, clock))
    assert notified(watch.alerts.get()) == before
    assert watch.alerts.get().state_at(at(24, "15:30")) == "open"
    sweep(at(24, "15:30"))
    assert notified(watch.alerts.get()) == [*before, who.backup.user_id]


def take_alert(who: Neighbourhood, watch: WatchAssignment) -> datetime:
    alert = acknowledge(actor=who.watcher, alert_id=watch.alerts.get().pk)
    assert alert.acknowledged_until
    return alert.acknowledged_until
