"""The escalation policies of referrals and alerts on their pages."""

from __future__ import annotations

from typing import Any

from carenet.referrals.escalation import ESCALATION_POLICIES, Start, Who
from carenet.referrals.states import ReferralStatus
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.watchover.escalation import DEFAULT_POLICIES as ALERT_POLICIES
from tests.docs.pages import DOCS, names_in, table, text_of

STEPS = ("step 0", "step 1", "step 2", "step 3")
WHO = {
    Who.PERSON: "person",
    Who.PERSON_ELSE_DESK: "person, else staff",
    Who.DESK: "staff",
    Who.MANAGERS: "managers",
    Who.ANYBODY: "anybody",
    Who.COORDINATORS: "coordinators",
}


def test_the_escalation_policies_are_documented() -> None:
    told: list[Any] = []
    for row in table("referrals.md", "kind", "stage", "while", "begins", *STEPS):
        kind, stage = names_in(row["kind"])[0], names_in(row["stage"])[0]
        statuses = {ReferralStatus(name) for name in names_in(row["while"])}
        steps = [row[step] for step in STEPS if row[step]]
        told.append((kind, stage, statuses, row["begins"] == "at once", steps))
    assert told == [
        (
            each.kind,
            each.stage,
            each.statuses,
            each.start is Start.AT_ONCE,
            [f"{step.tier.side}: {WHO[step.tier.who]}" for step in each.steps],
        )
        for each in ESCALATION_POLICIES
    ]


def test_the_escalation_policies_of_alerts_are_documented() -> None:
    rows = table("watchover.md", "kind", *STEPS)
    told = {names_in(row["kind"])[0]: [row[step] for step in STEPS if row[step]] for row in rows}
    assert told == {
        kind: list(map(shown_step, each.steps)) for kind, each in ALERT_POLICIES.items()
    }
    page = text_of(DOCS / "watchover.md")
    for each in ALERT_POLICIES.values():
        assert f"again every {each.repeat_every.seconds // 60} minutes" in page


def shown_step(step: PolicyStep[Any]) -> str:
    minutes = step.after.seconds // 60
    when = f"after {minutes} min" if minutes else "at once"
    return f"`{step.tier}` {when}" + (", open hours" if step.hours is Hours.OFFICE else "")
