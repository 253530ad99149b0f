"""What long work is asked for, as people fill it in; each form says its options as JSON keeps them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carenet.access.policy import choices_of_basis
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.areas.models import Area
from carenet.core import clock
from carenet.jobs.registry import Options
from carenet.rest.text import canonical
from carenet.staff.pages.form_fields import HOW_AHEAD, TypedDay
from carenet.staff.times import Direction
from carenet.watchlists import selectors

#: As many as a choice offers.
MOST_CHOICES = 500


class Month(forms.TextInput):
    """A month, by the browser's own means."""

    input_type = "month"


class WorkForm(forms.Form):
    """Base: `actor` is who asks, and what may be chosen depends on it."""

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def options(self) -> Options:
        """Return what was filled in; called on a valid form."""
        return {name: _as_json(value) for name, value in self.cleaned_data.items() if value}


class ImportForm(WorkForm):
    """A list of the ward office, with the file that it came in."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV (UTF-8 or Shift_JIS) whose first line names the columns: 番号, 氏名 (or 姓 and 名), "
            "フリガナ, 生年月日, 住所, 電話番号. Or JSON lines in UTF-8 as over the API. Up to 10 MB "
            "and 20,000 lines."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.jsonl,.ndjson"}),
    )
    name = forms.CharField(
        label=_("Name of the list"),
        max_length=100,
        help_text=_(
            "The same name and day is the same list: lines that are known stay as they are."
        ),
    )
    delivered_on = TypedDay(label=_("Delivered on"))
    sharing_basis = forms.ChoiceField(
        label=_("Basis of sharing"), choices=partial(choices_of_basis, "―")
    )
    basis_until = TypedDay(
        label=_("Last day of the basis"),
        direction=Direction.AHEAD,
        required=False,
        help_text=HOW_AHEAD,
    )
    agency = forms.ChoiceField(label=_("Delivered to"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        code = actor.agency.municipality_code
        areas = Area.objects.filter(municipality_code=code).order_by("kind", "name")
        found = [
            (area.pk, f"{area.get_kind_display()}: {area.name}") for area in areas[:MOST_CHOICES]
        ]
        self._offer("area", found, _("all"))
        if actor.coordinates and actor.agency.kind == AgencyKind.WARD_OFFICE:
            ward = visible_agencies(actor).filter(municipality_code=code, active=True)
            others = ward.exclude(pk=actor.agency_id).order_by("name_kana", "name")
            found = [(each.pk, each.name) for each in others[:MOST_CHOICES]]
            self._offer("agency", found, actor.agency.name)
        else:
            del self.fields["agency"]

    def options(self) -> Options:
        return {name: each for name, each in super().options().items() if name != "file"}

    def _offer(self, name: str, found: list[tuple[Any, str]], empty: Any) -> None:
        field: Any = self.fields[name]
        field.choices = [("", empty), *((str(pk), words) for pk, words in found)]


class ListForm(WorkForm):
    """Which list goes out."""

    list = forms.ChoiceField(label=_("List"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        found = selectors.watch_lists(actor).order_by("-id")[:MOST_CHOICES]
        field: Any = self.fields["list"]
        field.choices = [
            (str(each.pk), f"{each.name} {each.delivered_on:%Y-%m-%d} ({each.agency.name})")
            for each in found
        ]


class VisitsForm(WorkForm):
    """Of which month the visits go out."""

    month = forms.RegexField(
        r"^[0-9]{4}-[0-9]{2}$", label=_("Month"), widget=Month(), help_text=_("As 2026-11.")
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(actor, *args, **kwargs)
        self.fields["month"].initial = f"{clock.today():%Y-%m}"


class TrailForm(WorkForm):
    """From which day to which the trail goes out."""

    since = TypedDay(label=_("First day"))
    until = TypedDay(label=_("Last day"))
    purpose = forms.CharField(
        label=_("What it is needed for"),
        max_length=200,
        help_text=_("Whoever agrees to it reads this. Name nobody."),
    )

    def options(self) -> Options:
        return {**super().options(), "asked_at": clock.now().isoformat()}


def _as_json(value: Any) -> Any:
    return canonical(value) if isinstance(value, str) else str(value)
