"""A real worker is killed in the middle of a step: the next one does that step, and does it once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from carenet.jobs.actions import apply_preview, start
from carenet.jobs.models import Job
from carenet.watchlists.models import ListEntry, ListEvent
from tests.factories import a_member, an_agency
from tests.reminders.celery_processes import Crew
from tests.reminders.locks import nobody_writes_to
from tests.watchlists.test_files import CSV, HEAD, to_its_end


@pytest.fixture
def crew(tmp_path: Path, settings: Settings) -> Iterator[Crew]:
    settings.STORAGES = {
        **settings.STORAGES,
        "attachments": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    crew = Crew(
        tmp_path,
        {
            "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
            "JOB_FILES": str(tmp_path / "files"),
            "REMINDER_CONSOLE": "",
        },
    )
    yield crew
    crew.disband()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_mid_step_leaves_the_step_to_the_next(crew: Crew) -> None:
    actor = a_member(an_agency())
    preview = start(actor=actor, kind="list.import", options=HEAD, content=CSV.encode())
    job = apply_preview(actor=actor, job_id=to_its_end(preview).pk)
    crew.beat()
    with nobody_writes_to(ListEvent):
        worker = crew.worker()
        crew.until(somebody_waits_to_write)
        crew.kill(worker)
        assert Job.objects.get(pk=job.pk).done == 0
        assert not ListEntry.objects.exists()
    crew.worker()
    crew.until(Job.objects.filter(pk=job.pk, state="done").exists)
    job.refresh_from_db()
    assert (job.done, job.counts, job.files) == (3, {"registered": 3}, [])
    assert ListEvent.objects.count() == ListEntry.objects.count() == 3


def somebody_waits_to_write() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass",
            [ListEvent._meta.db_table],
        )
        return bool(cursor.fetchone() != (0,))
