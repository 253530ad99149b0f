"""Fields that look an object up in what the caller may see: out of reach is as good as absent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_out_of_reach


class VisibleField(serializers.PrimaryKeyRelatedField[Any]):
    """The id of an object from `visible_to(actor)`; anything else is "no such object"."""

    default_error_messages = {
        "does_not_exist": _("There is no such object that you may see."),
        "incorrect_type": _("Send the id as a string."),
    }

    def __init__(
        self, visible_to: Callable[[Actor], QuerySet[Any]] | None = None, **kwargs: Any
    ) -> None:
        self.visible_to = visible_to
        if visible_to is None:
            kwargs["read_only"] = True
        super().__init__(pk_field=serializers.UUIDField(), **kwargs)

    def get_queryset(self) -> QuerySet[Any] | None:
        if self.visible_to is None:
            return None
        return self.visible_to(self.context["request"].actor)

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        queryset = self.get_queryset()
        if key == "does_not_exist" and queryset is not None:
            log_out_of_reach(str(queryset.model._meta.model_name), kwargs["pk_value"])
        super().fail(key, **kwargs)

    def use_pk_only_optimization(self) -> bool:
        return True
