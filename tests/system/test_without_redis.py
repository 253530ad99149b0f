"""While Redis is away, work goes on: the limits of those who have signed in pause, nobody is kept out."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from carenet.watchover.api.public import ConcernThrottle
from tests.factories import PASSWORD, a_member, a_system, an_agency, api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _redis_is_away(settings: Any, tmp_path: Path) -> None:
    caches = deepcopy(configured.CACHES)
    caches["default"]["LOCATION"] = f"unix://{tmp_path}/nobody-listens"
    settings.CACHES = caches


def test_people_sign_in() -> None:
    member = a_member(an_agency())
    assert member.user
    given = {"username": member.user.username, "password": PASSWORD}
    assert api().post("/auth/browser/v1/auth/login", given).status_code == 200


def test_people_work() -> None:
    assert api(a_member(an_agency())).get("/api/v1/cases/").status_code == 200


def test_the_public_form_keeps_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ConcernThrottle, "rate", "2/hour", raising=False)
    given = {
        "danger_to_life": False,
        "reporter_kind": "shop",
        "what": "来ない",
        "where": "大豆戸町",
    }
    codes = [api().post("/api/v1/public/concerns/", given).status_code for _ in range(3)]
    assert codes[2] == 429
    assert 429 not in codes[:2]


def test_partners_get_a_token_and_work() -> None:
    assert a_system(an_agency()).get("/api/v1/cases/").status_code == 200
