"""Every write of this room: causes write reminders, sweeps send them, people respond to them."""

from carenet.reminders.actions.causes import put_off, remind, settle
from carenet.reminders.actions.delivering import deliver_next
from carenet.reminders.actions.digests import write_digests
from carenet.reminders.actions.falling_due import fall_due
from carenet.reminders.actions.leases import take_over
from carenet.reminders.actions.responding import acknowledge, delegate, mark_read, snooze
from carenet.reminders.actions.sweeping import beat, work_once

__all__ = [
    "acknowledge",
    "beat",
    "delegate",
    "deliver_next",
    "fall_due",
    "mark_read",
    "put_off",
    "remind",
    "settle",
    "snooze",
    "take_over",
    "work_once",
    "write_digests",
]
