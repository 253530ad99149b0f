"""Where a piece of long work stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class JobState(models.TextChoices):
    """From `waiting` over `running` to one of the three that it stays in."""

    WAITING = "waiting", pgettext_lazy("long work", "waits for its turn")
    RUNNING = "running", pgettext_lazy("long work", "at work")
    DONE = "done", pgettext_lazy("long work", "done")
    FAILED = "failed", pgettext_lazy("long work", "failed")
    CANCELLED = "cancelled", pgettext_lazy("long work", "cancelled")


ACTIVE = frozenset({JobState.WAITING, JobState.RUNNING})
ENDED = frozenset(JobState) - ACTIVE
