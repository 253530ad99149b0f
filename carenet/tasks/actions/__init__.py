"""Every write of this room: tasks are given, changed, settled, and come into other hands."""

from carenet.tasks.actions.handovers import Assignee, drop_with_case, pass_on
from carenet.tasks.actions.new_task import give
from carenet.tasks.actions.reminders import remind
from carenet.tasks.actions.transitions import change, drop, finish, hand_on

__all__ = [
    "Assignee",
    "change",
    "drop",
    "drop_with_case",
    "finish",
    "give",
    "hand_on",
    "pass_on",
    "remind",
]
