"""What the models and queries of every room have in common: keys, versions, terms, out of reach."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from uuid_utils.compat import uuid7

from carenet.core.errors import NotFound

Row = TypeVar("Row")


class UUIDModel(models.Model):
    """A row whose key the process makes: a UUID 7, which grows with the time.

    What it says of itself is that key, unless it has a code or a name that is nobody's secret.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class VersionedModel(models.Model):
    """A row whose version grows with every change, so that nobody overwrites what they have not seen."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def save_version(self, *fields: str) -> None:
        """Save a locked row under its next version: the whole of it, or these fields."""
        self.version += 1
        self.save(update_fields=[*fields, "version"] if fields else None)


def not_ended(at: date | Combinable, until: str = "until") -> Q:
    """Return the condition that a term is not over at a moment or on a day; without an end it lasts."""
    return Q(**{until: None}) | Q(**{f"{until}__gt": at})


def get_visible(rows: QuerySet[Any, Row], **conditions: Any) -> Row:
    """Return a row of those that the actor may see, locked where these are; raises `NotFound`."""
    row = rows.filter(**conditions).first()
    if row is None:
        raise NotFound
    return row
