"""A member's cases and tasks go to a colleague, as far as the manager and the colleague see them."""

from __future__ import annotations

from carenet.agencies.registry import HandsOn
from carenet.cases import policy
from carenet.cases.actions.handover import MOST_CASES, Wanted, hand_over
from carenet.cases.selectors.held_work import cases_held, tasks_held
from carenet.tasks.actions import hand_on
from carenet.tasks.policy import visible_to as tasks_visible_to


def pass_cases_on(change: HandsOn) -> None:
    """Hand over every case that the manager sees, with its goals, tasks and referrals."""
    found = policy.visible_to(change.actor).filter(
        pk__in=cases_held(change.membership).values("pk")
    )
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), MOST_CASES):
        hand_over(
            actor=change.actor,
            from_person=change.membership.user_id,
            to_person=change.successor,
            cases=[Wanted(each) for each in ids[start : start + MOST_CASES]],
            reason=change.reason,
        )


def pass_tasks_on(change: HandsOn) -> None:
    """Hand on every task that both see, and that has not gone with its case."""
    seen = [tasks_visible_to(who).values("pk") for who in (change.actor, change.to)]
    found = tasks_held(change.membership).filter(pk__in=seen[0]).filter(pk__in=seen[1])
    for task_id in found.order_by("case", "pk").values_list("pk", flat=True):
        hand_on(actor=change.actor, task_id=task_id, person=change.successor, reason=change.reason)
