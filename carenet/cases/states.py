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
    CASE_JOINED = "case_joined", _("joined to a case")


#: What triage may end in.
TRIAGE_OUTCOMES = (
    ConsultationStatus.INFORMATION_ONLY,
    ConsultationStatus.ONE_OFF,
    ConsultationStatus.CASE_OPENED,
    ConsultationStatus.CASE_JOINED,
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


class PlanStatus(models.TextChoices):
    """Where a support plan (支援計画) stands."""

    DRAFT = "draft", pgettext_lazy("plan", "draft")
    AGREED = "agreed", pgettext_lazy("plan", "agreed")
    REPLACED = "replaced", pgettext_lazy("plan", "replaced")
    ENDED = "ended", pgettext_lazy("plan", "ended")


class PlanVerb(models.TextChoices):
    """What moves a plan; `replace` is what agreeing on another one does to it."""

    AGREE = "agree", pgettext_lazy("plan", "agree")
    END = "end", pgettext_lazy("plan", "end")
    REPLACE = "replace", pgettext_lazy("plan", "replace")


#: From which statuses a verb leads to which: verb → (sources, target).
PLAN_MOVES: dict[PlanVerb, tuple[frozenset[PlanStatus], PlanStatus]] = {
    PlanVerb.AGREE: (frozenset({PlanStatus.DRAFT}), PlanStatus.AGREED),
    PlanVerb.END: (frozenset({PlanStatus.DRAFT, PlanStatus.AGREED}), PlanStatus.ENDED),
    PlanVerb.REPLACE: (frozenset({PlanStatus.AGREED}), PlanStatus.REPLACED),
}


class GoalState(models.TextChoices):
    """What has become of a goal."""

    OPEN = "open", pgettext_lazy("goal", "open")
    REACHED = "reached", pgettext_lazy("goal", "reached")
    DROPPED = "dropped", pgettext_lazy("goal", "dropped")


class GoalVerb(models.TextChoices):
    """What moves a goal."""

    REACH = "reach", pgettext_lazy("goal", "reach")
    DROP = "drop", pgettext_lazy("goal", "drop")
    REOPEN = "reopen", pgettext_lazy("goal", "reopen")


GOAL_MOVES: dict[GoalVerb, tuple[frozenset[GoalState], GoalState]] = {
    GoalVerb.REACH: (frozenset({GoalState.OPEN}), GoalState.REACHED),
    GoalVerb.DROP: (frozenset({GoalState.OPEN}), GoalState.DROPPED),
    GoalVerb.REOPEN: (frozenset({GoalState.REACHED, GoalState.DROPPED}), GoalState.OPEN),
}


def plan_target(verb: PlanVerb, status: PlanStatus) -> PlanStatus | None:
    """Return where `verb` leads a plan from `status`, None where it is not possible."""
    sources, reached = PLAN_MOVES[verb]
    return reached if status in sources else None


def goal_target(verb: GoalVerb, state: GoalState) -> GoalState | None:
    """Return where `verb` leads a goal from `state`, None where it is not possible."""
    sources, reached = GOAL_MOVES[verb]
    return reached if state in sources else None
