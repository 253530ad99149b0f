"""Long work is its owner's alone, for the agency for which it was asked."""

from __future__ import annotations

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.roles import HUMAN_ROLES, Role
from carenet.core.errors import Forbidden, NotFound
from carenet.jobs import policy
from carenet.jobs.actions import cancel, start
from carenet.jobs.models import Job
from tests.factories import a_member, an_agency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counting")]


@pytest.fixture
def job(actor: Actor) -> Job:
    return start(actor=actor, kind="test.counting", options={})


def others(actor: Actor) -> list[Actor]:
    """A colleague in each role, and the owner at another agency."""
    elsewhere = a_member(an_agency(), user=actor.user)
    return [elsewhere, *(a_member(actor.agency, role) for role in sorted(HUMAN_ROLES))]


def test_nobody_but_its_owner_sees_it(actor: Actor, job: Job) -> None:
    assert list(policy.visible_to(actor)) == [job]
    assert policy.can_view(actor, job)
    assert policy.can_end(actor, job)
    for other in others(actor):
        assert not policy.visible_to(other).exists()
        assert not policy.can_view(other, job)
        assert not policy.can_end(other, job)
        assert not policy.can_take(other, job)
        with pytest.raises(NotFound):
            cancel(actor=other, job_id=job.pk)


def test_it_asks_the_ability_of_the_same_thing_done_singly(actor: Actor) -> None:
    auditor = a_member(actor.agency, Role.AUDITOR)
    assert policy.can_run(actor, "test.counting")
    with pytest.raises(Forbidden):
        start(actor=auditor, kind="test.counting", options={})


def test_a_watcher_lets_nothing_run(actor: Actor) -> None:
    watcher = a_member(actor.agency, Role.WATCHER)
    assert not policy.can_run(watcher, "list.export")
