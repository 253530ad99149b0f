"""Who looks in on whom, what was expected and found, and what is told when it was not."""

from carenet.watchover.models.alert import Alert, EscalationPolicy, EscalationStep, WatchEvent
from carenet.watchover.models.assignment import Outage, Pause, WatchAssignment, WatchSchedule
from carenet.watchover.models.concern import Concern
from carenet.watchover.models.expectation import CheckIn, Expectation, OneTapLink
from carenet.watchover.models.handover import HandoverLine, HandoverPair, WatchHandover

__all__ = [
    "Alert",
    "CheckIn",
    "Concern",
    "EscalationPolicy",
    "EscalationStep",
    "Expectation",
    "HandoverLine",
    "HandoverPair",
    "OneTapLink",
    "Outage",
    "Pause",
    "WatchAssignment",
    "WatchEvent",
    "WatchHandover",
    "WatchSchedule",
]
