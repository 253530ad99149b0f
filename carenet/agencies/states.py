"""What becomes of the things that hang on an agency when it closes, or goes to its sections."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClosureOutcome(models.TextChoices):
    """What becomes of one kind of thing."""

    PASSES = "passes", _("passes to a successor")
    FOLLOWS = "follows", _("goes with what it belongs to")
    ENDS = "ends", _("ends")
    UNREAD = "unread", _("stays as it was written; nobody reads it any more")


class ClosureState(models.TextChoices):
    """Where the closure of an agency stands; `suggested` has no successors yet, and nobody behind it."""

    SUGGESTED = "suggested", pgettext_lazy("closure", "suggested by the Ministry's file")
    PROPOSED = "proposed", pgettext_lazy("closure", "proposed, waits for a second person")
    CONFIRMED = "confirmed", pgettext_lazy("closure", "confirmed, being carried out")
    DONE = "done", pgettext_lazy("closure", "closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("closure", "withdrawn")


#: Of these an agency has one at most.
CLOSURE_OPEN = frozenset({ClosureState.SUGGESTED, ClosureState.PROPOSED, ClosureState.CONFIRMED})
#: What may still be withdrawn.
CLOSURE_UNDECIDED = frozenset({ClosureState.SUGGESTED, ClosureState.PROPOSED})


class OperatorChangeState(models.TextChoices):
    """Where the change of the corporation that runs an agency stands."""

    PLANNED = "planned", pgettext_lazy("change of the operator", "under review")
    DONE = "done", pgettext_lazy("change of the operator", "carried out")
    WITHDRAWN = "withdrawn", pgettext_lazy("change of the operator", "withdrawn")


class SectionMoveState(models.TextChoices):
    """Where the way of a batch of things from the ward office to its sections stands."""

    PREPARED = "prepared", pgettext_lazy("move to sections", "prepared, nothing has changed hands")
    DONE = "done", pgettext_lazy("move to sections", "carried out")
    WITHDRAWN = "withdrawn", pgettext_lazy("move to sections", "withdrawn")


class SectionGround(models.TextChoices):
    """Why a section is suggested for something; nothing of it is more than a suggestion."""

    TOPIC = "topic", _("by the topic of the consultation")
    AGE = "age", _("the person is under 18")
    NEED = "need", _("by what is asked for")
    WATCH = "watch", _("watch-over")
    NONE = "none", _("nothing suggests a section: choose one")
    RESTRICTED = "restricted", _("restricted: choose a section")


class SectionOutcome(models.TextChoices):
    """What became of one line of a batch."""

    MOVED = "moved", pgettext_lazy("move to sections", "gone to the section")
    STAYS = "stays", pgettext_lazy("move to sections", "stays with the office")
    CHANGED = "changed", pgettext_lazy("move to sections", "changed meanwhile, left as it is")
