"""Many watches are put into other hands: the load before and after is shown first."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.watchover.models import WatchAssignment
from tests.factories import a_member, an_agency
from tests.staff.markup import without_layout
from tests.staff.review_requests import assert_few, post, read
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(db: None) -> Neighbourhood:  # noqa: ARG001
    return a_neighbourhood()


@pytest.mark.operation("watch_assignments_reassign_many")
def test_the_load_is_shown_and_then_they_are_in_other_hands(who: Neighbourhood) -> None:
    alone = {"backup": None, "backup_agency": None}
    two = [a_proposal(who, **alone) for _number in range(2)]
    page = f"/review/hands/?watcher={who.watcher.user_id}"
    assert_few(who.desk, page)
    given: dict[str, Any] = {
        "watches": [str(each.pk) for each in two],
        "watcher": f"{who.backup.user_id}.{who.backup.agency_id}",
        "number": 2,
    }
    shown = post(who.desk, page, **given).content.decode()
    assert "Nothing has been changed yet." in shown
    assert [each.watcher for each in WatchAssignment.objects.all()] == [who.watcher.user] * 2
    answer = post(who.desk, page, save=1, **given)
    assert answer["Location"].endswith("&done=hands")
    assert [each.watcher for each in WatchAssignment.objects.all()] == [who.backup.user] * 2
    assert "were put into these hands" in read(who.ward, answer["Location"])


def test_watches_of_others_are_not_offered(who: Neighbourhood) -> None:
    watch = a_proposal(who)
    other = a_member(an_agency())
    page = without_layout(read(other, f"/review/hands/?watcher={who.watcher.user_id}"))
    assert watch.code not in page
    assert "There is no watch here" in page
