"""Every write of this room: causes write reminders, sweeps turn them into messages."""

from carenet.reminders.actions.causes import remind, settle
from carenet.reminders.actions.delivering import deliver_next
from carenet.reminders.actions.falling_due import fall_due
from carenet.reminders.actions.leases import take_over
from carenet.reminders.actions.sweeping import beat, work_once

__all__ = ["beat", "deliver_next", "fall_due", "remind", "settle", "take_over", "work_once"]
