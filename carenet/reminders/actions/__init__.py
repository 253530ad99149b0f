"""Every write of this room: causes write reminders, sweeps send them, people respond to them."""

from carenet.reminders.actions.ahead import NextTold, next_told
from carenet.reminders.actions.causes import put_off, remind, remind_of_new, settle
from carenet.reminders.actions.delivering import deliver_next, deliver_together
from carenet.reminders.actions.digests import write_digests
from carenet.reminders.actions.falling_due import fall_due, fall_due_together
from carenet.reminders.actions.leases import take_over
from carenet.reminders.actions.responding import acknowledge, delegate, mark_read, snooze
from carenet.reminders.actions.restore import may_send, pause, release, settle_sent
from carenet.reminders.actions.silence import remind_of_silent
from carenet.reminders.actions.sweeping import beat, work_once
from carenet.reminders.registry import Cause

__all__ = [
    "Cause",
    "NextTold",
    "acknowledge",
    "beat",
    "delegate",
    "deliver_next",
    "deliver_together",
    "fall_due",
    "fall_due_together",
    "mark_read",
    "may_send",
    "next_told",
    "pause",
    "put_off",
    "release",
    "remind",
    "remind_of_new",
    "remind_of_silent",
    "settle",
    "settle_sent",
    "snooze",
    "take_over",
    "work_once",
    "write_digests",
]
