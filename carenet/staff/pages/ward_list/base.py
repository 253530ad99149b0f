"""What the pages of the ward's list share: which lines the address means, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.areas.models import Area
from carenet.audit.actions import log_out_of_reach, log_read
from carenet.staff.pages.ward_list.forms import EXPECTED, OF_KEEPERS, OTHERS, STEPS
from carenet.watchlists import selectors
from carenet.watchlists.models import ListEntry, WatchList
from carenet.watchlists.selectors import ListStep
from carenet.watchover.selectors.eligible_watchers import Candidate, candidates_around


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines the address means: of a list, at a step, of an area."""

    list: UUID | None = None
    step: ListStep | None = None
    area: UUID | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Filter:
        """Return what a query says; what is none there counts as not said."""
        step = request.GET.get("step", "")
        return cls(
            _id(request.GET.get("list", "")),
            ListStep(step) if step in ListStep.values else None,
            _id(request.GET.get("area", "")),
        )

    @property
    def query(self) -> dict[str, str]:
        """Return it as an address says it."""
        given = {"list": self.list, "step": self.step, "area": self.area}
        return {name: str(value) for name, value in given.items() if value}

    def lines(self, actor: Actor) -> QuerySet[ListEntry]:
        """Return the lines that it means, in the order in which they were taken in."""
        rows = selectors.at_step(actor, self.step, self.list)
        if self.area is None:
            return rows
        area = Area.objects.filter(pk=self.area).first()
        return selectors.in_area(rows, area).order_by("pk") if area else rows.none()


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as pages show it."""

    entry: ListEntry
    step: ListStep
    name: str
    words: dict[str, Any]
    expected: str
    label: str
    address: str

    @property
    def tone(self) -> str:
        """Return the colour of its tag, by name."""
        tones = {ListStep.WATCHED: "ok", ListStep.REFUSED: "ended", ListStep.SCREENED: "ended"}
        return tones.get(self.step, "waiting")


def shown(entry: ListEntry) -> Shown:
    """Return a line as pages show it; whose data it shows counts as seen."""
    log_read("listentry", entry.pk)
    if entry.resident_id:
        log_read("resident", entry.resident_id)
    step = selectors.step_of(entry)
    code = expected_of(entry)
    words = entry.words or {}
    name = entry.resident.name if entry.resident else " ".join(
        words.get(part, "") for part in ("family_name", "given_name")
    )  # fmt: skip
    return Shown(
        entry, step, name.strip() or _("without a name"), words, code, *_way(entry, step, code)
    )


def expected_of(entry: ListEntry) -> str:
    """Return the step that is expected next of who looks at a line; "" where none is."""
    code = EXPECTED.get(selectors.step_of(entry), "")
    return "" if code in OF_KEEPERS and not entry.kept else code  # type: ignore[attr-defined]


def others_of(entry: ListEntry) -> list[tuple[str, Any]]:
    """Return what else may be done with a line by who looks at it: address and words."""
    codes = OTHERS.get(selectors.step_of(entry), ())
    kept: bool = entry.kept  # type: ignore[attr-defined]
    return [
        (reverse(f"staff-list-{code}", args=[entry.pk]), STEPS[code].label)
        for code in codes
        if kept or code not in OF_KEEPERS
    ]


def people_for(actor: Actor, lists: Iterable[WatchList]) -> dict[str, Candidate]:
    """Return who may be named for lines of these lists, by what a form sends."""
    agencies = {each.agency_id: each.agency for each in lists}
    return {each.key: each for each in candidates_around(actor, agencies.values())}


def lines_address(**query: Any) -> str:
    """Return where the lines of a filter are shown."""
    said = {name: str(value) for name, value in query.items() if value}
    address = reverse("staff-list-lines")
    return f"{address}?{urlencode(said)}" if said else address


def lists_named(ids: Iterable[UUID]) -> dict[UUID, WatchList]:
    """Return the lists of lines that somebody sees, with their agencies."""
    found = WatchList.objects.select_related("agency", "area").filter(pk__in=list(ids))
    return {each.pk: each for each in found}


def note_list_out_of_reach(wanted: UUID | None, seen: Iterable[UUID]) -> None:
    """Note for the trail that an address named a list of which the actor sees no line."""
    if wanted and wanted not in set(seen):
        log_out_of_reach("watchlist", wanted)


def _way(entry: ListEntry, step: ListStep, code: str) -> tuple[str, str]:
    """Return the words and the address of the next step of a line; nothing where there is none."""
    if step == ListStep.UNCLEAR and entry.kept:  # type: ignore[attr-defined]
        return _("Say who is meant"), reverse("staff-unclear-line", args=[entry.pk])
    if step == ListStep.TO_BEGIN and entry.kept:  # type: ignore[attr-defined]
        return _("On to the watch"), reverse("staff-watch", args=[entry.assignment_id])
    if code == "assign":
        return _("Name who looks in"), reverse("staff-list-assign", args=[entry.pk])
    if code:
        return str(STEPS[code].label), reverse(f"staff-list-{code}", args=[entry.pk])
    return "", ""


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
