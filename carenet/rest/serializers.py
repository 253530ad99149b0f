"""Serializers that refuse what they do not know, and what nobody can mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.fields.related_descriptors import (
    ForwardManyToOneDescriptor,
    ReverseOneToOneDescriptor,
)
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.fields import SkipField
from rest_framework.relations import PKOnlyObject

from carenet.core.clock import ZONE, midnight

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
        try:
            # No caller has a zone of their own: DRF would look for it each time.
            return value.astimezone(ZONE)
        except OverflowError:
            self.fail("out_of_range")


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
    """Mixin: how a row is read and shown is settled once for a class, not for each answer and row.

    What is shown is what DRF shows: a value that is not simply there is left to the field itself, and a
    class with a field in it that may look at its request is settled anew for each answer. A method of
    its own (`SerializerMethodField`) is asked of the serializer that shows the row.
    """

    def note_shown(self, row: Any) -> None:
        """Do what has to be done for each row that is shown: nothing, unless a mixin says otherwise."""

    @cached_property
    def _reading(self) -> _Reading:
        kept = _KEPT.get(type(self))
        if kept is None:
            kept = _Reading(self)
            if not _shows_its_own_way(self) and all(
                _is_method(each) or rests_on_rows(each) for each in self.fields.values()
            ):
                # Of a serializer that nobody asks: this one has a request.
                kept = _KEPT[type(self)] = _Reading(type(self)())
        return kept

    def to_representation(self, instance: Any) -> dict[str, Any]:
        self.note_shown(instance)
        return self._reading.show(instance, self)


class _Reading:
    """How the rows of a serializer are read and shown."""

    def __init__(self, serializer: serializers.Serializer[Any]) -> None:
        self.fields = [each for each in serializer.fields.values() if not each.write_only]
        self.names = [str(each.field_name) for each in self.fields]
        self.all = [(name, _reader(each), _writer(each)) for name, each in self._named()]
        simple = {
            name: path
            for name, each in self._named()
            if (path := _path(each)) and not _points_here(each)
        }
        self.simple = [*simple]
        self.values = attrgetter(*simple.values()) if len(simple) > 1 else None
        self.rest = [each for each in self.all if each[0] not in simple]
        #: Asked of the serializer that shows the row, which has a request.
        self.methods = {name: each.method_name for name, each in self._named() if _is_method(each)}
        self.writers = [(name, write) for name, _read, write in self.all if name in simple]

    def _named(self) -> Iterator[tuple[str, Any]]:
        return zip(self.names, self.fields, strict=True)

    def show(self, row: Any, serializer: Any) -> dict[str, Any]:
        """Return a row as JSON takes it, the fields in their order."""
        found: dict[str, Any] = dict.fromkeys(self.names)
        rest = self.all if self._take(row, found) else self.rest
        for name, read, write in rest:
            if name in self.methods:
                found[name] = getattr(serializer, self.methods[name])(row)
                continue
            try:
                value = read(row)
            except SkipField:
                del found[name]
                continue
            nothing = value is None or (isinstance(value, PKOnlyObject) and value.pk is None)
            found[name] = None if nothing else write(value)
        return found

    def _take(self, row: Any, found: dict[str, Any]) -> bool:
        """Take the values that are simply there all at once; return whether one of them is not."""
        try:
            values = self.values(row) if self.values else ()
        except (AttributeError, KeyError, ObjectDoesNotExist):
            return True
        if not values or any(map(callable, values)):
            return True
        found.update(zip(self.simple, values, strict=True))
        for name, write in self.writers:
            if found[name] is not None:
                found[name] = write(found[name])
        return False


#: By class: only such as look at nothing but the row (`rests_on_rows`).
_KEPT: dict[type[CompiledFields], _Reading] = {}
#: Fields of DRF that look at the request, or call what may.
_OF_REQUEST = (
    serializers.SerializerMethodField,
    serializers.FileField,
    serializers.HyperlinkedRelatedField,
    serializers.ManyRelatedField,
)


def _is_method(field: Any) -> bool:
    return type(field) is serializers.SerializerMethodField


def _shows_its_own_way(serializer: Any) -> bool:
    return type(serializer).to_representation is not CompiledFields.to_representation


def rests_on_rows(field: Any) -> bool:
    """Return whether what a field shows depends on the row alone: on no request and no context."""
    if isinstance(field, serializers.ListSerializer):
        return type(field) is serializers.ListSerializer and rests_on_rows(field.child)
    if isinstance(field, serializers.Serializer):
        return not _shows_its_own_way(field) and all(map(rests_on_rows, field.fields.values()))
    if isinstance(field, serializers.ListField):
        return _is_of_drf(field) and rests_on_rows(field.child)
    return _is_of_drf(field) and not isinstance(field, _OF_REQUEST)


def _is_of_drf(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    methods = (type(field).to_representation, type(field).get_attribute)
    return all(each.__module__.startswith("rest_framework.") for each in methods)


def _path(field: serializers.Field[Any, Any, Any, Any]) -> str:
    """Return the path of attributes that leads to a value; "" where the field has its own way."""
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        return ""  # of a manager, or of something that is called
    if isinstance(field, serializers.PrimaryKeyRelatedField):
        return _key_column(field)
    own = type(field).get_attribute is not serializers.Field.get_attribute
    return "" if own or not field.source_attrs else ".".join(field.source_attrs)


def _points_here(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Whether a field shows the one row that points at this one, which may not be there."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    column = getattr(model, field.source_attrs[0], None)
    return isinstance(column, ReverseOneToOneDescriptor)


def _key_column(field: serializers.PrimaryKeyRelatedField[Any]) -> str:
    """Return the attribute with the key of a row that another one refers to; "" without such a one."""
    parent, own = field.parent, type(field).get_attribute
    if own is not serializers.PrimaryKeyRelatedField.get_attribute or len(field.source_attrs) != 1:
        return ""
    if not isinstance(parent, serializers.ModelSerializer) or not field.use_pk_only_optimization():
        return ""
    column = getattr(parent.Meta.model, field.source_attrs[0], None)
    return column.field.attname if isinstance(column, ForwardManyToOneDescriptor) else ""


def _reader(field: serializers.Field[Any, Any, Any, Any]) -> Callable[[Any], Any]:
    """Return what reads a field's value from a row; raises `SkipField` for one that is left out."""
    path = _path(field)
    if not path:
        return field.get_attribute
    attribute = attrgetter(path)

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
    if isinstance(field, serializers.PrimaryKeyRelatedField) and _key_column(field):
        return partial(_write_key, field)
    of_drf = type(field).to_representation is serializers.DateTimeField.to_representation
    if of_drf and not hasattr(field, "format") and not hasattr(field, "timezone"):
        return partial(_write_moment, field)
    return field.to_representation


def _write_moment(field: Any, moment: Any) -> Any:
    """Write a moment as DRF does, which looks its zone up anew for each."""
    if type(moment) is not datetime or moment.tzinfo is None:
        return field.to_representation(moment)
    text = moment.astimezone(ZONE).isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def _write_key(field: serializers.PrimaryKeyRelatedField[Any], found: Any) -> Any:
    return field.to_representation(found if hasattr(found, "pk") else PKOnlyObject(pk=found))


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
