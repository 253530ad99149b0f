"""An inbox is its owner's, and for one agency at a time."""

from __future__ import annotations

import pytest

from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import Role
from carenet.reminders.models import InboxEntry
from carenet.reminders.policy import can_view, visible_to
from carenet.reminders.registry import Recipient
from tests.reminders.conftest import NOW, Asked, sweep_at
from tests.reminders.fake_kinds import Errand
from tests.reminders.people import a_member, acting, an_agency, systems

pytestmark = pytest.mark.django_db


def test_a_person_reads_what_was_sent_to_them(asked: Asked, person: User, agency: Agency) -> None:
    asked()
    sweep_at(NOW)
    assert [entry.user for entry in visible_to(acting(person, agency))] == [person]


def test_a_colleague_does_not_read_it(asked: Asked, agency: Agency) -> None:
    asked()
    sweep_at(NOW)
    assert not visible_to(acting(a_member(agency, Role.MANAGER), agency))


def test_acting_for_another_agency_one_does_not_read_it(asked: Asked, person: User) -> None:
    other = an_agency()
    Membership.objects.create(user=person, agency=other, roles=[Role.STAFF])
    asked()
    sweep_at(NOW)
    assert not visible_to(acting(person, other))


def test_an_auditor_has_an_inbox_for_incidents(asked: Asked, person: User, agency: Agency) -> None:
    asked()
    sweep_at(NOW)
    Membership.objects.filter(user=person).update(roles=[Role.AUDITOR])
    assert visible_to(acting(person, agency))


def test_an_agencys_systems_read_its_own_entries_not_those_of_its_people(
    asked: Asked, agency: Agency
) -> None:
    asked()
    sweep_at(NOW)
    assert [entry.user for entry in visible_to(systems(agency))] == [None]


def test_the_list_rule_and_the_object_rule_agree(
    asked: Asked, errand: Errand, agency: Agency, person: User
) -> None:
    other = an_agency()
    people = [
        (person, agency),
        (a_member(agency, Role.MANAGER), agency),
        (a_member(agency, Role.AUDITOR), agency),
        (a_member(other, Role.WATCHER), other),
    ]
    errand.told[0] = [Recipient(user, home) for user, home in people]
    asked()
    sweep_at(NOW)
    actors = [acting(user, home) for user, home in people] + [systems(agency), systems(other)]
    for actor in actors:
        by_object = {e.pk for e in InboxEntry.objects.all() if can_view(actor, e)}
        assert {entry.pk for entry in visible_to(actor)} == by_object
