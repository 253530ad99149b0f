"""Long work leads the lines of a list on, all that stand where the others stand."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.core.errors import Invalid
from carenet.jobs.actions import start
from carenet.watchlists.models import ListEntry, WatchList
from tests.watchlists.lists import come_to, listed
from tests.watchlists.test_files import to_its_end
from tests.watchover.watches import Neighbourhood

pytestmark = pytest.mark.django_db


def options(entries: list[ListEntry], **said: Any) -> dict[str, Any]:
    given = {"step": "to_send", "verb": "screen", "because": "in_care"}
    return {**given, "list": str(entries[0].watch_list_id), "last": str(entries[-1].pk), **said}


def test_all_lines_of_a_step_are_led_on_and_what_is_refused_is_told(who: Neighbourhood) -> None:
    entries = listed(who.desk, 3)
    come_to(who.desk, entries[0], "refused")
    WatchList.objects.update(basis_until="2020-01-01")
    visitor = {"visitor": str(who.desk.user_id), "visitor_agency": str(who.desk.agency_id)}
    job = start(actor=who.desk, kind="list.steps", options=options(entries, verb="send", **visitor))
    job = to_its_end(job)
    assert (job.total, job.done, job.counts) == (2, 2, {"refused": 2})
    assert "has run out" in job.told[0]["words"] or "根拠" in job.told[0]["words"]
    job = to_its_end(start(actor=who.desk, kind="list.steps", options=options(entries)))
    assert job.counts == {"led_on": 2}
    states = ListEntry.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["refused", "screened", "screened"]


@pytest.mark.parametrize("wrong", [{"verb": "eat"}, {"step": "far"}, {"last": "x"}])
def test_work_that_says_nothing_does_not_begin(who: Neighbourhood, wrong: dict[str, str]) -> None:
    entries = listed(who.desk)
    with pytest.raises(Invalid):
        start(actor=who.desk, kind="list.steps", options=options(entries, **wrong))
