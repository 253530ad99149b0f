"""The rule of the list and the rule of the object are one for watches, too, over every combination."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind, User
from carenet.agencies.roles import Role
from carenet.residents import policy as residents
from carenet.watchover import policy
from carenet.watchover.models import Alert, WatchAssignment
from carenet.watchover.states import WatchStatus
from tests.access.combinations import ACTORS, World, a_world
from tests.factories import a_resident, an_agency

#: Until when term and basis last.
ENDS = ("never", "today", "over")
LOOKERS = ("here named watcher", "there staff", "ward named coordinator", None)


@pytest.fixture(scope="module")
def world(for_one_file: None) -> World:  # noqa: ARG001 - ordering
    return a_world()


@pytest.fixture(scope="module")
def watches(world: World) -> list[WatchAssignment]:
    """Every status, end, watcher and backup, for `here`, `there`, and an agency of another ward."""
    elsewhere = an_agency(AgencyKind.CARE_PLAZA, municipality_code="141011")
    agencies = [world.agencies["here"], world.agencies["there"], elsewhere]
    return [
        _a_watch(
            world, agency, status, watcher, backup, basis_until=_end(basis), term_until=_end(term)
        )
        for agency, status, (watcher, backup), (basis, term) in product(
            agencies,
            WatchStatus,
            [(one, other) for one, other in zip(LOOKERS, LOOKERS[1:] + LOOKERS[:1], strict=True)],
            [("never", "never"), ("today", "over"), ("over", "never"), ("never", "today")],
        )
    ]


@pytest.fixture(params=ACTORS)
def actor(request: pytest.FixtureRequest, world: World) -> Actor:
    return world.actors[request.param]


def _end(word: str) -> date | None:
    days = {"never": None, "today": 0, "over": -1}[word]
    return None if days is None else timezone.localdate() + timedelta(days=days)


def _a_watch(
    world: World,
    agency: Agency,
    status: WatchStatus,
    watcher: str | None,
    backup: str | None,
    **ends: date | None,
) -> WatchAssignment:
    now, ended, active = timezone.now(), status == WatchStatus.ENDED, status == WatchStatus.ACTIVE
    people = {
        role: world.actors[name] if name else None
        for role, name in (("watcher", watcher), ("backup", backup))
    }
    of = Actor(agency=agency, roles=frozenset({Role.STAFF}), user=User())
    watch = WatchAssignment.objects.create(
        resident=a_resident(of, address_protected=True, address="港北区"),
        responsible_agency=agency,
        status=status,
        method="visit",
        sharing_basis="CONSENT",
        end_reason="wish" if ended else "",
        ended_at=now if ended else None,
        lay_out_at=now if active else None,
        **{role: actor.user if actor else None for role, actor in people.items()},
        **{f"{role}_agency": actor.agency if actor else None for role, actor in people.items()},
        **ends,
    )
    watch.alerts.create(kind="watcher_silent", level=1, opened_at=now)
    return watch


def test_watches(watches: list[WatchAssignment], actor: Actor) -> None:
    seen = set(policy.visible_to(actor))
    assert seen == {each for each in watches if policy.can_view(actor, each)}


def test_who_keeps_a_watch(watches: list[WatchAssignment], actor: Actor) -> None:
    kept = set(WatchAssignment.objects.filter(policy.watches_of(actor)))
    assert kept == {each for each in watches if policy.is_responsible(actor, each)}


def test_who_is_let_in(watches: list[WatchAssignment], actor: Actor) -> None:
    found = set(WatchAssignment.objects.filter(policy.watched_by(actor)))
    assert found == {each for each in watches if policy.is_watcher(actor, each)}


def test_whoever_acts_on_a_watch_sees_it(watches: list[WatchAssignment], actor: Actor) -> None:
    seen = set(policy.visible_to(actor))
    for rule in (policy.can_change, policy.can_check_in, policy.can_pause, policy.can_read_history):
        assert {each for each in watches if rule(actor, each)} <= seen
    alerts = Alert.objects.select_related("assignment__responsible_agency")
    taken = {each.assignment for each in alerts if policy.can_acknowledge(actor, each)}
    resolved = {each.assignment for each in alerts if policy.can_resolve(actor, each)}
    assert taken | resolved <= seen


def test_only_who_keeps_a_watch_sees_the_record_of_the_person(
    watches: list[WatchAssignment], actor: Actor
) -> None:
    seen = set(residents.visible_to(actor))
    for each in watches:
        registered = actor.does_casework and each.resident.registered_by_id == actor.agency_id
        expected = (registered or policy.is_responsible(actor, each)) and bool(
            actor.may("residents.view")
        )
        assert (each.resident in seen) == expected


@pytest.mark.usefixtures("watches")
def test_an_address_is_shown_as_the_residents_own_rule_says(actor: Actor) -> None:
    visible = policy.visible_to(actor).select_related("resident")
    for each in visible.annotate(shown=policy.shows_address(actor)):
        assert each.shown == bool(residents.can_see_address(actor, each.resident))


def test_has_perm_answers_like_the_rule(watches: list[WatchAssignment], actor: Actor) -> None:
    user = actor.user or User()
    user.actor = actor  # type: ignore[attr-defined]
    for each in watches[::3]:
        seen, changed = policy.can_view(actor, each), policy.can_change(actor, each)
        assert user.has_perm("watchover.view_watchassignment", each) == bool(seen)
        assert user.has_perm("watchover.change_watchassignment", each) == bool(changed)
        assert not user.has_perm("watchover.delete_watchassignment", each)


def test_it_is_worth_looking_at(world: World, watches: list[WatchAssignment]) -> None:
    numbers = {policy.visible_to(actor).count() for actor in world.actors.values()}
    assert min(numbers) == 0
    assert len(numbers) > 4
    assert max(numbers) < len(watches)
