"""Turning the pages of a list that is read by keys: where one starts, what comes before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.access.selectors import Key, key_from, key_parts
from carenet.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

Row = TypeVar("Row")
#: What the address of a page says that tells its lists to their end.
WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class PagePosition:
    """Where a page starts: behind `after`, or with `backwards` in front of it."""

    after: Key | None = None
    backwards: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> PagePosition:
        """Read it from the address; raises `Invalid` for a place that no list gave out."""
        for name in ("after", "before"):
            given = request.GET.get(name)
            if given:
                try:
                    return cls(key_from(given.split("~")), name == "before")
                except ValueError:
                    raise Invalid({name: _("Start again from the first page.")}) from None
        return cls()


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """What is shown of a list, and the queries that lead on and back, empty at its ends."""

    rows: list[Row]
    next: str
    previous: str


def page_of(
    found: Sequence[Row | None],
    keys: Sequence[Key],
    *,
    place: PagePosition,
    most: int,
    kept: dict[str, str] | None = None,
) -> Page[Row]:
    """Return the page of a list that was asked for one row more than `most`.

    `kept` stands in the queries besides. None in `found` is a row that was hidden meanwhile.
    """
    more = len(keys) > most
    if more:
        cut = slice(1, None) if place.backwards else slice(most)
        found, keys = found[cut], keys[cut]
    follows = bool(keys) and (more or place.backwards)
    precedes = bool(keys) and (more if place.backwards else place.after is not None)
    return Page(
        rows=[row for row in found if row is not None],
        next=_query(kept, "after", keys[-1]) if follows else "",
        previous=_query(kept, "before", keys[0]) if precedes else "",
    )


def _query(kept: dict[str, str] | None, name: str, key: Key) -> str:
    return urlencode({**(kept or {}), name: "~".join(key_parts(key))})


@dataclass(frozen=True, slots=True)
class Cut:
    """What a list has left out: how much of it is shown. No list ends without saying so."""

    shown: int
    in_all: int

    def __bool__(self) -> bool:
        return self.shown < self.in_all

    def __add__(self, other: Cut) -> Cut:
        return Cut(self.shown + other.shown, self.in_all + other.in_all)

    @property
    def words(self) -> str:
        """How many are shown of how many: a sentence."""
        said = _("%(shown)s of %(in_all)s are shown.")
        return said % {"shown": self.shown, "in_all": self.in_all}


class Lists:
    """The lists that one page tells side by side, each as far as it goes, or to their end."""

    def __init__(self, request: HttpRequest | None) -> None:
        self.whole = request is not None and WHOLE in request.GET
        self.cuts: dict[str, Cut] = {}

    def first(self, name: str, rows: QuerySet[Any], most: int) -> list[Any]:
        """Return the first of a list, all of it where the page is asked for the whole.

        How many there are is counted only where it does not end by itself.
        """
        if self.whole:
            return list(rows)
        found = list(rows[: most + 1])
        in_all = rows.count() if len(found) > most else len(found)
        shown = found[:most]
        self.cuts[name] = self.cuts.get(name, Cut(0, 0)) + Cut(len(shown), in_all)
        return shown
