"""Who belongs to an agency and who of them is there: read once, asked as often as needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.agencies.calendars import WorkingCalendar
from carenet.agencies.models import Absence, Agency, AgencyKind, Membership, User
from carenet.agencies.roles import Role


def calendar_of(agency: Agency) -> WorkingCalendar:
    """Return when an agency works: one query, none where its exceptions are prefetched."""
    return WorkingCalendar.of(agency, agency.calendar_exceptions.all())


def coordinating_office(municipality_code: str) -> Agency | None:
    """Return the ward office of a municipality, whose coordinators are C of its referrals."""
    return (
        Agency.objects.filter(
            kind=AgencyKind.WARD_OFFICE, municipality_code=municipality_code, active=True
        )
        .order_by("id")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Staff:
    """The current members of an active agency, and who of them is away: two queries."""

    agency: Agency
    members: Mapping[UUID, Membership]
    away: Mapping[UUID, UUID | None]

    @classmethod
    def of(cls, agency: Agency, at: datetime | None = None) -> Staff:
        """Return those who are members now, with the absences of then; of now without a moment."""
        current = Membership.objects.current().filter(agency=agency, agency__active=True)
        absences = Absence.objects.running(at).filter(membership__in=current)
        return cls(
            agency,
            {each.user_id: each for each in current.select_related("user")},
            dict(absences.order_by("since", "id").values_list("membership__user", "deputy")),
        )

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
        self._staff: dict[UUID, Staff] = {}
        self._calendars: dict[UUID, WorkingCalendar] = {}
        self._offices: dict[str, Agency | None] = {}

    def staff(self, agency: Agency) -> Staff:
        """Return `Staff.of` an agency."""
        if agency.pk not in self._staff:
            self._staff[agency.pk] = Staff.of(agency, self._at)
        return self._staff[agency.pk]

    def actor(self, user: User, agency: Agency) -> Actor | None:
        """Return a person as they could act for an agency; None for whoever is no member."""
        return self.staff(agency).actor(user)

    def calendar(self, agency: Agency) -> WorkingCalendar:
        """Return `calendar_of` an agency."""
        if agency.pk not in self._calendars:
            self._calendars[agency.pk] = calendar_of(agency)
        return self._calendars[agency.pk]

    def office(self, municipality_code: str) -> Agency | None:
        """Return `coordinating_office` of a municipality."""
        if municipality_code not in self._offices:
            self._offices[municipality_code] = coordinating_office(municipality_code)
        return self._offices[municipality_code]
