"""From the list to the watch: screening out, the first visit, the wish, and what is put right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from carenet.agencies.actions import end_membership
from carenet.agencies.models import Membership
from carenet.core.errors import Conflict, Invalid
from carenet.residents.actions import end_record, merge, unmerge
from carenet.watchlists.actions.entries import assign, refuse, screen, undo, visit, wants
from carenet.watchlists.models import ListEntry
from carenet.watchlists.states import LIST_MOVES, ListState, ListVerb
from carenet.watchover.actions.transitions import move
from carenet.watchover.states import WatchEndReason, WatchVerb
from tests.factories import a_resident
from tests.watchlists.lists import HOW, a_line, come_to, listed, sent, take_in
from tests.watchover.watches import Neighbourhood, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
VERBS = {
    ListVerb.SCREEN: lambda actor, pk: screen(actor=actor, entry_id=pk, because="in_care"),
    ListVerb.VISIT: lambda actor, pk: visit(actor=actor, entry_id=pk),
    ListVerb.WANTS: lambda actor, pk: wants(actor=actor, entry_id=pk),
    ListVerb.REFUSE: lambda actor, pk: refuse(actor=actor, entry_id=pk),
}


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
