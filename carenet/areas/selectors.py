"""Reads of areas: in which an address lies, and who serves and coordinates there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import mean
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles, somebody_may
from carenet.areas.address_table import AddressTable, chomes_of, lies_in
from carenet.areas.models import AddressArea, AgencyArea, Area, AreaKind, AreaPart
from carenet.areas.places import place_in, town_key
from carenet.core import clock

_KINDS = AreaKind.values


def areas_at(address: str, on: date, municipality_code: str) -> list[Area]:
    """Return the areas in which an address lies on a day, by kind; none where it is not known.

    An address that does not say enough (no number, where a border cuts through the town) lies in
    none of those that need it.
    """
    lines = AddressArea.objects.on(on).filter(area__municipality_code=municipality_code)
    towns = list(lines.order_by().values_list("town", flat=True).distinct())
    place = place_in(address, towns)
    if place is None:
        return []
    same = [town for town in towns if town_key(town) == town_key(place.town)]
    rows = list(lines.filter(town__in=same).select_related("area"))
    chome, block = place.read(chomes_of(rows))
    found = {row.area.pk: row.area for row in rows if lies_in(row, chome, block)}
    return sorted(found.values(), key=lambda area: (_KINDS.index(area.kind), area.name))


def areas(areas: Iterable[Area] | None = None) -> QuerySet[Area]:
    """Return areas, all without any, with the agencies that have a part in them today."""
    today = AgencyArea.objects.on(clock.today()).select_related("agency")
    parts = today.filter(agency__active=True).order_by("part", "id")
    found = Area.objects.prefetch_related(Prefetch("agencies", parts, to_attr="parts"))
    return found if areas is None else found.filter(pk__in=[area.pk for area in areas])


def serving_agency(
    address: str, on: date, municipality_code: str, *, for_ability: str
) -> Agency | None:
    """Return who serves the area in which an address lies and may do something about it now.

    A care plaza comes before other agencies, and the area of a plaza before wider ones.
    """
    found: list[Agency] = []
    for area in areas_at(address, on, municipality_code):
        parts = AgencyArea.objects.on(on).filter(area=area, part=AreaPart.SERVES)
        serving = parts.filter(agency__active=True).select_related("agency").order_by("id")
        found += [part.agency for part in serving if somebody_may(part.agency, for_ability)]
    plazas = [agency for agency in found if agency.kind == AgencyKind.CARE_PLAZA]
    return next(iter([*plazas, *found]), None)


def coordinating_agency(address: str, on: date, municipality_code: str) -> Agency | None:
    """Return who coordinates where an address lies: an agency that has a coordinator now."""
    for area in areas_at(address, on, municipality_code):
        parts = AgencyArea.objects.on(on).filter(area=area, part=AreaPart.COORDINATES)
        for part in parts.filter(agency__active=True).select_related("agency"):
            if members_in_roles(part.agency, {Role.COORDINATOR}).exists():
                return part.agency
    return None


@dataclass(frozen=True, slots=True)
class PlacedTown:
    """Where a town lies, by the published positions of the offices in it, and in which areas."""

    longitude: float
    latitude: float
    areas: frozenset[UUID]


def placed_towns(municipality_code: str, table: AddressTable) -> list[PlacedTown]:
    """Return where the towns of a municipality lie, as far as an agency there has a position.

    An agency lies in the areas of its address, and in the one of its kind that it serves. Those in the
    same areas are one place, in their middle.
    """
    parts = AgencyArea.objects.on(clock.today()).filter(part=AreaPart.SERVES)
    rows = Agency.objects.filter(
        municipality_code=municipality_code, active=True, latitude__isnull=False,
        longitude__isnull=False,
    ).prefetch_related(Prefetch("areas", parts.select_related("area"), to_attr="serves"))  # fmt: skip
    places: dict[tuple[str, frozenset[UUID]], list[tuple[float, float]]] = defaultdict(list)
    for agency in rows:
        town, lies_in = table.read(agency.address)
        kinds = {area.kind for area in lies_in}
        served = [part.area for part in agency.serves if part.area.kind not in kinds]
        areas = frozenset(area.pk for area in [*lies_in, *served])
        if areas:
            at = (float(agency.longitude or 0), float(agency.latitude or 0))
            places[town, areas].append(at)
    return [
        PlacedTown(
            round(mean(longitude for longitude, _latitude in points), 4),
            round(mean(latitude for _longitude, latitude in points), 4),
            areas,
        )
        for (_town, areas), points in sorted(places.items(), key=lambda place: place[0][0])
    ]
