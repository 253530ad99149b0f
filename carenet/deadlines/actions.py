"""Rules begin; deadlines are set at an event by the rule in force, reminded of, over with their step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actions.municipal_settings import begin_setting, new_setting
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.selectors import calendar_of
from carenet.core import clock
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import not_ended
from carenet.deadlines.models import DeadlineModel
from carenet.deadlines.selectors import Rule, rules_in_force
from carenet.deadlines.states import DeadlineOver
from carenet.reminders.actions import cancel_reminder, schedule_reminder


@transaction.atomic
def begin_rule(
    rules: type[Rule], *, actor: Actor, check: Callable[[Rule], None], **fields: Any
) -> Rule:
    """Begin a rule of the actor's municipality, now or later.

    `fields` are valid_from, step, hours or working_days, basis, basis_text and the scope. Raises
    `Invalid` for both or neither of the counts, for a beginning in the past and whatever `check`
    raises, `Conflict` while another rule of the step and scope lasts.
    """
    rule = new_setting(rules, actor=actor, **fields)
    if (rule.hours is None) == (rule.working_days is None):
        raise Invalid({"hours": _("Give either hours or working days.")})
    check(rule)
    _lock_rules(rule.municipality_code)
    same = {name: getattr(rule, name) for name in ("municipality_code", "step", *rules.scope)}
    if rules.objects.filter(not_ended(rule.valid_from, "valid_until"), **same).exists():
        raise Conflict(
            _("Another rule for this step lasts then. End it first, at the time this one begins."),
            code="rule_lasts",
        )
    begin_setting(actor, rule)
    return rule


def set_deadlines(
    deadlines: type[DeadlineModel], subject: Any, steps: Iterable[str], counted_from: datetime
) -> None:
    """Set the deadlines of steps that have none open, by the rules in force at their beginning."""
    office, scope = deadlines.office_of(subject), deadlines.scope_of(subject)
    for step in steps:
        if _open(deadlines, subject).filter(step=step).exists():
            continue
        code = office.municipality_code
        rule = rules_in_force(deadlines.rules, code, step, scope, counted_from).first()
        ground = rule or deadlines.rules.steps[step].default
        if ground is None:
            continue
        if ground.working_days:
            due_at = calendar_of(office).working_days_later(counted_from, ground.working_days)
        else:
            due_at = counted_from + timedelta(hours=ground.hours or 0)
        of = {deadlines.subject_field: subject, "rule": rule}
        made = deadlines.objects.create(**of, step=step, due_at=due_at)
        schedule_reminder(
            kind=deadlines.reminder,
            subject_id=made.pk,
            subject_code=subject.code,
            agency=office,
            due_at=max(due_at + deadlines.reminded_after[0], clock.now()),
        )


def end_deadlines(
    deadlines: type[DeadlineModel],
    subject: Any,
    because: DeadlineOver,
    *,
    at: datetime,
    step: str = "",
) -> None:
    """End the open deadline of a step, or all of the subject, and the reminders of it."""
    found = _open(deadlines, subject)
    for deadline in found.filter(step=step) if step else found:
        deadline.over_at, deadline.over_because = at, because
        deadline.save(update_fields=["over_at", "over_because"])
        cancel_reminder(kind=deadlines.reminder, subject_id=deadline.pk, because=because.value)


def _open(deadlines: type[DeadlineModel], subject: Any) -> Any:
    rows = deadlines.objects
    return rows.filter(over_at=None, **{deadlines.subject_field: subject})


def _lock_rules(municipality_code: str) -> None:
    """Let one new rule of a municipality wait for the other."""
    offices = Agency.objects.filter(
        kind=AgencyKind.WARD_OFFICE, municipality_code=municipality_code
    )
    list(offices.select_for_update(no_key=True, of=("self",)).order_by("pk"))
