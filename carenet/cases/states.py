"""The states of consultations and cases, and the verbs between them, as data."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ConsultationStatus(models.TextChoices):
    """Where a general consultation (総合相談) stands."""

    RECEIVED = "received", pgettext_lazy("consultation", "received")
    INFORMATION_ONLY = "information_only", pgettext_lazy("consultation", "information only")
    ONE_OFF = "one_off", _("one-off")
    CASE_OPENED = "case_opened", _("case opened")


#: What triage may end in.
TRIAGE_OUTCOMES = (
    ConsultationStatus.INFORMATION_ONLY,
    ConsultationStatus.ONE_OFF,
    ConsultationStatus.CASE_OPENED,
)


class CaseStatus(models.TextChoices):
    """Where a case stands."""

    ASSESSING = "assessing", _("assessing")
    PLANNED = "planned", _("planned")
    SUPPORTING = "supporting", _("supporting")
    MONITORING = "monitoring", _("monitoring")
    CLOSED = "closed", _("closed")
    DISCONTINUED = "discontinued", _("discontinued")


OPEN = frozenset(
    {
        CaseStatus.ASSESSING,
        CaseStatus.PLANNED,
        CaseStatus.SUPPORTING,
        CaseStatus.MONITORING,
    }
)
ENDED = frozenset(CaseStatus) - OPEN
#: What a search may ask of somebody's cases: a status, or all open or ended ones.
PROGRESS: dict[str, frozenset[CaseStatus]] = {
    "open": OPEN,
    "ended": ENDED,
    **{status.value: frozenset({status}) for status in CaseStatus},
}


class CaseVerb(models.TextChoices):
    """What moves a case."""

    PLAN = "plan", _("plan")
    SUPPORT = "support", _("support")
    MONITOR = "monitor", _("monitor")
    CLOSE = "close", _("close")
    DISCONTINUE = "discontinue", _("discontinue")
    REOPEN = "reopen", _("reopen")


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: from which states the verb leads to which."""

    sources: frozenset[CaseStatus]
    target: CaseStatus


_STATUS = CaseStatus
MOVES: dict[CaseVerb, Move] = {
    CaseVerb.PLAN: Move(frozenset({_STATUS.ASSESSING}), _STATUS.PLANNED),
    CaseVerb.SUPPORT: Move(frozenset({_STATUS.PLANNED, _STATUS.MONITORING}), _STATUS.SUPPORTING),
    CaseVerb.MONITOR: Move(frozenset({_STATUS.SUPPORTING}), _STATUS.MONITORING),
    CaseVerb.CLOSE: Move(OPEN, _STATUS.CLOSED),
    CaseVerb.DISCONTINUE: Move(OPEN, _STATUS.DISCONTINUED),
    CaseVerb.REOPEN: Move(ENDED, _STATUS.ASSESSING),
}


def target(verb: CaseVerb, status: CaseStatus) -> CaseStatus | None:
    """Return where `verb` leads from `status`, None where it is not possible."""
    move = MOVES[verb]
    return move.target if status in move.sources else None
