"""Every write of this room: causes write reminders, sweeps send them, people respond to them."""

from carenet.reminders.actions.delivery import deliver_next, deliver_together
from carenet.reminders.actions.digests import write_digests
from carenet.reminders.actions.due import fall_due, fall_due_together
from carenet.reminders.actions.forecast import NextNotification, next_notifications
from carenet.reminders.actions.leases import take_over
from carenet.reminders.actions.responses import (
    acknowledge,
    delegate,
    mark_read,
    snooze,
    take_back,
)
from carenet.reminders.actions.restore import may_send, pause, release, settle_sent
from carenet.reminders.actions.schedule import (
    cancel_reminder,
    postpone_reminder,
    schedule_reminder,
    schedule_reminders,
)
from carenet.reminders.actions.unattended import schedule_unattended
from carenet.reminders.actions.worker import record_heartbeat, work_once
from carenet.reminders.registry import ReminderRequest

__all__ = [
    "NextNotification",
    "ReminderRequest",
    "acknowledge",
    "cancel_reminder",
    "delegate",
    "deliver_next",
    "deliver_together",
    "fall_due",
    "fall_due_together",
    "mark_read",
    "may_send",
    "next_notifications",
    "pause",
    "postpone_reminder",
    "record_heartbeat",
    "release",
    "schedule_reminder",
    "schedule_reminders",
    "schedule_unattended",
    "settle_sent",
    "snooze",
    "take_back",
    "take_over",
    "work_once",
    "write_digests",
]
