"""The rule of the list and the rule of the object are one for the city's list, too."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.residents import policy as residents
from carenet.watchlists import policy
from carenet.watchlists.models import ListEntry, WatchList
from carenet.watchlists.states import ListState
from tests.access.combinations import ACTORS, World, a_world
from tests.factories import a_resident, an_agency

VISITORS = ("here named watcher", "there staff", "ward named coordinator", None)
#: For how many days the basis lasts; None: without end.
BASES = (None, 0, -1)
#: How many days ago the person decided.
DECIDED = (1, 40)


@pytest.fixture(scope="module")
def world(for_one_file: None) -> World:  # noqa: ARG001 - ordering
    return a_world()


@pytest.fixture(scope="module")
def entries(world: World) -> list[ListEntry]:
    """Every state, visitor and end, for `here`, `there`, and an agency of another ward."""
    elsewhere = an_agency(AgencyKind.CARE_PLAZA, municipality_code="141011")
    agencies = [world.agencies["here"], world.agencies["there"], elsewhere]
    lists = [_a_list(agency, basis) for agency, basis in product(agencies, BASES)]
    return [
        _an_entry(world, each, state, visitor, days)
        for each in lists
        for state, visitor, days in product(ListState, VISITORS, DECIDED)
    ]


@pytest.fixture(params=ACTORS)
def actor(request: pytest.FixtureRequest, world: World) -> Actor:
    return world.actors[request.param]


def _a_list(agency: Agency, days: int | None) -> WatchList:
    today = timezone.localdate()
    until = None if days is None else today + timedelta(days=days)
    return WatchList.objects.create(
        name=f"名簿 {days}", delivered_on=today, agency=agency, by_agency=agency,
        sharing_basis="CLEAR_BENEFIT", basis_until=until,
    )  # fmt: skip


def _an_entry(
    world: World, watch_list: WatchList, state: ListState, visitor: str | None, days: int
) -> ListEntry:
    now = timezone.now()
    before = now - timedelta(days=days)
    sent = world.actors[visitor] if visitor else None
    entry = ListEntry.objects.create(
        watch_list=watch_list,
        key=f"{state} {visitor} {days}",
        state=state,
        resident=a_resident(world.actors["there staff"], new_because="表のため"),
        visitor=sent.user if sent else None,
        visitor_agency=sent.agency if sent else None,
        screened_because="other" if state == ListState.SCREENED else "",
        screened_at=now if state == ListState.SCREENED else None,
        visited_at=before if state in {"visited", "wants", "refused"} else None,
        decided_at=before if state in {"wants", "refused"} else None,
    )
    return ListEntry.objects.select_related("watch_list__agency").get(pk=entry.pk)


def test_entries(entries: list[ListEntry], actor: Actor) -> None:
    seen = set(policy.entries_visible_to(actor))
    assert seen == {each for each in entries if policy.can_view_entry(actor, each)}


def test_who_is_sent(entries: list[ListEntry], actor: Actor) -> None:
    found = set(ListEntry.objects.filter(policy.sent_to(actor)))
    assert found == {each for each in entries if policy.is_sent(actor, each)}


@pytest.mark.usefixtures("entries")
def test_lists(actor: Actor) -> None:
    kept = set(WatchList.objects.filter(policy.lists_of(actor)))
    lists = WatchList.objects.select_related("agency")
    assert kept == {each for each in lists if policy.manages_list(actor, each.agency)}


def test_whoever_acts_on_an_entry_sees_it(entries: list[ListEntry], actor: Actor) -> None:
    seen = set(policy.entries_visible_to(actor))
    for rule in (policy.can_manage_entry, policy.can_visit):
        assert {each for each in entries if rule(actor, each)} <= seen


def test_only_who_keeps_the_list_sees_the_record_of_the_person(
    entries: list[ListEntry], actor: Actor
) -> None:
    seen = set(residents.visible_to(actor).values_list("pk", flat=True))
    for each in entries:
        if each.resident_id in seen and not policy.manages_list(actor, each.watch_list.agency):
            assert each.resident
            assert each.resident.registered_by_id == actor.agency_id


def test_it_is_worth_looking_at(world: World, entries: list[ListEntry]) -> None:
    numbers = [policy.entries_visible_to(each).count() for each in world.actors.values()]
    assert len(set(numbers)) > len(VISITORS)
    assert max(numbers) < len(entries)
