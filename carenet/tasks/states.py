"""The states of a task, the verbs between them, where one comes from and why it changes hands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core.states import UNCHANGED, Move, Refusal, Table


class TaskStatus(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", pgettext_lazy("task", "open")
    DONE = "done", pgettext_lazy("task", "done")
    DROPPED = "dropped", pgettext_lazy("task", "dropped")


class TaskVerb(models.TextChoices):
    """What moves a task; handed on it stays open, in other hands."""

    FINISH = "finish", pgettext_lazy("task", "finish")
    DROP = "drop", pgettext_lazy("task", "drop")
    HAND_ON = "hand_on", pgettext_lazy("task", "hand on")


class TaskSource(models.TextChoices):
    """From what a task comes."""

    NOTE = "note", _("an entry of the record")
    PLAN = "plan", _("a plan")
    DECISION = "decision", _("a decision")
    REFERRAL = "referral", _("a referral")
    MEETING = "meeting", _("a meeting")


class HandOnCause(models.TextChoices):
    """Why a task came into other hands."""

    HANDED_ON = "handed_on", _("handed on")
    WITH_CASE = "with_case", _("the case was handed over")
    LEFT = "left", _("its owner has left")
    OUT_OF_REACH = "out_of_reach", _("its owner no longer sees the case")
    AGENCY_CLOSED = "agency_closed", _("its agency has closed")


_STATUS = TaskStatus
MOVES: Table[TaskVerb, Move[TaskStatus], TaskStatus] = Table(
    TaskStatus,
    {
        TaskVerb.FINISH: Move.between({_STATUS.OPEN}, _STATUS.DONE),
        TaskVerb.DROP: Move.between({_STATUS.OPEN}, _STATUS.DROPPED),
        TaskVerb.HAND_ON: Move.between({_STATUS.OPEN}, UNCHANGED),
    },
    Refusal(
        _("“%(verb)s” is not possible while the task is “%(status)s”. Read it again."), "conflict"
    ),
)
