"""Administrators: appointed by one, accepted by themselves, ended by another, never the last."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from carenet.administration.actions.appointments import (
    accept_appointment,
    appoint,
    end_appointment,
)
from carenet.administration.models import AdministratorAppointment
from carenet.administration.policy import can_administer
from carenet.administration.selectors import administrator
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict, Forbidden, Invalid
from tests.administration.people import an_administrator
from tests.factories import a_member, a_user, an_agency

pytestmark = pytest.mark.django_db


def test_the_command_makes_the_first_one_who_is_in_office_at_once() -> None:
    person = a_user()
    call_command("create_administrator", person.username, stdout=StringIO())
    assert can_administer(person)
    entry = AuditEntry.objects.filter(action="administrator.appoint").latest("time")
    assert entry.actor_kind == "system"


def test_the_command_asks_for_the_name_of_a_new_account() -> None:
    with pytest.raises(CommandError, match="--name"):
        call_command("create_administrator", "nobody-yet")


def test_who_is_appointed_on_the_screens_is_none_before_they_accept() -> None:
    first, person = an_administrator(), a_user()
    appoint(administrator=first, username=person.username)
    assert administrator(person) is None
    accept_appointment(user=person)
    assert administrator(person)
    entry = AuditEntry.objects.filter(action="administrator.accept").latest("time")
    assert entry.actor_id == str(person.pk)


def test_nobody_who_works_for_an_agency_is_appointed() -> None:
    member = a_member(an_agency())
    assert member.user
    with pytest.raises(Forbidden):
        appoint(administrator=an_administrator(), username=member.user.username)


def test_an_administrator_who_takes_a_place_in_an_agency_administers_no_more() -> None:
    found = an_administrator()
    Membership.objects.create(agency=an_agency(), user=found.user, roles=[Role.STAFF])
    assert administrator(found.user) is None


def test_a_disabled_account_administers_nothing() -> None:
    found = an_administrator()
    found.user.is_active = False
    found.user.save()
    assert administrator(found.user) is None


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(Invalid):
        appoint(administrator=an_administrator(), username="nobody-of-this-name")


def test_nobody_is_appointed_twice() -> None:
    first = an_administrator()
    with pytest.raises(Conflict):
        appoint(administrator=first, username=first.user.username)


def test_an_appointment_that_was_not_accepted_in_time_makes_room_for_another() -> None:
    first, person = an_administrator(), a_user()
    appoint(administrator=first, username=person.username)
    over = timezone.now() - timedelta(seconds=1)
    AdministratorAppointment.objects.filter(user=person).update(until=over)
    with pytest.raises(Conflict):
        accept_appointment(user=person)
    appoint(administrator=first, username=person.username)
    assert AdministratorAppointment.objects.filter(user=person).count() == 2


def test_the_last_administrator_in_office_stays() -> None:
    only = an_administrator()
    own = AdministratorAppointment.objects.get(user=only.user)
    with pytest.raises(Conflict) as refused:
        end_appointment(administrator=only, appointment=own)
    assert refused.value.reason_code == "last_administrator"


def test_an_ended_administrator_administers_nothing_from_then_on() -> None:
    first, second = an_administrator(), an_administrator()
    theirs = AdministratorAppointment.objects.get(user=second.user)
    end_appointment(administrator=first, appointment=theirs)
    assert administrator(second.user) is None
    with pytest.raises(Conflict):
        end_appointment(administrator=first, appointment=theirs)
