"""Areas, dated on both sides: what belongs to one, and who works in it."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from carenet.core.models import UUIDModel


class AreaKind(models.TextChoices):
    """Which division of the ward, the narrowest first."""

    PLAZA_AREA = "plaza_area", _("area of a care plaza")
    FEDERATION = "federation", _("federation of neighbourhood associations")
    COMMISSIONERS_COUNCIL = "commissioners_council", _("area of a commissioners' council")
    WARD = "ward", _("ward")


class AreaPart(models.TextChoices):
    """What an agency does in an area."""

    SERVES = "serves", _("serves")
    COORDINATES = "coordinates", _("coordinates")


Row = TypeVar("Row", bound=models.Model)


class DatedQuerySet(models.QuerySet[Row]):
    """Rows that hold from a day to a day, both included."""

    def on(self, day: date) -> DatedQuerySet[Row]:
        """Those that hold on a day."""
        begun = Q(since=None) | Q(since__lte=day)
        return self.filter(begun, Q(until=None) | Q(until__gte=day))


class Area(UUIDModel):
    """An area of one kind, known by its name."""

    kind = models.CharField(max_length=30, choices=AreaKind)
    name = models.CharField(max_length=100)
    municipality_code = models.CharField(max_length=6)

    class Meta:
        app_label = "agencies"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality_code", "kind", "name"], name="area_known_by_its_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class AgencyArea(UUIDModel):
    """An agency's part in an area, from when to when."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="areas")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="agencies")
    part = models.CharField(max_length=12, choices=AreaPart)
    since = models.DateField(null=True, blank=True)  # unknown: since ever
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        app_label = "agencies"
        constraints = [
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(part=AreaPart.COORDINATES, until=None),
                name="area_has_one_coordinator",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="part_in_area_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.part} {self.area_id}"


class AddressArea(UUIDModel):
    """A line of the address table: a town, a chōme of it or some of its blocks lie in an area.

    `chome` is empty for a town without chōme, and for one that lies in the area as a whole; it is
    `NO_CHOME` of `carenet.areas.places` for the part without chōme of a town that has some. The
    blocks (番地, 番) are empty where all of them do.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="addresses")
    town = models.CharField(max_length=100)  # in plain characters: `carenet.areas.places.plain`
    chome = models.PositiveSmallIntegerField(null=True, blank=True)
    block_from = models.PositiveIntegerField(null=True, blank=True)
    block_to = models.PositiveIntegerField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        app_label = "agencies"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "town", "chome", "block_from", "block_to", "since"],
                name="address_once_in_an_area",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(block_from=None, block_to=None) | Q(block_to__gte=F("block_from")),
                name="blocks_in_order",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="address_in_area_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.town}{self.chome or ''} → {self.area_id}"
