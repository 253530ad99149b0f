"""Tasks hang on cases: who sees, gives and has them there, and from what they come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.selectors import actor_of
from carenet.cases import policy
from carenet.cases.actions.locks import demand_open, lock_case
from carenet.cases.actions.next_action import follow_tasks
from carenet.cases.models import Case, ProgressNote, SupportPlan
from carenet.cases.selectors import has_part
from carenet.core.decisions import Decision
from carenet.core.errors import Invalid
from carenet.rest.limits import demand_recent
from carenet.tasks.models import Task


class CaseTasks:
    """The tasks of cases (`carenet.tasks.registry.TaskSubject`)."""

    field = "case"
    hands = ("case__lead_agency", "case__person_in_charge")

    def visible_to(self, actor: Actor) -> QuerySet[Case]:
        return policy.visible_to(actor)

    def can_view(self, actor: Actor, subject: Case) -> Decision:
        return policy.can_view(actor, subject)

    def can_give(self, actor: Actor, subject: Case) -> Decision:
        return policy.can_take_part(actor, subject)

    def leads(self, actor: Actor, subject: Case) -> bool:
        return subject.lead_agency_id == actor.agency_id

    def lock(self, actor: Actor, subject_id: UUID) -> Case:
        return lock_case(actor, subject_id)

    def demand_open(self, subject: Case) -> None:
        demand_open(subject)

    def demand_days(self, subject: Case, task: Task) -> None:
        born = subject.resident.born_by
        demand_recent("due_on", task.due_on, born=born, began=subject.opened_at)

    def demand_hands(self, subject: Case, agency: Agency, person: User | None) -> None:
        if not has_part(subject, agency):
            raise Invalid(
                {
                    "agency": _(
                        "This agency does not see the case. Refer the case to it first: once it has"
                        " taken it on, it can be given a task."
                    )
                }
            )
        if person is None:
            if subject.restricted:
                raise Invalid({"person": _("Say who: this case is for named members alone.")})
            return
        theirs = actor_of(person, agency)
        if theirs is None or not theirs.may("tasks.work"):
            raise Invalid({"person": _("Choose a person who does casework in that agency.")})
        if subject.restricted and not policy.live_members(subject).filter(user=person).exists():
            raise Invalid({"person": _("Name this person to the restricted case first.")})

    def answerable(self, subject: Case) -> tuple[Agency, User | None]:
        return subject.lead_agency, subject.person_in_charge

    def follow(self, subject: Case) -> None:
        follow_tasks(subject)


def notes_seen(actor: Actor, case: Any) -> QuerySet[ProgressNote]:
    """Return the entries of a visible case's record that the actor reads."""
    return ProgressNote.objects.filter(policy.in_audience(actor), case=case)


def plans_seen(actor: Actor, case: Any) -> QuerySet[SupportPlan]:
    """Return the plans of a visible case that the actor reads."""
    return SupportPlan.objects.filter(policy.plan_is_read(actor), case=case)
