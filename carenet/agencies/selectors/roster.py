"""Who belongs to an agency and who of them is there: read once, asked as often as needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects

from carenet.agencies.actors import Actor
from carenet.agencies.calendars import WorkingCalendar
from carenet.agencies.models import (
    Absence,
    Agency,
    AgencyKind,
    CalendarException,
    Membership,
    User,
    WardSection,
)
from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.core.compiled_queries import CompiledQuery, hang_on


def calendar_of(agency: Agency) -> WorkingCalendar:
    """Return when an agency works: one query, none where its exceptions are known."""
    known: WorkingCalendar | None = agency.__dict__.get("known_calendar")
    return known or WorkingCalendar.of(agency, agency.calendar_exceptions.all())


_EXCEPTIONS = CompiledQuery(
    lambda ids: CalendarException.objects.filter(agency__pk__any_of=ids), ids=[UUID(int=1)]
)


def with_calendars(agencies: Collection[Agency]) -> dict[UUID, Agency]:
    """Return agencies by id, each with what `calendar_of` returns: one query for all."""
    found = {each.pk: each for each in agencies}
    exceptions: dict[UUID, list[CalendarException]] = {pk: [] for pk in found}
    for exception in _EXCEPTIONS.rows(ids=list(found)) if found else ():
        exceptions[exception.agency_id].append(exception)
    for pk, agency in found.items():
        hang_on(agency, "calendar_exceptions", exceptions[pk])
        agency.__dict__["known_calendar"] = WorkingCalendar.of(agency, exceptions[pk])
    return found


def coordinating_office(municipality_code: str) -> Agency | None:
    """Return the ward office of a municipality, whose coordinators are C of its referrals."""
    return (
        Agency.objects.filter(
            kind=AgencyKind.WARD_OFFICE, municipality_code=municipality_code, active=True
        )
        .order_by("id")
        .first()
    )


def section_for(municipality_code: str, section: WardSection) -> Agency | None:
    """Return the section of a municipality's ward office that is for something; None without one."""
    found = Agency.objects.filter(
        kind=AgencyKind.WARD_SECTION,
        section=section,
        municipality_code=municipality_code,
        active=True,
    )
    return found.select_related("parent").order_by("id").first()


def desk_of(agency: Agency) -> Agency:
    """Return at whose desk something for an agency arrives: of a section without people its parent's.

    The agency itself in any other case, or where nobody is at the parent's desk either.
    """
    if agency.kind != AgencyKind.WARD_SECTION or agency.parent is None:
        return agency
    here = set(
        Membership.objects.current()
        .filter(agency__in=[agency.pk, agency.parent.pk], agency__active=True)
        .filter(roles__overlap=sorted(CASEWORK_ROLES))
        .values_list("agency", flat=True)
    )
    return agency.parent if here == {agency.parent.pk} else agency


def sections_without_people() -> QuerySet[Agency]:
    """Return the sections of ward offices that take part and in which nobody does casework."""
    working = Membership.objects.current().filter(
        agency=OuterRef("pk"), roles__overlap=sorted(CASEWORK_ROLES)
    )
    sections = Agency.objects.filter(kind=AgencyKind.WARD_SECTION, active=True)
    return sections.filter(~Exists(working))


@dataclass(frozen=True, slots=True)
class Staff:
    """The current members of an active agency, and who of them is away: two queries."""

    agency: Agency
    members: dict[UUID, Membership]
    away: dict[UUID, UUID | None]

    @classmethod
    def of(cls, agency: Agency, at: datetime | None = None) -> Staff:
        """Return those who are members now, with the absences of then; of now without a moment."""
        return cls.of_many([agency], at)[agency.pk]

    @classmethod
    def of_many(cls, agencies: Iterable[Agency], at: datetime | None = None) -> dict[UUID, Staff]:
        """Return the staff of each of these agencies by its key, for the same two queries."""
        found = {each.pk: cls(each, {}, {}) for each in agencies}
        for each in _current(found).select_related("user"):
            found[each.agency_id].members[each.user_id] = each
        absences = Absence.objects.running(at).filter(membership__in=_current(found))
        rows = absences.order_by("since", "id").values_list(
            "membership__agency", "membership__user", "deputy"
        )
        for agency_id, user_id, deputy_id in rows:
            found[agency_id].away[user_id] = deputy_id
        return found

    def in_roles(self, roles: Iterable[Role]) -> list[User]:
        """Return who holds any of the roles."""
        wanted = frozenset(roles)
        found = [each.user for each in self.members.values() if each.role_set & wanted]
        return sorted(found, key=lambda user: user.pk)

    def on_duty(self, people: Iterable[User]) -> list[User]:
        """Return who of these is there; for whoever is away, the deputy who is.

        A deputy who is away as well is followed to theirs.
        """
        found = dict.fromkeys(self._stand_in(person.pk) for person in people)
        return [self.members[pk].user for pk in found if pk and pk in self.members]

    def actor(self, user: User) -> Actor | None:
        """Return a person as they could act for the agency; None for whoever is no member."""
        member = self.members.get(user.pk)
        return Actor(agency=self.agency, roles=member.role_set, user=user) if member else None

    def _stand_in(self, user_id: UUID) -> UUID | None:
        """Follow deputies to the first who is not away; None where that leads to nobody."""
        seen: set[UUID] = set()
        while user_id in self.away and user_id not in seen:
            seen.add(user_id)
            deputy = self.away[user_id]
            if deputy is None:
                return None
            user_id = deputy
        return None if user_id in seen else user_id


class Roster:
    """Agencies as they stand, each read once: for as long as one piece of work lasts, no longer."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at
        self._expected: dict[UUID, Agency] = {}
        self._members: dict[UUID, dict[UUID, Membership]] = {}
        self._staff: dict[UUID, Staff] = {}
        self._calendars: dict[UUID, WorkingCalendar] = {}
        self._offices: dict[str, Agency | None] = {}

    def expect(self, agencies: Iterable[Agency]) -> None:
        """Say of which agencies something will be asked: what it is, is read of all at once."""
        self._expected |= {each.pk: each for each in agencies}

    def staff(self, agency: Agency) -> Staff:
        """Return `Staff.of` an agency."""
        if agency.pk not in self._staff:
            self._staff |= Staff.of_many(self._with(agency), self._at)
        return self._staff[agency.pk]

    def actor(self, user: User, agency: Agency) -> Actor | None:
        """Return a person as they could act for an agency; None for whoever is no member."""
        if agency.pk in self._staff:
            return self._staff[agency.pk].actor(user)
        if agency.pk not in self._members:
            found: dict[UUID, dict[UUID, Membership]] = {each.pk: {} for each in self._with(agency)}
            for each in _current(found):
                found[each.agency_id][each.user_id] = each
            self._members |= found
        member = self._members[agency.pk].get(user.pk)
        return Actor(agency=agency, roles=member.role_set, user=user) if member else None

    def calendar(self, agency: Agency) -> WorkingCalendar:
        """Return `calendar_of` an agency."""
        if agency.pk not in self._calendars:
            agencies = self._with(agency)
            if len(agencies) > 1:
                prefetch_related_objects(agencies, "calendar_exceptions")
            self._calendars |= {each.pk: calendar_of(each) for each in agencies}
        return self._calendars[agency.pk]

    def _with(self, agency: Agency) -> list[Agency]:
        """Return the agency and those with which it is read."""
        expected = self._expected if agency.pk in self._expected else {agency.pk: agency}
        return [*expected.values()]

    def office(self, municipality_code: str) -> Agency | None:
        """Return `coordinating_office` of a municipality."""
        if municipality_code not in self._offices:
            self._offices[municipality_code] = coordinating_office(municipality_code)
        return self._offices[municipality_code]


def _current(agencies: Iterable[UUID]) -> QuerySet[Membership]:
    """Return who belongs to these agencies now, as far as these are active."""
    return Membership.objects.current().filter(agency__in=agencies, agency__active=True)
