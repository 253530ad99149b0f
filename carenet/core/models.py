"""What the models and queries of every room have in common: keys, versions, terms, out of reach."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol, Self, TypeVar

import pgtrigger
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.base import ModelState
from django.db.models.expressions import Combinable
from django.db.models.signals import post_init, pre_init
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from carenet.core import clock
from carenet.core.errors import NotFound, PreconditionFailed

Row = TypeVar("Row")


class LoadedModel(models.Model):
    """A row that is put together from what the database gave without asking each field.

    `Model.__init__` sets one attribute after the other, looks for defaults and sends two signals: for
    a page of rows that takes longer than PostgreSQL takes to find them (`docs/performance.md`). Where
    somebody listens to those signals, Django's own way is taken.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any
    ) -> Self:
        if more or pre_init.receivers or post_init.receivers:
            return super().from_db(db, field_names, values, **more)
        row = cls.__new__(cls)
        state = ModelState()
        state.adding, state.db = False, db
        # A deferred field has no value, and is read when it is asked for.
        row.__dict__.update(zip(field_names, values, strict=True), _state=state)
        return row

    def _get_FIELD_display(self, field: Any) -> Any:  # noqa: N802 - Django's name
        """Return the label of a choice: Django compares them all anew for each row."""
        value = getattr(self, field.attname)
        return force_str(_labels_of(field).get(value, value), strings_only=True)


@cache
def _labels_of(field: models.Field[Any, Any]) -> dict[Any, Any]:
    return dict(field.flatchoices)


class UUIDModel(LoadedModel):
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


class EventModel(UUIDModel):
    """One thing that happened to a row of another table: only ever added (`append_only`)."""

    at = models.DateTimeField(default=clock.now)
    data = models.JSONField(default=dict)  # codes and dates of this step

    class Meta:
        abstract = True


def code_of(letter: str, moment: datetime, number: int) -> str:
    """Return the code that people call a row by: its letter, the year in Japan and its number."""
    return f"{letter}-{moment.astimezone(clock.ZONE):%y}-{number:06d}"


def append_only(name: str) -> pgtrigger.Protect:
    """Return the trigger of a table whose rows are only ever added."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


def not_ended(at: date | Combinable, until: str = "until") -> Q:
    """Return the condition that a term is not over at a moment or on a day; without an end it lasts."""
    return Q(**{until: None}) | Q(**{f"{until}__gt": at})


def get_visible(rows: QuerySet[Any, Row], **conditions: Any) -> Row:
    """Return a row of those that the actor may see, locked where these are; raises `NotFound`."""
    row = rows.filter(**conditions).first()
    if row is None:
        raise NotFound
    return row


class SeenVersion(int):
    """Several versions that a caller would take, as the first of them."""

    all: frozenset[int]

    def __new__(cls, versions: Sequence[int]) -> Self:
        found = super().__new__(cls, versions[0])
        found.all = frozenset(versions)
        return found


class Versioned(Protocol):
    """A row with a version that every change raises."""

    version: int


def check_version(row: Versioned, version: int | None) -> None:
    """Raise `PreconditionFailed` when the row is no longer at the version that was seen."""
    seen = version.all if isinstance(version, SeenVersion) else {version}
    if version is not None and row.version not in seen:
        raise PreconditionFailed(
            _("Read it again, look at what has changed, and send your change once more.")
        )
