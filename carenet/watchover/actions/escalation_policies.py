"""An agency sets an escalation policy of its own for one kind of alert, or gives it up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actions.locks import lock_agency
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.actions import log_write
from carenet.core.decisions import demand
from carenet.core.errors import Invalid, NotFound
from carenet.core.models import check_version
from carenet.reminders.channels import CHANNELS
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.watchover import policy
from carenet.watchover.escalation import Policy, Tier
from carenet.watchover.models import EscalationPolicy, EscalationStep
from carenet.watchover.selectors.escalation import policy_row
from carenet.watchover.states import AlertKind

#: Whoever looks in; the others answer for a watch.
_LOOKS_IN = {Tier.WATCHER, Tier.BACKUP}


@transaction.atomic
def set_policy(
    *, actor: Actor, agency: Agency, kind: AlertKind, escalation: Policy, version: int | None = None
) -> EscalationPolicy:
    """Let the agency's alerts of this kind follow a policy of its own, from their next step on.

    `version` is 0 where the default policy was seen. Raises `Invalid` for a policy that could forget
    somebody, `PreconditionFailed` when stale.
    """
    demand(policy.can_manage_escalation(actor, agency))
    demand_sound(kind, escalation)
    lock_agency(agency)
    found = policy_row(agency, kind)
    check_version(found, version)
    found.version += 1
    found.repeat_minutes = _minutes(escalation.repeat_every)
    found.acknowledged_minutes = _minutes(escalation.acknowledged_for)
    found.save()
    found.steps.all().delete()
    EscalationStep.objects.bulk_create(_row(found, step) for step in escalation.steps)
    steps = [f"{step.tier} +{_minutes(step.after)} {step.hours}" for step in escalation.steps]
    log_write(actor.who, "agency.set_ladder", "agency", agency.pk, alert=str(kind), steps=steps)
    return found


@transaction.atomic
def remove_policy(
    *, actor: Actor, agency: Agency, kind: AlertKind, version: int | None = None
) -> None:
    """Let the default policy hold again; raises `NotFound` where the agency has none of its own."""
    demand(policy.can_manage_escalation(actor, agency))
    lock_agency(agency)
    found = policy_row(agency, kind)
    if not found.is_own:
        raise NotFound
    check_version(found, version)
    # The row stays, so that a version is never given out twice.
    found.save_version("version")
    found.steps.all().delete()
    log_write(actor.who, "agency.remove_ladder", "agency", agency.pk, alert=str(kind))


def demand_sound(kind: AlertKind, escalation: Policy) -> None:
    """Raise `Invalid` for a policy that tells those who answer for the watch too late, or never."""
    steps = escalation.steps
    if any(later.after <= earlier.after for earlier, later in pairwise(steps)):
        raise Invalid({"steps": _("Let each step come later than the one before.")})
    if steps[-1].tier in _LOOKS_IN:
        raise Invalid(
            {"steps": _("Let the last step reach plaza or ward: it comes again until answered.")}
        )
    if kind != AlertKind.WATCHER_SILENT and not _at_once(steps[0]):
        raise Invalid({"steps": _("Let the first step reach plaza or ward at once, at any hour.")})
    _demand_channels(steps)


def _at_once(step: PolicyStep[Tier]) -> bool:
    return step.tier not in _LOOKS_IN and not step.after and step.hours is Hours.ALWAYS


def _demand_channels(steps: Sequence[PolicyStep[Tier]]) -> None:
    there = sorted(name for name, channel in CHANNELS.items() if channel.is_on())
    if any(step.channel and step.channel not in there for step in steps):
        said = _("Choose a channel that is switched on here, or none: %(channels)s.")
        raise Invalid({"steps": said % {"channels": ", ".join(there)}})


def _row(found: EscalationPolicy, step: PolicyStep[Tier]) -> EscalationStep:
    return EscalationStep(
        policy=found,
        after_minutes=_minutes(step.after),
        tier=step.tier,
        hours=step.hours,
        channel=step.channel,
    )


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)
