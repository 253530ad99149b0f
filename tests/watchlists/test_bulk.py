"""Many entries of a list are led on at once."""

from __future__ import annotations

import pytest

from carenet.core.errors import Conflict, NotFound
from carenet.watchlists.actions.bulk import transition_many
from carenet.watchlists.models import ListEntry, WatchList
from carenet.watchlists.states import ListVerb
from tests.factories import NOWHERE, api
from tests.watchlists.lists import ENTRIES, come_to, listed
from tests.watchover.watches import Neighbourhood, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_many_are_led_on_as_one_is(who: Neighbourhood) -> None:
    entries = listed(who.desk, 3)
    ids = [entry.pk for entry in entries]
    transition_many(actor=who.desk, entry_ids=ids[:1], verb=ListVerb.SCREEN, because="in_care")
    transition_many(actor=who.desk, entry_ids=ids[1:], verb=ListVerb.VISIT, at=at(20))
    transition_many(actor=who.desk, entry_ids=ids[1:2], verb=ListVerb.WANTS)
    transition_many(actor=who.desk, entry_ids=ids[2:], verb=ListVerb.REFUSE)
    found = ListEntry.objects.order_by("id")
    assert list(found.values_list("state", flat=True)) == ["screened", "wants", "refused"]
    assert [each.events.count() for each in found] == [2, 3, 3]
    assert found[1].visited_at == at(20)


def test_where_one_cannot_be_led_on_none_is(who: Neighbourhood) -> None:
    entries = listed(who.desk, 2)
    come_to(who.desk, entries[1], "refused")
    ids = [entry.pk for entry in entries]
    with pytest.raises(Conflict):
        transition_many(actor=who.desk, entry_ids=ids, verb=ListVerb.SCREEN, because="in_care")
    with pytest.raises(NotFound):
        transition_many(actor=who.watcher, entry_ids=ids, verb=ListVerb.VISIT)
    states = ListEntry.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["listed", "refused"]


def test_many_are_screened_out_by_the_api(who: Neighbourhood) -> None:
    ids = [str(entry.pk) for entry in listed(who.desk, 2)]
    body = {"entries": ids, "because": "known_elsewhere", "note": "民児協で確認"}
    answer = api(who.desk).post(f"{ENTRIES}screen/", body, format="json")
    assert [row["state"] for row in answer.data["entries"]] == ["screened"] * 2


@pytest.mark.parametrize("verb", ["screen", "send"])
def test_many_of_whom_one_is_out_of_reach_are_refused_without_saying_which(
    who: Neighbourhood, entry: ListEntry, verb: str
) -> None:
    body = {"entries": [str(entry.pk), str(NOWHERE)]}
    more = {"because": "moved"} if verb == "screen" else {"visitor": None}
    answer = api(who.desk).post(f"{ENTRIES}{verb}/", body | more, format="json")
    assert answer.status_code == 400
    assert "errors" in answer.data
    assert ListEntry.objects.get().state == "listed"


def test_a_kept_answer_about_many_is_not_given_again_to_who_lost_sight_of_them(
    who: Neighbourhood,
) -> None:
    ids = [str(entry.pk) for entry in listed(who.desk, 2)]
    client, key = api(who.desk), {"Idempotency-Key": "list-1"}
    body = {"entries": ids, "because": "moved"}
    first = client.post(f"{ENTRIES}screen/", body, format="json", headers=key)
    again = client.post(f"{ENTRIES}screen/", body, format="json", headers=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    WatchList.objects.update(agency=who.watcher.agency)
    assert client.post(f"{ENTRIES}screen/", body, format="json", headers=key).status_code == 404
