"""An open alert at the moment of a handover."""

from __future__ import annotations

import time_machine

from carenet.agencies.actors import Actor
from carenet.watchover.actions.alerts import acknowledge
from carenet.watchover.models import WatchAssignment
from tests.watchover.handover.plans import carried_out
from tests.watchover.watches import Neighbourhood, at, notified, sweep


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
