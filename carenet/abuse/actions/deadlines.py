"""Rules for the deadlines of abuse reports: for the kinds that take the procedure here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from carenet.abuse.models import DeadlineRule
from carenet.abuse.states.desks import PROCEDURE
from carenet.agencies.actors import Actor
from carenet.core.errors import Invalid
from carenet.deadlines.actions import begin_rule


def set_rule(*, actor: Actor, **fields: Any) -> DeadlineRule:
    """Begin a rule, as `begin_rule`; victim and alleged are older person and caregiver without them.

    Raises `Invalid` also for a kind that takes no procedure here.
    """
    return begin_rule(DeadlineRule, actor=actor, check=_demand_procedure, **fields)


def _demand_procedure(rule: DeadlineRule) -> None:
    if (rule.victim, rule.alleged) not in PROCEDURE:
        told = _("Reports of this kind take no procedure here: there is nothing to be due.")
        raise Invalid({"victim": told})
