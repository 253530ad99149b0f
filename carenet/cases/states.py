"""The states of consultations and cases, and the verbs between them, as data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core.states import Move, Refusal, Table


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
#: Those that do nothing besides: for some minutes they are taken back.
WITHOUT_EFFECT = frozenset({ConsultationStatus.INFORMATION_ONLY, ConsultationStatus.ONE_OFF})


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


_STATUS = CaseStatus
MOVES: Table[CaseVerb, Move[CaseStatus], CaseStatus] = Table(
    CaseStatus,
    {
        CaseVerb.PLAN: Move.between({_STATUS.ASSESSING}, _STATUS.PLANNED),
        CaseVerb.SUPPORT: Move.between({_STATUS.PLANNED, _STATUS.MONITORING}, _STATUS.SUPPORTING),
        CaseVerb.MONITOR: Move.between({_STATUS.SUPPORTING}, _STATUS.MONITORING),
        CaseVerb.CLOSE: Move.between(OPEN, _STATUS.CLOSED),
        CaseVerb.DISCONTINUE: Move.between(OPEN, _STATUS.DISCONTINUED),
        CaseVerb.REOPEN: Move.between(ENDED, _STATUS.ASSESSING),
    },
    Refusal(
        _("“%(verb)s” is not possible while the case is “%(status)s”. Read it again."), "conflict"
    ),
)


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


PLAN_MOVES: Table[PlanVerb, Move[PlanStatus], PlanStatus] = Table(
    PlanStatus,
    {
        PlanVerb.AGREE: Move.between({PlanStatus.DRAFT}, PlanStatus.AGREED),
        PlanVerb.END: Move.between({PlanStatus.DRAFT, PlanStatus.AGREED}, PlanStatus.ENDED),
        PlanVerb.REPLACE: Move.between({PlanStatus.AGREED}, PlanStatus.REPLACED),
    },
    Refusal(
        _("“%(verb)s” is not possible while the plan is “%(status)s”. Read it again."), "conflict"
    ),
)


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


GOAL_MOVES: Table[GoalVerb, Move[GoalState], GoalState] = Table(
    GoalState,
    {
        GoalVerb.REACH: Move.between({GoalState.OPEN}, GoalState.REACHED),
        GoalVerb.DROP: Move.between({GoalState.OPEN}, GoalState.DROPPED),
        GoalVerb.REOPEN: Move.between({GoalState.REACHED, GoalState.DROPPED}, GoalState.OPEN),
    },
    Refusal(
        _("“%(verb)s” is not possible while the goal is “%(state)s”. Read it again."), "conflict"
    ),
)
