"""Many watches in one go: proposed, begun and looked in on, all or none."""

from __future__ import annotations

import pytest

from carenet.core.errors import Conflict, NotFound
from carenet.watchover.actions.check_ins import LookedIn, check_in_many
from carenet.watchover.actions.transitions import begin_many
from carenet.watchover.models import CheckIn, WatchAssignment
from tests.watchover.watches import START, Neighbourhood, a_proposal, daily

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(START, tick=False)]


def test_many_begin_with_what_is_expected_laid_out(who: Neighbourhood) -> None:
    watches = [a_proposal(who), a_proposal(who)]
    begun = begin_many(actor=who.desk, rhythms={each.pk: daily() for each in watches})
    assert {each.pk for each in begun} == {each.pk for each in watches}
    for each in WatchAssignment.objects.all():
        assert each.status == "active"
        assert each.expectations.filter(state="expected").exists()
        verbs = list(each.events.order_by("id").values_list("verb", flat=True))
        assert verbs == ["propose", "schedule", "consent", "activate"]


def test_none_begins_where_one_has_begun_already(who: Neighbourhood) -> None:
    first, second = a_proposal(who), a_proposal(who)
    begin_many(actor=who.desk, rhythms={first.pk: daily()})
    with pytest.raises(Conflict):
        begin_many(actor=who.desk, rhythms={first.pk: daily(), second.pk: daily()})
    second.refresh_from_db()
    assert second.status == "proposed"


def test_a_round_is_recorded_as_a_whole_or_not_at_all(who: Neighbourhood) -> None:
    mine, other = a_proposal(who), a_proposal(who, watcher=None, backup=None)
    begin_many(actor=who.desk, rhythms={mine.pk: daily()})
    with pytest.raises(NotFound):
        check_in_many(
            actor=who.watcher,
            round_=[LookedIn(each.pk, "met", START) for each in (mine, other)],
        )
    assert not CheckIn.objects.exists()
    check_in_many(actor=who.watcher, round_=[LookedIn(mine.pk, "met", START)])
    assert CheckIn.objects.get().assignment_id == mine.pk
