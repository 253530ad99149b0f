"""A worker that is killed while it carries a closure out costs one batch; the next one goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carenet.agencies.models import AgencyClosure, ClosureEntry
from carenet.agencies.states import ClosureState
from carenet.agencies.tasks import carry_closures_out
from carenet.cases.models import Case
from tests.agencies.plaza import Plaza, left_on
from tests.factories import a_case
from tests.reminders.celery_processes import Crew
from tests.reminders.locks import nobody_writes_to, somebody_waits_to_write_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    crew = Crew(tmp_path, {"REMINDER_SWEEP_SECONDS": "600"})
    yield crew
    crew.disband()


def test_killed_in_mid_batch_it_has_passed_nothing_on_and_the_next_passes_each_once(
    crew: Crew,
) -> None:
    plaza = Plaza()
    cases = {a_case(plaza.staff).pk for _number in range(3)}
    closure = plaza.confirmed()
    with nobody_writes_to(ClosureEntry):
        worker = crew.worker()
        crew.wake(carry_closures_out.name)
        crew.until(lambda: somebody_waits_to_write_to(ClosureEntry))
        crew.kill(worker)
        assert not Case.objects.exclude(lead_agency=plaza.agency).exists()

    def is_done() -> bool:
        carry_closures_out()
        return AgencyClosure.objects.filter(pk=closure.pk, state=ClosureState.DONE).exists()

    crew.until(is_done)
    passed = closure.entries.filter(kind="cases").values_list("object_id", flat=True)
    assert sorted(passed) == sorted(cases)
    assert left_on(plaza.agency) == {}
