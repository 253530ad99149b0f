"""Who sees an entry of a list, and what of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from carenet.agencies.roles import Role
from carenet.core.errors import Conflict, Forbidden, Invalid, NotFound
from carenet.residents.policy import visible_to
from carenet.watchlists.actions.entries import screen, send, visit
from carenet.watchlists.models import ListEntry
from tests.factories import a_member, api
from tests.watchlists.lists import ENTRIES, HOW, come_to, listed, sent, shown
from tests.watchover.watches import Neighbourhood, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_who_is_sent_sees_name_address_and_phone_of_their_own_and_nothing_else(
    who: Neighbourhood,
) -> None:
    mine, _other = listed(who.ward, 2, agency=who.desk.agency)
    assert shown(who.watcher) == []
    sent(who, mine)
    [row] = shown(who.watcher)
    assert mine.resident
    assert row["id"] == str(mine.pk)
    assert row["resident"] == {
        "id": str(mine.resident_id), "name": "阿久津 正一", "kana": "",
        "address": "大阪市霧立町1番", "address_hidden": False, "phone": "06-6000-0000",
    }  # fmt: skip
    assert (row["key"], row["words"], row["assignment"]) == ("", None, None)
    assert not visible_to(who.watcher).filter(pk=mine.resident.pk).exists()
    assert api(who.watcher).get(f"{ENTRIES}{mine.pk}/events/").status_code == 404
    assert api(who.watcher).get("/api/v1/watch-lists/").data["results"] == []


def test_who_is_sent_does_not_see_a_protected_address(who: Neighbourhood, entry: ListEntry) -> None:
    assert entry.resident
    type(entry.resident).objects.update(address_protected=True)
    sent(who, entry)
    [row] = shown(who.watcher)
    assert (row["resident"]["address"], row["resident"]["address_hidden"]) == (None, True)


def test_who_is_sent_records_the_visit_and_the_wish_and_puts_it_right(
    who: Neighbourhood, entry: ListEntry
) -> None:
    sent(who, entry)
    for verb, state in [("visit", "visited"), ("wants", "wants"), ("undo", "visited"),
                        ("refuse", "refused")]:  # fmt: skip
        answer = api(who.watcher).post(f"{ENTRIES}{entry.pk}/{verb}/", {}, format="json")
        assert (answer.status_code, answer.data["state"]) == (200, state)
    assert ListEntry.objects.get().visited_by == who.watcher.user


@pytest.mark.parametrize(
    ("verb", "body"), [("screen", {"because": "moved"}), ("assign", HOW), ("match", {})]
)
def test_who_is_sent_does_nothing_else(
    who: Neighbourhood, entry: ListEntry, verb: str, body: dict[str, Any]
) -> None:
    come_to(who.desk, sent(who, entry), "wants" if verb == "assign" else "listed")
    if verb == "match":
        body = {"new_because": "別人"}
    answer = api(who.watcher).post(f"{ENTRIES}{entry.pk}/{verb}/", body, format="json")
    assert (answer.status_code, answer.data["code"]) == (403, "not_responsible")


def test_a_basis_that_is_over_shows_nothing_to_who_was_sent(who: Neighbourhood) -> None:
    [entry] = listed(who.ward, agency=who.desk.agency, basis_until=date(2026, 11, 24))
    sent(who, entry)
    assert shown(who.watcher)
    with time_machine.travel(at(25, "00:00"), tick=False):
        assert shown(who.watcher) == []
        with pytest.raises(NotFound):
            visit(actor=who.watcher, entry_id=entry.pk)
        assert shown(who.desk)


def test_who_was_sent_sees_whom_they_visited_for_thirty_days(
    who: Neighbourhood, entry: ListEntry
) -> None:
    come_to(who.desk, sent(who, entry), "refused")
    with time_machine.travel(at(24, "09:59") + timedelta(days=30), tick=False):
        assert shown(who.watcher)
    with time_machine.travel(at(24, "10:01") + timedelta(days=30), tick=False):
        assert shown(who.watcher) == []


def test_the_record_is_open_to_the_ward_as_long_as_something_is_to_be_done(
    who: Neighbourhood, entry: ListEntry
) -> None:
    assert entry.resident
    person = visible_to(who.ward).filter(pk=entry.resident.pk)
    assert person.exists()
    come_to(who.desk, entry, "refused")
    assert not person.exists()
    assert shown(who.ward)


def test_nobody_else_sees_a_list(who: Neighbourhood, entry: ListEntry) -> None:
    stranger = a_member(who.watcher.agency)
    assert shown(stranger) == []
    assert api(stranger).get(f"{ENTRIES}{entry.pk}/").status_code == 404
    with pytest.raises(NotFound):
        screen(actor=stranger, entry_id=entry.pk, because="other")


def test_who_may_not_look_in_is_not_sent(who: Neighbourhood, entry: ListEntry) -> None:
    auditor = a_member(who.watcher.agency, Role.AUDITOR)
    with pytest.raises(Invalid):
        send(actor=who.desk, entry_ids=[entry.pk], visitor=auditor.user, agency=auditor.agency)


def test_all_are_sent_or_none(who: Neighbourhood) -> None:
    one, other = listed(who.desk, 2)
    come_to(who.desk, other, "screened")
    with pytest.raises(Conflict):
        send(actor=who.desk, entry_ids=[one.pk, other.pk], visitor=who.desk.user)
    assert not ListEntry.objects.exclude(visitor=None).exists()


def test_who_is_sent_sends_nobody(who: Neighbourhood, entry: ListEntry) -> None:
    sent(who, entry)
    with pytest.raises(Forbidden):
        send(actor=who.watcher, entry_ids=[entry.pk], visitor=None)


def test_the_list_is_narrowed_by_state_list_and_whether_it_is_clear(who: Neighbourhood) -> None:
    one, other = listed(who.desk, 2)
    come_to(who.desk, other, "visited")
    assert [row["id"] for row in shown(who.desk, state="listed")] == [str(one.pk)]
    assert len(shown(who.desk, list=str(one.watch_list_id))) == 2
    assert shown(who.desk, unclear="true") == []
    for wrong in ({"unclear": "maybe"}, {"list": "x"}, {"area": "x"}, {"state": "lost"}):
        assert api(who.desk).get(ENTRIES, wrong).status_code == 400
