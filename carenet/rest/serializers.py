"""Serializers that refuse what they do not know, and what nobody can mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.fields import SkipField
from rest_framework.relations import PKOnlyObject

from carenet.core.clock import midnight

#: Years that a date in the records can lie in; the ends of the calendar break every arithmetic.
FIRST_YEAR, LAST_YEAR = 1880, 2199
_PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OUT_OF_RANGE = gettext_lazy("Give a date between 1880 and 2199.")


class Day(serializers.DateField):
    """A date that somebody can mean."""

    default_error_messages = {"out_of_range": _OUT_OF_RANGE}

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail("out_of_range")
        return day


class Moment(serializers.DateTimeField):
    """A time that somebody can mean, with its offset: which clock it was read from must be said."""

    default_error_messages = {
        "out_of_range": _OUT_OF_RANGE,
        "no_offset": gettext_lazy("Add the offset, for example +09:00."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        moment: datetime = super().to_internal_value(value)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail("out_of_range")
        return moment

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("no_offset")
        return super().enforce_timezone(value)


class Until(Moment):
    """When something ends: a time with its offset, or a plain date: the end of that day in Japan.

    Never null: what somebody else may see has an end.
    """

    default_error_messages = {
        "null": gettext_lazy("Give a day or a time: nothing is shared without an end."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        if isinstance(value, str) and _PLAIN_DATE.fullmatch(value):
            day: date = Day().to_internal_value(value)
            return midnight(day + timedelta(days=1))
        return super().to_internal_value(value)


class CompiledFields(serializers.Serializer[Any]):
    """Mixin: how each field is read and shown is settled once for a list, not for each of its rows.

    What is shown is what DRF shows: a value that is not simply there is left to the field itself.
    """

    @cached_property
    def _shown(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
        fields = [each for each in self.fields.values() if not each.write_only]
        return [(str(each.field_name), _reader(each), _writer(each)) for each in fields]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        found = {}
        for name, read, write in self._shown:
            try:
                value = read(instance)
            except SkipField:
                continue
            nothing = value is None or (isinstance(value, PKOnlyObject) and value.pk is None)
            found[name] = None if nothing else write(value)
        return found


def _reader(field: serializers.Field[Any, Any, Any, Any]) -> Callable[[Any], Any]:
    """Return what reads a field's value from a row; raises `SkipField` for one that is left out."""
    own = type(field).get_attribute is not serializers.Field.get_attribute
    if own or not field.source_attrs:
        return field.get_attribute
    attribute = attrgetter(".".join(field.source_attrs))

    def read(instance: Any) -> Any:
        try:
            value = attribute(instance)
        except (AttributeError, KeyError, ObjectDoesNotExist):
            return field.get_attribute(instance)
        return field.get_attribute(instance) if callable(value) else value

    return read


def _writer(field: serializers.Field[Any, Any, Any, Any]) -> Callable[[Any], Any]:
    """Return what turns a value into what JSON takes."""
    if type(field).to_representation is serializers.CharField.to_representation:
        return str
    return field.to_representation


class StrictFields(CompiledFields):
    """Mixin: a body field that the serializer does not take is an error, never silently dropped."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DateField: Day,
        models.DateTimeField: Moment,
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(set(data) - writable)
            if unknown:
                raise serializers.ValidationError(
                    {name: [self._told(name)] for name in unknown}, code="unknown_field"
                )
        return super().to_internal_value(data)

    def _told(self, name: str) -> str:
        if name in self.fields:
            return _("This field is read-only. Leave it out.")
        return _("Unknown field. Leave it out or correct its name.")


class Input(StrictFields):
    """Base of the bodies that verbs take."""


class Nothing(Input):
    """A verb that needs no words."""
