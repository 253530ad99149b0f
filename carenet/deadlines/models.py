"""By when a step is due: rules of the municipality, and what they came to. A room declares both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency
from carenet.agencies.models.municipal_setting import MunicipalSettingModel, ends_later
from carenet.core import clock
from carenet.core.models import UUIDModel
from carenet.deadlines.states import DeadlineOver, DeadlineStep, DefaultRule, RuleBasis


class DeadlineRuleModel(MunicipalSettingModel):
    """A rule of one municipality for one step: hours by the clock, or working days.

    A subclass declares `steps`, gives `step` their choices, and has the columns of its `scope`, which
    say for which subjects a rule counts. A rule that begins or ends never moves deadlines that were
    set already.
    """

    step = models.CharField(max_length=20)
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(null=True, blank=True)  # of `office`
    basis = models.CharField(max_length=12, choices=RuleBasis)
    basis_text = models.CharField(max_length=300)

    steps: ClassVar[Mapping[str, DeadlineStep]]
    scope: ClassVar[tuple[str, ...]] = ()
    view_ability = "deadlines.view"
    manage_ability = "deadlines.manage"
    audit_kind = "deadline_rule"
    audit_field = ("step", "step")
    has_ended = _("This rule has an end already. Set a new one instead.")
    ends_too_early = _("Give a time in the future, after the rule has begun.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.municipality_code} {self.step}"


class DeadlineModel(UUIDModel):
    """By when one step of one subject is due, as the rule stood when it was set.

    A subclass has `step`, `rule` (null for the default of the step) and a foreign key to its subject,
    and says below what else is its own.
    """

    step = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    set_at = models.DateTimeField(default=clock.now)
    over_at = models.DateTimeField(null=True)
    over_because = models.CharField(max_length=8, choices=DeadlineOver, blank=True)

    objects = models.Manager()

    rules: ClassVar[type[DeadlineRuleModel]]
    #: The name of the foreign key to the subject.
    subject_field: ClassVar[str]
    #: The name of its kind of reminder, and when that speaks: before the deadline, at it, while unmet.
    reminder: ClassVar[str]
    reminded_after: ClassVar[tuple[timedelta, ...]] = tuple(
        timedelta(hours=hours) for hours in (-24, -6, 0, 6, 24, 48, 72)
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return (
            f"{getattr(self, self.subject_field + '_id')} {self.step} {self.due_at:%Y-%m-%d %H:%M}"
        )

    @property
    def ground(self) -> DeadlineRuleModel | DefaultRule | None:
        """The rule by which it was set; without one the default."""
        rule: DeadlineRuleModel | None = getattr(self, "rule", None)
        return rule or self.rules.steps[self.step].default

    @staticmethod
    def office_of(subject: Any) -> Agency:
        """Return the agency whose municipality's rules, and whose working days, count."""
        raise NotImplementedError

    @staticmethod
    def scope_of(subject: Any) -> tuple[str, ...]:
        """Return what the columns of the rules' `scope` are for a subject."""
        raise NotImplementedError


def rule_constraints(
    scope: tuple[str, ...], *, counts: str, ends: str, lasts: str
) -> list[models.BaseConstraint]:
    """Return what holds for every table of rules, under these names."""
    return [
        models.CheckConstraint(
            condition=Q(hours__gt=0, working_days=None) | Q(hours=None, working_days__gt=0),
            name=counts,
        ),
        ends_later(ends),
        models.UniqueConstraint(
            fields=["municipality_code", "step", *scope],
            condition=Q(valid_until=None),
            name=lasts,
        ),
    ]


def deadline_constraints(
    subject_field: str, *, one_open: str, over: str
) -> list[models.BaseConstraint]:
    """Return what holds for every table of deadlines, under these names."""
    return [
        models.UniqueConstraint(
            fields=[subject_field, "step"], condition=Q(over_at=None), name=one_open
        ),
        models.CheckConstraint(
            condition=Q(over_at=None, over_because="")
            | (Q(over_at__isnull=False) & ~Q(over_because="")),
            name=over,
        ),
    ]
