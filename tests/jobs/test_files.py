"""Files of long work: kept as long as they are needed, and no longer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from carenet.agencies.actors import Actor
from carenet.jobs.actions import apply_preview, delete_ended
from carenet.jobs.actions.storage import store
from carenet.jobs.models import Job
from carenet.rest.stored_files import file_storage
from tests.jobs.fake_job import PIECES, Counting
from tests.jobs.test_runner import asked_for, step, to_the_end

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("uploaded")
def test_an_uploaded_file_is_deleted_when_its_work_has_ended(
    actor: Actor, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    preview = asked_for(actor)
    to_the_end()
    preview.refresh_from_db()
    (name,) = preview.files
    with django_capture_on_commit_callbacks(execute=True):
        apply_preview(actor=actor, job_id=preview.pk)
        assert file_storage().exists(name)
        to_the_end()
    assert not file_storage().exists(name)


@pytest.mark.usefixtures("counting")
def test_it_is_forgotten_with_its_file_some_days_after_its_end(
    actor: Actor,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    job = asked_for(actor)
    to_the_end()
    job.refresh_from_db()
    asked_for(actor)
    assert delete_ended(now=timezone.now() + days(settings.JOB_KEEP_DAYS - 1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_ended(now=timezone.now() + days(settings.JOB_KEEP_DAYS + 1)) == 1
    assert not any(file_storage().exists(name) for name in job.files)
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_file_that_no_row_names_is_deleted_after_a_day() -> None:
    left = store(b"left behind")
    delete_ended(now=timezone.now())
    assert file_storage().exists(left)
    delete_ended(now=timezone.now() + days(2))
    assert not file_storage().exists(left)


def test_a_file_that_cannot_be_read_now_is_kept_and_tried_again(
    actor: Actor,
    uploaded: Counting,
    tmp_path: Path,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.STORAGES = in_a_folder(settings.STORAGES, tmp_path)
    job = asked_for(actor)
    (file,) = (each for each in tmp_path.rglob("*") if each.is_file())
    aside = file.rename(tmp_path / "aside")
    file.mkdir()  # to read a folder is an error of the system, for root as well
    with django_capture_on_commit_callbacks(execute=True):
        step()
    job.refresh_from_db()
    assert (job.state, job.failures) == ("waiting", 1)
    file.rmdir()
    aside.rename(file)
    to_the_end()
    job.refresh_from_db()
    assert (job.state, len(uploaded.asked)) == ("done", PIECES)


@pytest.mark.usefixtures("uploaded")
def test_a_file_that_is_gone_ends_the_work(actor: Actor) -> None:
    job = asked_for(actor)
    file_storage().delete(job.files[0])
    with translation.override("en"):
        Job.objects.update(language="en")
        to_the_end()
    job.refresh_from_db()
    assert (job.state, job.reason) == ("failed", "The file of this work is lost. Begin anew.")


@pytest.mark.usefixtures("uploaded")
def test_a_preview_that_nobody_carries_out_is_forgotten_after_a_day(
    actor: Actor, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    preview, used = asked_for(actor), asked_for(actor)
    to_the_end()
    apply_preview(actor=actor, job_id=used.pk)
    to_the_end()
    preview.refresh_from_db()
    assert delete_ended(now=timezone.now() + days(1) - timedelta(minutes=5)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_ended(now=timezone.now() + days(1) + timedelta(minutes=5)) == 1
    assert not file_storage().exists(preview.files[0])
    assert set(Job.objects.values_list("pk", "follows")) == {
        (used.pk, None),
        (Job.objects.get(follows=used).pk, used.pk),
    }


@pytest.mark.django_db
def test_a_file_that_another_worker_has_just_deleted_is_passed_over(
    tmp_path: Path, settings: Settings
) -> None:
    settings.STORAGES = in_a_folder(settings.STORAGES, tmp_path)
    (tmp_path / "work" / "00").mkdir(parents=True)
    # Listed, but not there when it is asked for: what a deletion in between leaves of it.
    (tmp_path / "work" / "00" / "gone").symlink_to(tmp_path / "nowhere")
    left = store(b"left behind")
    delete_ended(now=timezone.now() + days(2))
    assert not file_storage().exists(left)


def in_a_folder(storages: dict[str, Any], folder: Path) -> dict[str, Any]:
    files = "django.core.files.storage.FileSystemStorage"
    return {**storages, "attachments": {"BACKEND": files, "OPTIONS": {"location": folder}}}


def days(number: int) -> timedelta:
    return timedelta(days=number)
