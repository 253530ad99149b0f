"""A ceiling per person and per system, so that one runaway loop does not stop the rest."""

from __future__ import annotations

import pickle

import pytest
import redis
from django.core.cache import cache, caches
from rest_framework.test import APIClient

from carenet.agencies.models import Agency
from carenet.residents.models import Resident
from carenet.rest.throttles import PrincipalThrottle
from tests.factories import a_member, a_system, api
from tests.rest.raw_requests import code_of

CASES = "/api/v1/cases/"


@pytest.fixture(autouse=True)
def two_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PrincipalThrottle, "rate", "2/hour", raising=False)


def statuses(caller: APIClient, number: int = 3) -> list[int]:
    return [caller.get(CASES).status_code for _ in range(number)]


def test_the_cache_holds_json_and_runs_nothing() -> None:
    cache.set("seen", [1.5, "二"])
    key, client = cache.make_key("seen"), redis.from_url(caches.settings["default"]["LOCATION"])
    assert client.get(key) == b'[1.5, "\\u4e8c"]'
    client.set(key, pickle.dumps({"a": 1}))
    assert cache.get("seen", "absent") == "absent"


def test_above_the_ceiling_it_says_when_to_come_back(client: APIClient) -> None:
    statuses(client, 2)
    answer = client.get(CASES)
    assert code_of(answer, 429) == "throttled"
    assert 1 <= int(answer["Retry-After"]) <= 3600


def test_a_write_above_the_ceiling_has_no_effect(client: APIClient) -> None:
    statuses(client, 2)
    assert client.post("/api/v1/residents/", {"family_name": "髙橋"}).status_code == 429
    assert not Resident.objects.exists()


def test_a_colleague_has_a_ceiling_of_their_own(client: APIClient, plaza: Agency) -> None:
    assert statuses(client) == [200, 200, 429]
    assert statuses(api(a_member(plaza))) == [200, 200, 429]


def test_so_has_each_of_an_agencys_systems(plaza: Agency) -> None:
    assert statuses(a_system(plaza)) == statuses(a_system(plaza)) == [200, 200, 429]
