"""The contract as OpenAPI: every status that can come back is in it."""

from __future__ import annotations

from typing import Any, Literal

from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from carenet.rest.etags import TAG
from carenet.rest.idempotency import MAX_KEY
from carenet.rest.problems import MEDIA_TYPE
from carenet.rest.serializers import StrictFields


class FieldProblem(serializers.Serializer[Any]):
    """One bad field of the body."""

    pointer = serializers.CharField(
        help_text="JSON pointer (RFC 6901) into the body; empty: the body as a whole."
    )
    code = serializers.CharField()
    detail = serializers.CharField()


class DuplicateProblem(serializers.Serializer[Any]):
    """One thing that exists already."""

    id = serializers.UUIDField()
    code = serializers.CharField(help_text="Its human code.")


class DeskProblem(serializers.Serializer[Any]):
    """A desk that is competent instead: a setting with its source, never law."""

    kind = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    hours = serializers.CharField()
    checked_on = serializers.DateField(allow_null=True, help_text="null: nobody has checked it.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # A field has an attribute of that name: it cannot be declared as one.
        told = "Who has published it, or that nobody has checked it."
        return super().get_fields() | {"source": serializers.CharField(help_text=told)}


class Problem(serializers.Serializer[Any]):
    """A problem document (RFC 9457)."""

    type = serializers.CharField(help_text="urn:carenet:problem:<code>")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What to do, in the reader's language.")
    code = serializers.CharField(help_text="Stable: program against this one.")
    missing_basis = serializers.CharField(
        required=False, help_text="The ground that would have been needed (403)."
    )

    successor = serializers.UUIDField(
        required=False, help_text="The record that stands in the place of this one (410)."
    )
    duplicates = DuplicateProblem(
        many=True, required=False, help_text="What exists already and you may see (409)."
    )
    desks = DeskProblem(
        many=True,
        required=False,
        help_text="Whom to telephone instead, danger to life first (409).",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # A serializer has a property of that name: the field cannot be declared as an attribute.
        return super().get_fields() | {"errors": FieldProblem(many=True, required=False)}


def _header(
    name: str, shape: dict[str, Any], description: str, *, required: bool = False
) -> OpenApiParameter:
    return OpenApiParameter(
        name, shape, OpenApiParameter.HEADER, required=required, description=description
    )


_TEXT = {"type": "string"}
_TAG = {"type": "string", "pattern": TAG, "example": '"7"'}
AGENCY = _header(
    "Carenet-Agency",
    {"type": "string", "format": "uuid"},
    "The agency to act for, when you belong to several.",
)
PERSON = _header(
    "Carenet-Acting-Person",
    _TEXT,
    "API clients, on writes: the person behind the request (UTF-8, percent-encoded). Required, but "
    "for what a machine does by itself.",
)
PURPOSE = _header(
    "Carenet-Purpose", _TEXT, "Why you look; kept in the audit (UTF-8, percent-encoded)."
)
PURPOSE_REQUIRED = _header(
    "Carenet-Purpose",
    {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9 ]{0,99}$"},
    "Why you need to know; kept in the audit (UTF-8, percent-encoded).",
    required=True,
)
KEY = _header(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[ -~]+$", "minLength": 1, "maxLength": MAX_KEY},
    "The same key and body have one effect and one answer, for 24 h.",
)
IF_MATCH = _header("If-Match", _TAG, "The ETag that you have seen.")
IF_MATCH_REQUIRED = _header("If-Match", _TAG, "The ETag that you have seen.", required=True)


class CarenetSchema(AutoSchema):
    """Adds the shared headers and the problem documents to what drf-spectacular finds."""

    def get_override_parameters(self) -> list[Any]:
        must_say_why = getattr(self.view, "purpose_required", False)
        headers = [AGENCY, PURPOSE_REQUIRED if must_say_why else PURPOSE]
        if self.method == "POST":
            headers += [PERSON, KEY]
            headers += [IF_MATCH] if self._of_one_object() and not self._needs_version() else []
        if self.method in {"PATCH", "PUT"}:
            headers += [PERSON]
        if self._needs_version():
            headers += [IF_MATCH_REQUIRED]
        return [*super().get_override_parameters(), *headers]

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        respond: Any = self._get_response_for_code  # untyped in the library
        for status in self._problems():
            bodies.setdefault(str(status), respond(Problem, str(status), [MEDIA_TYPE]))
        return dict(sorted(bodies.items()))

    def _map_basic_serializer(
        self, serializer: Any, direction: Literal["request", "response"]
    ) -> dict[str, Any]:
        mapped: Any = super()._map_basic_serializer  # untyped in the library
        shape: dict[str, Any] = mapped(serializer, direction)
        if direction == "response":
            for name in shape.get("properties", {}).keys() & serializer.fields.keys():
                if _may_be_blank(serializer.fields[name]):
                    _allow_blank(shape["properties"][name])
        elif isinstance(serializer, StrictFields):
            shape["additionalProperties"] = False
        return shape

    def _of_one_object(self) -> bool:
        return "{id}" in self.path

    def _needs_version(self) -> bool:
        """Whether the version that was seen must be sent: for edits, and steps that a view names."""
        named = getattr(self.view, "needs_version", ())
        return self.method in {"PATCH", "PUT"} or getattr(self.view, "action", "") in named

    def _problems(self) -> list[int]:
        statuses = {400, 401, 403, 406, 429}
        if "{" in self.path:
            statuses.add(404)
        if "{id}" in self.path and getattr(self.view, "may_be_gone", False):
            statuses.add(410)
        if self.method == "POST":
            statuses |= {409, 413, 415, 422}
            statuses |= {412} if self._of_one_object() else set()
        if self.method in {"PATCH", "PUT"}:
            statuses |= {409, 412, 413, 415}
        if self._needs_version():
            statuses |= {428}
        return sorted(statuses)


def _may_be_blank(field: Any) -> bool:
    """Whether a field shows text that may be empty; DRF forgets it of fields that are read-only."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    if model is None or field.source == "*" or "." in field.source:
        return False
    try:
        column = model._meta.get_field(field.source)
    except FieldDoesNotExist:
        return False
    return isinstance(column, CharField) and column.blank


def _allow_blank(shape: dict[str, Any]) -> None:
    """Say that the empty string may stand there: it is no URL and no choice."""
    shape.pop("format", None)
    if "enum" in shape:
        shape["enum"] = [*dict.fromkeys([*shape["enum"], ""])]
