"""Two records become one: their watches and pauses follow."""

from __future__ import annotations

import pytest
import time_machine

from carenet.core.errors import Conflict
from carenet.residents.actions import merge
from carenet.residents.models import Resident
from carenet.watchover.actions.pauses import end_pause, pause
from carenet.watchover.models import Pause, WatchAssignment
from tests.factories import a_resident
from tests.watchover.watches import Neighbourhood, a_watch, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(who: Neighbourhood) -> Resident:
    """The same person, registered once more."""
    return a_resident(who.desk, given_name="いちろう")


def merge_into(twin: Resident, watch: WatchAssignment, who: Neighbourhood) -> None:
    merge(actor=who.desk, survivor_id=twin.pk, loser_id=watch.resident_id, reason="同じ人")


def test_a_watch_follows_its_person(
    who: Neighbourhood, watch: WatchAssignment, twin: Resident
) -> None:
    merge_into(twin, watch, who)
    watch.refresh_from_db()
    assert watch.resident == twin


def test_the_same_watcher_twice_is_decided_by_somebody(
    who: Neighbourhood, watch: WatchAssignment, twin: Resident
) -> None:
    a_watch(who, resident=twin)
    with pytest.raises(Conflict) as problem:
        merge_into(twin, watch, who)
    assert problem.value.reason_code == "watched_twice"


def test_of_two_open_pauses_one_goes_on(
    who: Neighbourhood, watch: WatchAssignment, twin: Resident
) -> None:
    other = a_watch(who, resident=twin, watcher=who.backup.user, backup=None, backup_agency=None)
    with time_machine.travel(at(24, "10:00"), tick=False):
        for each in (watch, other):
            pause(actor=who.desk, assignment_id=each.pk, reason="hospital")
    with time_machine.travel(at(24, "11:00"), tick=False):
        merge_into(twin, watch, who)
    (left,) = Pause.objects.filter(resident=twin, until=None)
    with time_machine.travel(at(24, "12:00"), tick=False):
        end_pause(actor=who.desk, pause_id=left.pk)
    assert not Pause.objects.filter(resident=twin, until=None).exists()
