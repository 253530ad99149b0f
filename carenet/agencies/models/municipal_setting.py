"""What a municipality sets for itself, from when to when: never law unless it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from carenet.core import clock
from carenet.core.models import UUIDModel

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class MunicipalSettingModel(UUIDModel):
    """A dated row of one municipality: everybody reads it, its ward office begins and ends it."""

    municipality_code = models.CharField(max_length=6)
    valid_from = models.DateTimeField(default=clock.now)
    valid_until = models.DateTimeField(null=True, blank=True)
    set_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")

    objects = models.Manager()

    view_ability: ClassVar[str]
    manage_ability: ClassVar[str]
    #: What the trail calls it, and the field of it that the trail tells, under which name.
    audit_kind: ClassVar[str]
    audit_field: ClassVar[tuple[str, str]]
    #: What is said to whoever ends it twice, or before it begins.
    has_ended: ClassVar[StrOrPromise]
    ends_too_early: ClassVar[StrOrPromise]

    class Meta:
        abstract = True


def ends_later(name: str) -> models.CheckConstraint:
    """Return the constraint that a setting does not end before it begins."""
    later = Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))
    return models.CheckConstraint(condition=later, name=name)
