"""Deadlines of abuse reports: set at an event by the rule in force, chased, over with their step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.abuse import policy
from carenet.abuse.models import AbuseDeadline, AbuseReport, DeadlineOver, DeadlineRule
from carenet.abuse.selectors import rule_for
from carenet.abuse.states import COUNTED_FROM, DEFAULT_HOURS, AbuseVerb
from carenet.abuse.states.desks import PROCEDURE
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.selectors import calendar_of
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import get_visible, not_ended
from carenet.reminders.actions import cancel_reminder, schedule_reminder

#: The reminder that a step of an abuse report is due (`carenet.cases.hooks`).
ABUSE_DEADLINE = "abuse.deadline"
#: When it is said, relative to the deadline: before it, at it, and while it stays unmet.
LADDER = tuple(timedelta(hours=hours) for hours in (-24, -6, 0, 6, 24, 48, 72))


@transaction.atomic
def set_rule(*, actor: Actor, valid_from: datetime | None = None, **fields: object) -> DeadlineRule:
    """Begin a rule of the actor's municipality, now or later.

    `fields` are step, hours or working_days, basis, basis_text, and the kind for which it counts:
    victim and alleged, without them older person and caregiver. Raises `Invalid` for both or neither of
    the counts, for a beginning in the past and for a kind that takes no procedure here, `Conflict`
    while another rule of the step and kind lasts.
    """
    code = actor.agency.municipality_code
    demand(policy.can_manage_rules(actor, code))
    now = clock.now()
    if (fields.get("hours") is None) == (fields.get("working_days") is None):
        raise Invalid({"hours": _("Give either hours or working days.")})
    if valid_from and valid_from < now:
        raise Invalid({"valid_from": _("Give a time in the future, or leave it out for now.")})
    rule = DeadlineRule(
        municipality_code=code, valid_from=valid_from or now, set_by=actor.user, **fields
    )
    if (rule.victim, rule.alleged) not in PROCEDURE:
        told = _("Reports of this kind take no procedure here: there is nothing to be due.")
        raise Invalid({"victim": told})
    _lock_rules(code)
    begins = rule.valid_from
    others = DeadlineRule.objects.filter(
        municipality_code=code, step=rule.step, victim=rule.victim, alleged=rule.alleged
    )
    if others.filter(not_ended(begins, "valid_until")).exists():
        raise Conflict(
            _("Another rule for this step lasts then. End it first, at the time this one begins."),
            code="rule_lasts",
        )
    rule.save()
    log_write(actor.who, "deadline_rule.set", "deadline_rule", rule.pk, step=rule.step)
    return rule


@transaction.atomic
def end_rule(*, actor: Actor, rule_id: UUID, until: datetime | None = None) -> DeadlineRule:
    """End a rule, now or later; what it has set stays as it is. Raises `Conflict` once it has ended."""
    rule = get_visible(policy.rules_visible_to(actor), pk=rule_id)
    demand(policy.can_manage_rules(actor, rule.municipality_code))
    _lock_rules(rule.municipality_code)
    rule.refresh_from_db()
    if rule.valid_until:
        raise Conflict(_("This rule has an end already. Set a new one instead."))
    now = clock.now()
    if until and until < max(now, rule.valid_from):
        raise Invalid({"until": _("Give a time in the future, after the rule has begun.")})
    rule.valid_until = until or max(now, rule.valid_from)
    rule.save(update_fields=["valid_until"])
    log_write(actor.who, "deadline_rule.end", "deadline_rule", rule.pk, step=rule.step)
    return rule


def set_deadlines(report: AbuseReport, steps: Iterable[AbuseVerb], counted_from: datetime) -> None:
    """Set the deadlines of steps that have none open, by the rules in force at their beginning."""
    for step in steps:
        if report.deadlines.filter(step=step, over_at=None).exists():
            continue
        rule = rule_for(report.ward_office.municipality_code, step, report.kind, counted_from)
        due_at = _due(report, step, rule, counted_from)
        if due_at:
            _schedule_reminder(
                AbuseDeadline.objects.create(report=report, step=step, rule=rule, due_at=due_at)
            )


def steps_after(verb: AbuseVerb) -> list[AbuseVerb]:
    """Return the steps whose deadlines count from this one."""
    return [step for step, start in COUNTED_FROM.items() if start is verb]


def end_deadlines(
    report: AbuseReport, because: DeadlineOver, *, at: datetime, step: AbuseVerb | None = None
) -> None:
    """End the open deadline of a step, or all of them, and its chase."""
    deadlines = report.deadlines.filter(over_at=None)
    for deadline in deadlines.filter(step=step) if step else deadlines:
        deadline.over_at, deadline.over_because = at, because
        deadline.save(update_fields=["over_at", "over_because"])
        cancel_reminder(kind=ABUSE_DEADLINE, subject_id=deadline.pk, because=because.value)


def _due(
    report: AbuseReport, step: AbuseVerb, rule: DeadlineRule | None, start: datetime
) -> datetime | None:
    if rule and rule.working_days:
        return calendar_of(report.ward_office).working_days_later(start, rule.working_days)
    hours = rule.hours if rule else DEFAULT_HOURS.get(step)
    return start + timedelta(hours=hours) if hours else None


def _schedule_reminder(deadline: AbuseDeadline) -> None:
    report = deadline.report
    schedule_reminder(
        kind=ABUSE_DEADLINE,
        subject_id=deadline.pk,
        subject_code=report.code,
        agency=report.ward_office,
        due_at=max(deadline.due_at + LADDER[0], clock.now()),
    )


def _lock_rules(municipality_code: str) -> None:
    """Let one change of a municipality's rules wait for the other."""
    offices = Agency.objects.filter(
        kind=AgencyKind.WARD_OFFICE, municipality_code=municipality_code
    )
    list(offices.select_for_update(no_key=True, of=("self",)).order_by("pk"))
