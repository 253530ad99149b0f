from __future__ import annotations

import pytest

from carenet.agencies.actors import Actor
from carenet.jobs import registry
from tests.factories import a_member, an_agency
from tests.jobs.fake_job import Counting


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    kind = Counting()
    monkeypatch.setitem(registry._kinds, kind.name, kind)
    return kind


@pytest.fixture
def uploaded(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """The same with a file: what it is asked for is a preview first."""
    kind = Counting(takes_file=True)
    monkeypatch.setitem(registry._kinds, kind.name, kind)
    return kind


@pytest.fixture
def actor(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency())
