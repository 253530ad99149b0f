"""Plans over the API, for tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from rest_framework.test import APIClient

from carenet.cases.models import Case
from tests.cases.paths import at

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

GOAL = {"what": "転ばずに外へ出る", "others": "本人"}


def day(days: int) -> str:
    """Return a day that lies so many days ahead of today."""
    found: date = timezone.localdate() + timedelta(days=days)
    return found.isoformat()


def as_days(given: dict[str, int | None]) -> dict[str, str | None]:
    """Return the days that lie so many days ahead of today; None stays none."""
    return {name: None if ahead is None else day(ahead) for name, ahead in given.items()}


def write(client: APIClient, case: Case, *goals: dict[str, Any], **more: Any) -> Answer:
    body = {"overall_aim": "家で暮らし続ける", "goals": list(goals) or [GOAL]} | more
    return client.post(at(case, "plans"), body)


def agree(client: APIClient, case: Case, plan: dict[str, Any], **more: Any) -> Answer:
    days = {"agreed_on": day(0), "valid_from": day(0), "review_on": day(90)}
    return client.post(at(case, "plans", plan["id"], "agree"), days | more)


def agreed(client: APIClient, case: Case, *goals: dict[str, Any], **days: Any) -> dict[str, Any]:
    """Write a plan and put it into force."""
    answer = agree(client, case, write(client, case, *goals).json(), **days)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def review(client: APIClient, case: Case, plan: dict[str, Any], **more: Any) -> Answer:
    words = {
        "reviewed_on": day(0),
        "outcome": "continue",
        "note": "順調",
        "next_review_on": day(90),
    }
    return client.post(at(case, "plans", plan["id"], "review"), words | more)


def settle(
    client: APIClient, case: Case, goal: dict[str, Any], verb: str, note: str = ""
) -> Answer:
    return client.post(at(case, "goals", goal["id"], verb), {"note": note} if note else {})


def statuses(client: APIClient, case: Case) -> list[str]:
    """Return where the plans of a case stand, newest first."""
    return [plan["status"] for plan in client.get(at(case, "plans")).json()["results"]]
