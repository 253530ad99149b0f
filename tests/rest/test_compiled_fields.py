"""A row is shown as DRF shows it, whatever stands behind a field's name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from carenet.core.clock import ZONE
from carenet.rest.serializers import CompiledFields


class Row:
    """Something of every kind that a field may be named after."""

    nothing = None
    lazy = gettext_lazy("staff")
    number = 3
    day = date(2026, 4, 1)
    kind = dict
    table = {"items": "x", "deep": {"end": None}}
    related = SimpleNamespace(pk=None)

    def method(self) -> SimpleNamespace:
        return SimpleNamespace(end="deep")

    @property
    def without_attribute(self) -> str:
        raise AttributeError

    @property
    def without_key(self) -> str:
        raise KeyError

    @property
    def gone(self) -> str:
        raise ObjectDoesNotExist


SOURCES = (
    "nothing", "nothing.end", "lazy", "number", "day", "kind", "table", "table.items",
    "table.deep.end", "related.pk", "method", "method.end", "without_attribute", "without_key",
    "without_key.end", "gone", "gone.end", "absent", "*",
)  # fmt: skip
WAYS: tuple[dict[str, Any], ...] = (
    {}, {"required": False}, {"default": "x"}, {"default": None}, {"allow_null": True},
)  # fmt: skip
KINDS = (
    serializers.CharField,
    serializers.DateField,
    serializers.IntegerField,
    serializers.JSONField,
    serializers.BooleanField,
)


def shown(base: tuple[type, ...], field: Any, row: Any) -> Any:
    """Return what a serializer with this field shows of a row, or what it raises."""
    serializer = type("One", base, {"one": field})()
    try:
        return serializer.to_representation(row)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is to be the same
        return type(error)


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("source", SOURCES)
def test_a_field_shows_what_it_would_by_itself(
    source: str, kind: type[serializers.Field[Any, Any, Any, Any]], way: dict[str, Any]
) -> None:
    for row in (Row(), Row.table, None):
        by_itself, compiled = (
            shown(base, kind(source=source, **way), row)
            for base in ((serializers.Serializer,), (CompiledFields,))
        )
        assert compiled == by_itself


class Greeting(CompiledFields):
    """A field that depends on who asks."""

    name = serializers.CharField()
    number = serializers.IntegerField()
    to = serializers.SerializerMethodField()

    def get_to(self, _row: Any) -> str:
        return str(self.context["to"])


class Letter(CompiledFields):
    """A serializer in another one, and several."""

    first = Greeting()
    more = Greeting(many=True)


def test_what_depends_on_the_request_is_that_of_each_request() -> None:
    row = SimpleNamespace(name="x", number=1)
    letter = SimpleNamespace(first=row, more=[row])
    for to in ("one", "other"):
        shown = Letter(letter, context={"to": to}).data
        assert [shown["first"]["to"], shown["more"][0]["to"]] == [to, to]


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 4, 1, 3, tzinfo=UTC), datetime(2026, 4, 1, 3, 0, 0, 5, tzinfo=ZONE), None, ""],
)
@pytest.mark.parametrize("way", [{}, {"format": "%y"}, {"default_timezone": UTC}], ids=str)
def test_a_moment_is_written_as_by_itself(moment: Any, way: dict[str, Any]) -> None:
    row = SimpleNamespace(one=moment)
    assert shown((CompiledFields,), serializers.DateTimeField(**way), row) == shown(
        (serializers.Serializer,), serializers.DateTimeField(**way), row
    )


def test_fields_come_in_their_order() -> None:
    class Mixed(CompiledFields):
        last = serializers.SerializerMethodField()
        a = serializers.CharField()
        several = serializers.ListField(child=serializers.CharField())
        b = serializers.CharField()

        def get_last(self, _row: Any) -> int:
            return 1

    row = SimpleNamespace(a="a", b="b", several=["x"])
    assert Mixed(row).data == {"last": 1, "a": "a", "several": ["x"], "b": "b"}
    assert list(Mixed(row).data) == ["last", "a", "several", "b"]
