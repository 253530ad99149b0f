"""Abuse reports, who reported, deadlines, other desks: in the tables of `cases`, as they always were."""

from carenet.abuse.models.deadlines import AbuseDeadline, DeadlineRule
from carenet.abuse.models.desks import DeskCall, OtherDesk
from carenet.abuse.models.report import AbuseEvent, AbuseReport, CheckMethod, SuspectedAbuse
from carenet.abuse.models.reporter import ReporterIdentity, ReporterReader
from carenet.abuse.states.desks import AllegedOf, Victim

__all__ = [
    "AbuseDeadline",
    "AbuseEvent",
    "AbuseReport",
    "AllegedOf",
    "CheckMethod",
    "DeadlineRule",
    "DeskCall",
    "OtherDesk",
    "ReporterIdentity",
    "ReporterReader",
    "SuspectedAbuse",
    "Victim",
]
