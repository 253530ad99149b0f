"""A room to come that declares deadlines of its own: an application is screened and decided on."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.cases import policy
from carenet.cases.models import Case
from carenet.deadlines.kinds import DeadlineKind
from carenet.deadlines.models import (
    DeadlineModel,
    DeadlineRuleModel,
    deadline_constraints,
    rule_constraints,
)
from carenet.deadlines.states import DeadlineStep, DefaultRule, RuleBasis

APPLY, SCREEN, MEET, DECIDE = "apply", "screen", "meet", "decide"


class ApplicationRule(DeadlineRuleModel):
    """A rule for applications of every kind: it has no scope but the municipality."""

    steps = {
        SCREEN: DeadlineStep(
            APPLY,
            DefaultRule(RuleBasis.LOCAL_RULE, "A manual", working_days=5, unchecked=True),
        ),
        DECIDE: DeadlineStep(MEET),
    }

    class Meta:
        app_label = "sample"
        constraints = rule_constraints((), counts="counts", ends="ends", lasts="lasts")


class ApplicationDeadline(DeadlineModel):
    """By when a step of an application is due; a case stands for the application."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(ApplicationRule, null=True, on_delete=models.PROTECT, related_name="+")

    rules = ApplicationRule
    subject_field = "case"
    reminder = "application.deadline"

    class Meta:
        app_label = "sample"
        constraints = deadline_constraints("case", one_open="one_open", over="over")

    @staticmethod
    def office_of(subject: Case) -> Agency:
        return subject.lead_agency

    @staticmethod
    def scope_of(subject: Case) -> tuple[str, ...]:  # noqa: ARG004
        return ()


class ApplicationDue(DeadlineKind):
    """On open days: whoever has the application in hand, then the managers."""

    deadlines = ApplicationDeadline
    name = ApplicationDeadline.reminder
    subject_kind = "application_deadline"
    message = "A step of application %(code)s is due."
    related = ("case__lead_agency", "case__person_in_charge")
    by_the_clock = False

    @staticmethod
    def visible_to(actor: Actor) -> QuerySet[ApplicationDeadline]:
        return ApplicationDeadline.objects.filter(case__in=policy.visible_to(actor))

    def at_work(self, subject: Case) -> dict[User, Agency]:
        person = subject.person_in_charge
        return {person: subject.lead_agency} if person else {}

    def answerable(self, subject: Case) -> dict[User, Agency]:
        managers = members_in_roles(subject.lead_agency, {Role.MANAGER})
        return dict.fromkeys(managers, subject.lead_agency)
