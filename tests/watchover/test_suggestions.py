"""Who might look in on whom: computed for all together, whatever people and watchers there are."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from carenet.watchover.suggestions import (
    Nearness,
    Spot,
    WatcherLoad,
    Wish,
    nearness,
    suggest,
)

HERE = Spot("綱島東", 1, frozenset({"綱島"}), frozenset({"綱島", "北"}))
THERE = Spot("綱島東", 2, frozenset({"綱島"}), frozenset({"綱島", "北"}))
NEXT = Spot("綱島西", 1, frozenset({"綱島"}), frozenset({"綱島", "南"}))
FAR = Spot("大豆戸町", None, frozenset({"大豆戸"}), frozenset({"大豆戸"}))
SPOTS = st.sampled_from([HERE, THERE, NEXT, FAR])
KEYS = st.sampled_from("abcde")
WISHES = st.lists(
    st.builds(
        Wish,
        key=st.uuids(),
        spot=st.none() | SPOTS,
        protected=st.booleans(),
        visitor=st.none() | KEYS,
        watched_by=st.frozensets(KEYS, max_size=2),
    ),
    max_size=8,
    unique_by=lambda each: each.key,
)
WATCHERS = st.lists(
    st.builds(
        WatcherLoad,
        key=KEYS,
        load=st.integers(0, 4),
        most=st.integers(0, 4),
        term_ends=st.booleans(),
        spots=st.lists(SPOTS, max_size=2).map(tuple),
        areas=st.frozensets(st.sampled_from(["綱島", "大豆戸", "北"])),
    ),
    max_size=5,
    unique_by=lambda each: each.key,
)


@settings(max_examples=60, deadline=None)
@given(WISHES, WATCHERS)
def test_whatever_is_suggested_may_be(wishes: list[Wish], watchers: list[WatcherLoad]) -> None:
    done = suggest(wishes, watchers)
    of_wish = {each.key: each for each in wishes}
    of_watcher = {each.key: each for each in watchers}
    for each in done.found:
        wish, watcher = of_wish[each.wish], of_watcher[each.watcher]
        assert not wish.protected
        assert watcher.key not in wish.watched_by
        assert each.nearness == nearness(wish, watcher)  # there is a reason, and it is the one told
        assert (each.load, each.most) == (watcher.load, watcher.most)
    taken = Counter(each.watcher for each in done.found)
    assert all(number <= of_watcher[key].free for key, number in taken.items())
    told = [each.wish for each in done.found] + list(done.nobody)
    assert sorted(told, key=str) == sorted(
        (each.key for each in wishes if not each.protected), key=str
    )


@settings(max_examples=30, deadline=None)
@given(WISHES, WATCHERS)
def test_nobody_stays_without_while_somebody_near_has_room(
    wishes: list[Wish], watchers: list[WatcherLoad]
) -> None:
    done = suggest(wishes, watchers)
    taken = Counter(each.watcher for each in done.found)
    left = [each for each in wishes if each.key in set(done.nobody)]
    for who in watchers:
        if taken[who.key] < who.free:
            assert not [each for each in left if nearness(each, who) is not None]


def test_the_nearer_is_suggested_and_the_less_busy_among_the_near() -> None:
    near = WatcherLoad("near", load=1, most=9, spots=(HERE,))
    busy = WatcherLoad("busy", load=5, most=9, spots=(HERE,))
    far = WatcherLoad("far", most=9, areas=frozenset({"北"}))
    [found] = suggest([Wish(1, HERE)], [busy, far, near]).found
    assert (found.watcher, found.nearness) == ("near", Nearness.SAME_CHOME)


def test_how_near_is_told_by_what_they_look_in_on() -> None:
    for spot, expected in ((HERE, 1), (THERE, 2), (NEXT, 3), (FAR, None)):
        assert nearness(Wish(1, HERE), WatcherLoad("a", most=1, spots=(spot,))) == expected
    assert nearness(Wish(1, HERE, visitor="a"), WatcherLoad("a", most=1)) == Nearness.VISITED


def test_many_are_shared_out_among_the_near() -> None:
    watchers = [WatcherLoad(each, most=9, spots=(HERE,)) for each in "abc"]
    done = suggest([Wish(number, HERE) for number in range(6)], watchers)
    assert set(Counter(each.watcher for each in done.found).values()) == {2}


def test_a_term_that_ends_soon_is_told_and_weighs() -> None:
    ending = WatcherLoad("ending", most=9, spots=(HERE,), term_ends=True)
    lasting = WatcherLoad("lasting", load=2, most=9, spots=(HERE,))
    [found] = suggest([Wish(1, HERE)], [ending, lasting]).found
    assert found.watcher == "lasting"
    [found] = suggest([Wish(1, HERE)], [ending]).found
    assert found.term_ends
