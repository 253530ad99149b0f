"""Reads of the administrators' pages: agencies, administrators, partners' systems."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from carenet.administration import policy
from carenet.administration.models import AdministratorAppointment, ClientRequest
from carenet.administration.states import ClientRequestState
from carenet.agencies.actors import Administrator
from carenet.agencies.models import Agency, ApiClient, Invitation, Membership, User
from carenet.agencies.roles import Role
from carenet.areas.models import AgencyArea, Area
from carenet.core import clock
from carenet.core.models import not_ended

#: As many rows as a page shows.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much there is of what administrators look after."""

    agencies: int
    without_manager: int
    administrators: int
    clients: int


@dataclass(frozen=True, slots=True)
class PeopleOf:
    """How many people an agency has, and the places that it has offered."""

    members: int
    managers: int
    invitations: list[Invitation]


def administrator(user: User) -> Administrator | None:
    """Return who administers the service, None for anybody else."""
    return Administrator(user) if policy.can_administer(user) else None


def appointments() -> QuerySet[AdministratorAppointment]:
    """Return all appointments, the latest first."""
    return AdministratorAppointment.objects.select_related("user", "appointed_by").order_by("-pk")


def own_appointment(user: User) -> AdministratorAppointment | None:
    """Return the appointment that this person may accept now."""
    return AdministratorAppointment.objects.waiting().filter(user=user).first()


def agencies(words: str = "") -> QuerySet[Agency]:
    """Return the agencies of which name, kana or office number contain the words; by name.

    Each says how many people and managers it has, as `people` and `managers`.
    """
    lasting = not_ended(clock.now(), "memberships__until")
    found = Agency.objects.annotate(
        people=Count("memberships", filter=lasting),
        managers=Count(
            "memberships", filter=lasting & Q(memberships__roles__contains=[Role.MANAGER])
        ),
    )
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(name_kana__icontains=words) | Q(office_number=words)
        )
    return found.order_by("name", "pk")


def agency_with_areas() -> QuerySet[Agency]:
    """Return the agencies with their present areas as `areas_now`."""
    now = AgencyArea.objects.on(clock.today()).select_related("area").order_by("area__name")
    return Agency.objects.select_related("parent").prefetch_related(
        Prefetch("areas", queryset=now, to_attr="areas_now")
    )


def areas_of(agency: Agency) -> QuerySet[Area]:
    """Return the areas of the agency's municipality, by kind and name."""
    found = Area.objects.filter(municipality_code=agency.municipality_code)
    return found.order_by("kind", "name")


def clients() -> QuerySet[ApiClient]:
    """Return the partners' systems, by agency and name."""
    found: QuerySet[ApiClient] = ApiClient.objects.select_related("agency")
    return found.order_by("agency__name", "name", "pk")


def open_requests() -> QuerySet[ClientRequest]:
    """Return the requests that wait for somebody, the oldest first."""
    waiting = ClientRequest.objects.filter(
        state__in=[ClientRequestState.PROPOSED, ClientRequestState.CONFIRMED]
    )
    return waiting.select_related("agency", "proposed_by", "confirmed_by").order_by("made_at", "pk")


def numbers() -> Numbers:
    """Return the numbers of the first page."""
    managed = Membership.objects.current().filter(
        agency=OuterRef("pk"), roles__contains=[Role.MANAGER]
    )
    active = Agency.objects.filter(active=True)
    return Numbers(
        agencies=active.count(),
        without_manager=active.filter(~Exists(managed)).count(),
        administrators=AdministratorAppointment.objects.in_office().count(),
        clients=ApiClient.objects.count(),
    )


def people_of(agency: Agency) -> PeopleOf:
    """Return how many people an agency has, and the invitations that wait; no names of theirs."""
    lasting = Membership.objects.lasting().filter(agency=agency)
    found = lasting.aggregate(
        members=Count("pk"), managers=Count("pk", filter=Q(roles__contains=[Role.MANAGER]))
    )
    waiting = Invitation.objects.open().filter(agency=agency).order_by("-pk")
    return PeopleOf(**found, invitations=list(waiting[:SHOWN]))
