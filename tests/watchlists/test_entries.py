"""From the list to the watch: screening out, the first visit, the wish, and what is put right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from carenet.agencies.actions import end_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.core.errors import Conflict, Forbidden, Invalid, NotFound
from carenet.residents.actions import end_record, merge, unmerge
from carenet.residents.policy import visible_to
from carenet.watchlists.actions.bulk import transition_many
from carenet.watchlists.actions.entries import assign, refuse, screen, send, undo, visit, wants
from carenet.watchlists.models import ListEntry, WatchList
from carenet.watchlists.states import LIST_MOVES, ListState, ListVerb
from carenet.watchover.actions.transitions import move
from carenet.watchover.states import WatchEndReason, WatchVerb
from tests.factories import NOWHERE, a_member, a_resident, api
from tests.watchlists.lists import a_line, come_to, listed, take_in
from tests.watchover.watches import Neighbourhood, at

pytestmark = pytest.mark.django_db
ENTRIES = "/api/v1/list-entries/"
HOW: dict[str, Any] = {"method": "visit", "sharing_basis": "CONSENT"}
VERBS = {
    ListVerb.SCREEN: lambda actor, pk: screen(actor=actor, entry_id=pk, because="in_care"),
    ListVerb.VISIT: lambda actor, pk: visit(actor=actor, entry_id=pk),
    ListVerb.WANTS: lambda actor, pk: wants(actor=actor, entry_id=pk),
    ListVerb.REFUSE: lambda actor, pk: refuse(actor=actor, entry_id=pk),
}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(at(24, "10:00"), tick=False):
        yield


@pytest.fixture
def entry(who: Neighbourhood) -> ListEntry:
    return listed(who.ward, agency=who.desk.agency)[0]


def sent(who: Neighbourhood, entry: ListEntry) -> ListEntry:
    [entry] = send(
        actor=who.desk, entry_ids=[entry.pk],
        visitor=who.watcher.user, agency=who.watcher.agency,
    )  # fmt: skip
    return entry


def shown(actor: Actor, **query: str) -> list[dict[str, Any]]:
    answer = api(actor).get(ENTRIES, query)
    assert answer.status_code == 200, answer.data
    rows: list[dict[str, Any]] = answer.data["results"]
    return rows


# Where a verb leads.


@pytest.mark.parametrize("state", ListState.values)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_leads_where_the_table_says_and_nowhere_else(
    who: Neighbourhood, entry: ListEntry, verb: ListVerb, state: str
) -> None:
    come_to(who.desk, entry, state)
    targets = LIST_MOVES[verb].targets
    if state in targets:
        assert VERBS[verb](who.desk, entry.pk).state == targets[ListState(state)]
    else:
        with pytest.raises(Conflict):
            VERBS[verb](who.desk, entry.pk)
        assert ListEntry.objects.get().state == state


def test_every_step_is_in_the_story_with_who_took_it(who: Neighbourhood, entry: ListEntry) -> None:
    come_to(who.desk, sent(who, entry), "wants")
    undo(actor=who.desk, entry_id=entry.pk, note="聞き違い")
    story = entry.events.order_by("id")
    assert list(story.values_list("verb", "came_to")) == [
        ("import", "listed"), ("send", "listed"), ("visit", "visited"), ("wants", "wants"),
        ("undo", "visited"),
    ]  # fmt: skip
    taken_in, *others = story
    assert taken_in.by_user == who.ward.user
    assert {each.by_user for each in others} == {who.desk.user}


@pytest.mark.parametrize(
    ("state", "before"),
    [("screened", "listed"), ("visited", "listed"), ("wants", "visited"), ("refused", "visited")],
)
def test_the_last_step_can_be_taken_back(
    who: Neighbourhood, entry: ListEntry, state: str, before: str
) -> None:
    come_to(who.desk, entry, state)
    found = undo(actor=who.desk, entry_id=entry.pk)
    assert found.state == before
    assert found.decided_at is None
    assert (found.visited_at is None) == (before == "listed")


def test_who_was_visited_and_then_screened_out_comes_back_as_visited(
    who: Neighbourhood, entry: ListEntry
) -> None:
    come_to(who.desk, entry, "visited")
    come_to(who.desk, entry, "screened")
    assert undo(actor=who.desk, entry_id=entry.pk).state == "visited"


def test_there_is_nothing_to_take_back_from_who_is_only_listed(
    who: Neighbourhood, entry: ListEntry
) -> None:
    with pytest.raises(Conflict):
        undo(actor=who.desk, entry_id=entry.pk)


def test_nobody_calls_on_whom_nobody_has_found(who: Neighbourhood) -> None:
    for birth in (date(1941, 12, 8), None):
        a_resident(who.desk, family_name="阿久津", given_name="正一", phone="06-6000-0000",
                   birth_date=birth, new_because="別人")  # fmt: skip
    take_in(who.desk, a_line())
    unclear = ListEntry.objects.get()
    assert unclear.resident is None
    with pytest.raises(Conflict):
        visit(actor=who.desk, entry_id=unclear.pk)
    with pytest.raises(Conflict):
        sent(who, unclear)
    assert screen(actor=who.desk, entry_id=unclear.pk, because="not_alone").state == "screened"


def test_a_first_visit_was_not_next_week(who: Neighbourhood, entry: ListEntry) -> None:
    with pytest.raises(Invalid):
        visit(actor=who.desk, entry_id=entry.pk, at=at(30))


def test_a_visit_may_be_recorded_for_whom_it_was_given_to(
    who: Neighbourhood, entry: ListEntry
) -> None:
    found = visit(actor=who.desk, entry_id=sent(who, entry).pk, at=at(20), by_visitor=True)
    assert (found.visited_by, found.visited_at) == (who.watcher.user, at(20))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "wants"}, {"screened_because": "moved"}, {"state": "screened"},
        {"resident": None}, {"visited_at": at(24)}, {"decided_at": at(24)}, {"words": {}},
        {"state": "lost"},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_holds_no_entry_that_contradicts_itself(
    entry: ListEntry, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ListEntry.objects.filter(pk=entry.pk).update(**wrong)


# Many at once.


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


# The watch that comes of it.


def test_a_wish_becomes_a_watch_in_one_action(who: Neighbourhood, entry: ListEntry) -> None:
    come_to(who.desk, entry, "wants")
    found = assign(
        actor=who.ward, entry_id=entry.pk, watcher=who.watcher.user,
        watcher_agency=who.watcher.agency, **HOW,
    )  # fmt: skip
    watch = found.assignment
    assert watch
    assert (watch.resident, watch.status) == (entry.resident, "proposed")
    assert watch.responsible_agency == who.desk.agency
    assert watch.sharing_basis == "CONSENT"
    with pytest.raises(Conflict):
        assign(actor=who.desk, entry_id=entry.pk, **HOW)


@pytest.mark.parametrize("state", ["listed", "screened", "visited", "refused"])
def test_nobody_is_watched_who_has_not_said_so(
    who: Neighbourhood, entry: ListEntry, state: str
) -> None:
    come_to(who.desk, entry, state)
    with pytest.raises(Conflict):
        assign(actor=who.desk, entry_id=entry.pk, **HOW)


def test_a_wish_is_taken_back_only_once_its_watch_is_over(
    who: Neighbourhood, entry: ListEntry
) -> None:
    come_to(who.desk, entry, "wants")
    watch = assign(actor=who.desk, entry_id=entry.pk, **HOW).assignment
    assert watch
    with pytest.raises(Conflict):
        undo(actor=who.desk, entry_id=entry.pk)
    move(actor=who.desk, assignment_id=watch.pk, verb=WatchVerb.END, reason=WatchEndReason.WISH)
    assert undo(actor=who.desk, entry_id=entry.pk).assignment is None


# Who sees what.


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


# What an entry follows.


def test_a_record_that_ends_screens_its_entries_out(who: Neighbourhood) -> None:
    entries = listed(who.desk, 4)
    for entry, state in zip(entries, ["listed", "visited", "wants", "refused"], strict=True):
        come_to(who.desk, entry, state)
        assert entry.resident_id
        end_record(
            actor=who.desk, resident_id=entry.resident_id, reason="moved_away",
            on=date(2026, 11, 20),
        )  # fmt: skip
    found = ListEntry.objects.order_by("id").values_list("state", "screened_because")
    assert list(found) == [("screened", "moved")] * 3 + [("refused", "")]


@pytest.mark.parametrize(
    ("states", "left"),
    [
        (("listed", "listed"), ("screened", "listed")),
        (("visited", "listed"), ("visited", "screened")),
        (("wants", "refused"), ("wants", "screened")),
        (("refused", "wants"), ("screened", "wants")),
        (("screened", "screened"), ("screened", "screened")),
    ],
)
def test_of_two_entries_of_one_person_the_one_that_has_come_further_goes_on(
    who: Neighbourhood, states: tuple[str, str], left: tuple[str, str]
) -> None:
    loser, survivor = listed(who.desk, 2)
    for entry, state in zip((loser, survivor), states, strict=True):
        come_to(who.desk, entry, state)
    assert loser.resident_id
    assert survivor.resident_id
    merge(
        actor=who.desk, survivor_id=survivor.resident_id, loser_id=loser.resident_id, reason="同一",
    )  # fmt: skip
    found = ListEntry.objects.order_by("id")
    assert tuple(found.values_list("state", flat=True)) == left
    assert {each.resident_id for each in found} == {survivor.resident_id}
    assert found.filter(screened_because="twice").count() == 1
    unmerge(
        actor=who.desk, survivor_id=survivor.resident_id, loser_id=loser.resident_id, reason="別人",
    )  # fmt: skip
    assert ListEntry.objects.get(pk=loser.pk).resident_id == loser.resident_id


def test_who_is_on_the_list_twice_does_not_come_back(who: Neighbourhood) -> None:
    loser, survivor = listed(who.desk, 2)
    assert loser.resident_id
    assert survivor.resident_id
    merge(
        actor=who.desk, survivor_id=survivor.resident_id, loser_id=loser.resident_id, reason="同一",
    )  # fmt: skip
    with pytest.raises(Conflict) as refused:
        undo(actor=who.desk, entry_id=loser.pk)
    assert refused.value.reason_code == "listed_twice"


def test_a_leaver_takes_no_first_visits_along(who: Neighbourhood, entry: ListEntry) -> None:
    sent(who, entry)
    membership = Membership.objects.get(user=who.watcher.user, agency=who.watcher.agency)
    end_membership(actor=None, membership=membership)
    found = ListEntry.objects.get()
    assert (found.visitor, found.visitor_agency) == (None, None)
    assert found.events.order_by("id").last().verb == "send"  # type: ignore[union-attr]
