"""Work goes on in steps: what has been done stays done, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import timezone, translation
from pytest_django import Settings

from carenet.agencies.actions import end_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict, Invalid
from carenet.jobs import policy
from carenet.jobs.actions import apply_preview, cancel, content_of, run_one_batch, start
from carenet.jobs.actions.runner import AT_WORK, MOST_FAILURES
from carenet.jobs.models import Job
from carenet.jobs.tasks import go_on
from tests.factories import a_member
from tests.jobs.fake_job import PIECES, Counting
from tests.reminders.locks import other_session

pytestmark = pytest.mark.django_db


def asked_for(actor: Actor, **options: Any) -> Job:
    return start(actor=actor, kind="test.counting", options=options, content=b"given")


def step() -> bool:
    return run_one_batch(now=timezone.now())


@pytest.fixture
def unhurried(settings: Settings) -> None:
    """A sweep that has time enough on any machine."""
    settings.REMINDER_SWEEP_SECONDS = 600


@contextmanager
def another_process_at_work() -> Iterator[None]:
    with other_session() as other, other.transaction():
        row = other.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [AT_WORK]
        ).fetchone()
        assert row == (True,)
        yield


def to_the_end() -> None:
    while step():
        pass


def test_a_step_moves_the_count_and_the_last_ends_it(actor: Actor, counting: Counting) -> None:
    job = asked_for(actor)
    assert (job.state, job.done, job.total) == ("waiting", 0, PIECES)
    step()
    job.refresh_from_db()
    assert (job.state, job.done, job.percent) == ("running", 1, 25)
    to_the_end()
    job.refresh_from_db()
    assert (job.state, job.done, job.percent) == ("done", PIECES, 100)
    assert job.counts == {"taken": 3, "refused": 1}
    assert job.told == [{"line": 2, "key": "", "words": "no"}]
    assert content_of(job) == b"0\n1\n2\n3\n"
    assert counting.asked == ["", "1", "2", "3"]


def test_a_step_that_breaks_off_is_done_again_from_where_the_last_one_ended(
    actor: Actor, counting: Counting
) -> None:
    counting.breaks_off_at["2"] = RuntimeError("the worker was killed")
    job = asked_for(actor)
    for _each in range(3):
        step()
    job.refresh_from_db()
    assert (job.state, job.done, job.at) == ("running", 2, "2")
    counting.breaks_off_at.clear()
    to_the_end()
    job.refresh_from_db()
    assert (job.state, job.counts) == ("done", {"taken": 3, "refused": 1})
    assert content_of(job) == b"0\n1\n2\n3\n"


def test_what_always_breaks_off_is_given_up_and_says_so(actor: Actor, counting: Counting) -> None:
    counting.breaks_off_at["1"] = RuntimeError("a bug")
    job = asked_for(actor)
    for _sweep in range(MOST_FAILURES):
        to_the_end()
    job.refresh_from_db()
    assert (job.state, job.done) == ("failed", 1)
    assert "a bug" not in job.reason
    assert job.reason


@pytest.mark.usefixtures("unhurried")
def test_a_sweep_leaves_what_broke_off_to_the_next(actor: Actor, counting: Counting) -> None:
    counting.breaks_off_at["1"] = RuntimeError("no connection")
    job = asked_for(actor)
    go_on()
    job.refresh_from_db()
    assert (job.state, job.done, job.failures) == ("running", 1, 1)
    counting.breaks_off_at.clear()
    go_on()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", PIECES)


@pytest.mark.usefixtures("counting", "unhurried")
def test_one_process_at_a_time_is_at_long_work(actor: Actor) -> None:
    job = asked_for(actor)
    with another_process_at_work():
        go_on()
        job.refresh_from_db()
        assert (job.state, job.done) == ("waiting", 0)
    go_on()
    job.refresh_from_db()
    assert job.state == "done"
    with another_process_at_work():  # we have let go of it
        pass


@pytest.mark.usefixtures("counting", "unhurried")
def test_work_of_an_unknown_kind_blocks_no_other(actor: Actor) -> None:
    unknown = asked_for(actor)
    Job.objects.filter(pk=unknown.pk).update(kind="of.another.release")
    job = asked_for(actor)
    go_on()
    states = [Job.objects.get(pk=each.pk).state for each in (unknown, job)]
    assert states == ["waiting", "done"]
    cancel(actor=actor, job_id=unknown.pk)
    go_on()
    unknown.refresh_from_db()
    assert unknown.state == "cancelled"
    assert not policy.can_run(actor, unknown.kind)
    assert not policy.can_take(actor, unknown)


def test_what_is_refused_ends_it_with_the_reason_in_the_owners_language(
    actor: Actor, counting: Counting
) -> None:
    counting.breaks_off_at["1"] = Invalid({"basis": "Another basis."})
    with translation.override("en"):
        job = asked_for(actor)
    to_the_end()
    job.refresh_from_db()
    assert (job.state, job.reason, job.done) == ("failed", "Another basis.", 1)
    assert not job.files


def test_it_is_cancelled_after_the_step_that_it_is_on(actor: Actor, counting: Counting) -> None:
    job = asked_for(actor)
    step()
    cancel(actor=actor, job_id=job.pk)
    to_the_end()
    job.refresh_from_db()
    assert (job.state, job.done, job.counts) == ("cancelled", 1, {"taken": 1})
    assert not job.files
    assert counting.asked == [""]


def test_what_has_ended_is_not_cancelled(actor: Actor, counting: Counting) -> None:
    job = asked_for(actor)
    to_the_end()
    with pytest.raises(Conflict):
        cancel(actor=actor, job_id=job.pk)
    assert len(counting.asked) == PIECES


@pytest.mark.usefixtures("counting")
def test_rights_that_have_ended_end_the_work(actor: Actor) -> None:
    job = asked_for(actor)
    a_member(actor.agency)
    membership = Membership.objects.get(user=actor.user)
    end_membership(actor=None, membership=membership)
    to_the_end()
    job.refresh_from_db()
    assert (job.state, job.done) == ("failed", 0)


@pytest.mark.usefixtures("counting")
def test_two_pieces_of_work_take_turns(actor: Actor) -> None:
    one, two = asked_for(actor), asked_for(actor)
    step()
    step()
    assert {Job.objects.get(pk=each.pk).done for each in (one, two)} == {1}


@pytest.mark.usefixtures("counting")
def test_one_person_has_so_much_under_way_and_no_more(actor: Actor) -> None:
    for _each in range(3):
        asked_for(actor)
    with pytest.raises(Conflict):
        asked_for(actor)


@pytest.mark.usefixtures("counting")
def test_what_cannot_begin_leaves_nothing(actor: Actor) -> None:
    with pytest.raises(Invalid):
        asked_for(actor, wrong=True)
    assert not Job.objects.exists()


def test_what_takes_a_file_is_a_preview_and_is_carried_out_once(
    actor: Actor, uploaded: Counting
) -> None:
    preview = asked_for(actor)
    with pytest.raises(Conflict):
        apply_preview(actor=actor, job_id=preview.pk)
    to_the_end()
    job = apply_preview(actor=actor, job_id=preview.pk)
    assert (preview.preview, job.preview, job.follows) == (True, False, preview)
    with pytest.raises(Conflict):
        apply_preview(actor=actor, job_id=preview.pk)
    to_the_end()
    assert len(uploaded.asked) == 2 * PIECES


@pytest.mark.usefixtures("counting")
def test_the_trail_says_who_asked_and_how_it_ended(actor: Actor) -> None:
    job = asked_for(actor)
    to_the_end()
    told = AuditEntry.objects.filter(object_ids=[job.pk]).order_by("time", "id")
    assert [(each.action, each.actor_kind) for each in told] == [
        ("job.start", "user"),
        ("job.end", "system"),
    ]
