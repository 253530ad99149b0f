"""Who is told of an alert, step by step, as data: the policy of an agency that has set none.

Times count from the beginning of the alert. The last step comes again until somebody acknowledges.
`docs/watchover.md` shows the same tables to people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from carenet.reminders.escalation import EscalationPolicy, Hours, PolicyStep
from carenet.watchover.states import AlertKind


class Tier(models.TextChoices):
    """Whom a step reaches."""

    WATCHER = "watcher", _("the watcher")
    BACKUP = "backup", _("the backup watcher")
    PLAZA = "plaza", _("the responsible agency")
    WARD = "ward", _("the coordinators of the ward office")


@dataclass(frozen=True, slots=True)
class Policy(EscalationPolicy[Tier]):
    """The policy of one kind of alert, and for how long an acknowledgement holds."""

    repeat_every: timedelta = timedelta(hours=1)
    acknowledged_for: timedelta = timedelta(hours=2)


def _after(minutes: int, tier: Tier, hours: Hours) -> PolicyStep[Tier]:
    return PolicyStep(tier, timedelta(minutes=minutes), hours)


_RESIDENT = Policy((_after(0, Tier.PLAZA, Hours.ALWAYS), _after(60, Tier.WARD, Hours.ALWAYS)))
#: Where an agency has set nothing of its own.
DEFAULT_POLICIES: dict[AlertKind, Policy] = {
    AlertKind.WATCHER_SILENT: Policy(
        (
            _after(0, Tier.WATCHER, Hours.ALWAYS),
            _after(60, Tier.BACKUP, Hours.ALWAYS),
            _after(120, Tier.PLAZA, Hours.OFFICE),
            _after(240, Tier.WARD, Hours.OFFICE),
        )
    ),
    AlertKind.RESIDENT_SILENT: _RESIDENT,
    AlertKind.CONCERN: _RESIDENT,
}
