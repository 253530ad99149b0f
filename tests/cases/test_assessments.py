"""Each agency's assessment: one version after the other, read by everybody on the case."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.cases.models import Assessment, AssessmentFinding, Case
from tests.cases.paths import at, share
from tests.factories import api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

HEALTH = {"domain": "health", "concern": "some", "text": "ふらつきがある"}


def assess(client: APIClient, case: Case, **more: Any) -> Answer:
    body = {"occasion": "first", "assessed_on": "2026-01-05", "findings": [HEALTH]} | more
    return client.post(at(case, "assessments"), body)


def versions(client: APIClient, case: Case) -> list[tuple[int, bool]]:
    found = client.get(at(case, "assessments")).json()["results"]
    return [(each["number"], each["current"]) for each in found]


def test_it_says_when_who_and_domain_by_domain(
    client: APIClient, worker: Actor, case: Case
) -> None:
    shown = assess(client, case, overall="見守りが要る").json()
    assert shown["author"]["id"] == str(worker.user_id)
    assert (shown["assessed_on"], shown["overall"]) == ("2026-01-05", "見守りが要る")
    assert shown["findings"] == [HEALTH]


def test_the_next_one_replaces_it(client: APIClient, case: Case) -> None:
    first = assess(client, case).json()
    second = assess(client, case, occasion="review").json()
    assert second["replaces"] == first["id"]
    assert versions(client, case) == [(2, True), (1, False)]


def test_a_correction_is_a_version_of_its_own(client: APIClient, case: Case) -> None:
    assert pointers_of(assess(client, case, occasion="correction")) == ["/occasion"]
    assess(client, case)
    assert assess(client, case, occasion="correction").json()["number"] == 2


def test_each_agency_has_its_own(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    share(worker, case, helper.agency_id)
    assess(client, case)
    assert assess(api(helper), case).json()["number"] == 1
    assert versions(client, case) == [(1, True), (1, True)]


def test_who_only_reads_the_case_reads_it_and_writes_none(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    share(worker, case, helper.agency_id, "view_case")
    made = assess(client, case).json()
    assert api(helper).get(at(case, "assessments", made["id"])).status_code == 200
    assert code_of(assess(api(helper), case), 403) == "forbidden"


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"findings": []}, "/findings"),
        ({"findings": [HEALTH, HEALTH]}, "/findings"),
        ({"findings": [HEALTH | {"domain": "x"}]}, "/findings/0/domain"),
        ({"findings": [HEALTH | {"mood": "x"}]}, "/findings/0/mood"),
        ({"assessed_on": "2199-01-01"}, "/assessed_on"),
        ({"occasion": "x"}, "/occasion"),
    ],
)
def test_what_is_wrong_with_it_is_said(
    client: APIClient, case: Case, more: dict[str, Any], pointer: str
) -> None:
    assert pointers_of(assess(client, case, **more)) == [pointer]
    assert versions(client, case) == []


def test_an_ended_case_is_not_assessed(client: APIClient, case: Case) -> None:
    client.post(at(case, "close"), {"reason": "goal_reached"})
    assert code_of(assess(client, case), 409) == "conflict"


def test_nothing_in_it_is_changed(client: APIClient, case: Case) -> None:
    assess(client, case)
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Assessment.objects.update(assessed_on=yesterday)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        AssessmentFinding.objects.all().delete()
