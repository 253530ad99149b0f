"""Addresses and small requests about one case, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from tests.factories import api

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer


def at(case: Case, *parts: object) -> str:
    """Return the address of a case, or of something below it."""
    return "/".join(["/api/v1/cases", str(case.pk), *(str(part) for part in parts), ""])


def change(client: APIClient, case: Case, **changes: Any) -> Answer:
    """PATCH the case as it stands now."""
    case.refresh_from_db()
    return client.patch(at(case), changes, headers={"If-Match": f'"{case.version}"'})


def share(
    lead: Actor, case: Case, agency_id: object, permission: str = "co_support_case", **more: Any
) -> str:
    """Let an agency in on the consent named, or for the purpose of the case.

    Return the id of the grant.
    """
    body = {
        "agency": str(agency_id),
        "permission": permission,
        "basis": "CONSENT" if "consent" in more else "WITHIN_PURPOSE",
        "reason": "訪問を分担する",
    }
    answer = api(lead).post(at(case, "grants"), body | more)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def sees(actor: Actor, case: Case) -> bool:
    """Whether the actor finds the case, by its address and in the list alike."""
    client = api(actor)
    found = client.get(at(case)).status_code == 200
    listed = client.get("/api/v1/cases/", {"status": case.status}).json()["results"]
    assert found == (str(case.pk) in {row["id"] for row in listed})
    return found
