"""Choosing an agency of the network: by kind, with what each says of its capacity."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind, CapacityState
from carenet.agencies.policy import visible_to


class AgencyField(forms.ChoiceField):
    """One agency of the directory, grouped by kind; `offer` says which, and is asked once."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "error_messages", {"invalid_choice": gettext_lazy("Choose one of the list.")}
        )
        super().__init__(**kwargs)
        self.found: dict[str, Agency] = {}

    def offer(self, actor: Actor, *, but: Collection[UUID | None], first: str = "") -> None:
        """Offer all visible agencies but some; those of the kind `first` stand on top."""
        agencies = visible_to(actor).exclude(pk__in=[each for each in but if each])
        rows = agencies.select_related("capacity").order_by("kind", "name_kana", "id")
        ordered = sorted(rows, key=lambda agency: agency.kind != first)
        self.found = {str(agency.pk): agency for agency in ordered}
        groups = groupby(ordered, key=lambda agency: agency.kind)
        self.choices = [
            ("", _("Choose")),
            *(
                (str(AgencyKind(kind).label), [(str(each.pk), _name(each)) for each in those])
                for kind, those in groups
            ),
        ]

    def clean(self, value: Any) -> Agency | None:
        return self.found.get(super().clean(value))


def _name(agency: Agency) -> str:
    state = CapacityState(agency.capacity_now.state)
    return agency.name if state is CapacityState.OPEN else f"{agency.name} ({state.label})"
