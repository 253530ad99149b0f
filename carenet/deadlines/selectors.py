"""Which rule counts for a step, what counts now, and which deadlines somebody is told of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from carenet.agencies.selectors.municipal_settings import in_force
from carenet.deadlines.models import DeadlineModel, DeadlineRuleModel
from carenet.reminders.selectors import dated

Rule = TypeVar("Rule", bound=DeadlineRuleModel)


def rules_in_force(
    rules: type[Rule], municipality_code: str, step: str, scope: Sequence[str], at: datetime
) -> QuerySet[Rule]:
    """Return the rules of a municipality that count then: for one step, and one scope alone."""
    found = in_force(rules, municipality_code, at).filter(step=step)
    return found.filter(**dict(zip(rules.scope, scope, strict=True))).order_by("-valid_from")


def all_in_force(
    rules: type[Rule], municipality_code: str, at: datetime
) -> dict[tuple[str, ...], Rule]:
    """Return the rules of a municipality that count then, by step and scope: in one query."""
    found = in_force(rules, municipality_code, at).order_by("valid_from")
    return {
        (each.step, *(str(getattr(each, name)) for name in rules.scope)): each for each in found
    }


def steps_in_force(
    rules: type[DeadlineRuleModel], municipality_code: str, scope: Sequence[str], at: datetime
) -> list[dict[str, Any]]:
    """Return what counts for each step then: the municipality's rule, else the default, else nothing."""
    found = []
    for name, step in rules.steps.items():
        rule = rules_in_force(rules, municipality_code, name, scope, at).first()
        ground = rule or step.default
        found.append(
            {
                "step": str(name),
                "counted_from": str(step.counted_from),
                "rule": rule and rule.pk,
                "hours": ground and ground.hours,
                "working_days": ground and ground.working_days,
                "basis": ground and ground.basis,
                "basis_text": ground.basis_text if ground else "",
            }
        )
    return found


def reminded(deadlines: type[DeadlineModel]) -> QuerySet[Any]:
    """Return the open deadlines of which somebody will be told."""
    reminders = dated().filter(kind=deadlines.reminder, subject_id=OuterRef("pk"))
    return deadlines.objects.filter(Exists(reminders), over_at=None)
