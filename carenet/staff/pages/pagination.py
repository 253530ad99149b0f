"""Turning the pages of a list that is read by keys: where one starts, what comes before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.access.actor_queries import Rows
from carenet.access.selectors import key_from, key_parts
from carenet.core.errors import Invalid
from carenet.rest.pagination import Fetch, read_page

Row = TypeVar("Row")
#: What the address of a page says that tells its lists to their end.
WHOLE = "whole"
#: What it says of how a list is sorted.
ORDER = "order"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """What is shown of a list, and the queries that lead on and back, empty at its ends."""

    rows: list[Row]
    next: str
    previous: str


def page_of(
    request: HttpRequest | None,
    fetch: Fetch[Any, Row],
    *,
    most: int,
    kept: dict[str, str] | None = None,
    read_key: Callable[[Sequence[str]], Any] = key_from,
    write_key: Callable[[Any], Sequence[str]] = key_parts,
) -> Page[Row]:
    """Return the page of a list that the address asks for, the first one without a request.

    `kept` stands in the queries besides. Raises `Invalid` for a place that no list gave out.
    """
    after, backwards = place_in(request.GET if request else {}, read_key)
    page = read_page(fetch, after=after, backwards=backwards, most=most, write_key=write_key)
    return Page(
        rows=page.rows,
        next=_query(kept, "after", page.next),
        previous=_query(kept, "before", page.previous),
    )


@dataclass(frozen=True, slots=True)
class Order:
    """By what a list is sorted, which way, and the query that turns it round from its start."""

    by: str
    descending: bool
    turned: str

    @property
    def aria(self) -> str:
        """What the heading of the column says of itself."""
        return "descending" if self.descending else "ascending"

    def of(self, fetch: Fetch[Any, Row]) -> Fetch[Any, Row]:
        """Return what reads the list this way: the same index from its other end, at the same cost."""
        if not self.descending:
            return fetch

        def turned(
            *, after: Any, backwards: bool, limit: int
        ) -> tuple[Sequence[Row | None], Sequence[Any]]:
            rows, keys = fetch(after=after, backwards=not backwards, limit=limit)
            return rows[::-1], keys[::-1]

        return turned

    @property
    def kept(self) -> dict[str, str]:
        """What the queries that turn pages say of it: nothing where the list stands as usual."""
        return {ORDER: f"-{self.by}"} if self.descending else {}


def order_in(request: HttpRequest, by: str, kept: dict[str, str] | None = None) -> Order:
    """Return how the address asks a list to be sorted: by what its index carries, and no other way.

    Raises `Invalid` for anything else.
    """
    wanted = request.GET.get(ORDER, by)
    if wanted not in {by, f"-{by}"}:
        raise Invalid({ORDER: _("Choose one of the list.")})
    descending = wanted.startswith("-")
    turned = {**(kept or {}), ORDER: by if descending else f"-{by}"}
    return Order(by, descending, urlencode(turned))


def place_in(
    given: Mapping[str, Any], read_key: Callable[[Sequence[str]], Any] = key_from
) -> tuple[Any, bool]:
    """Return behind which key of a list one is, and whether in front of it instead; None at its start.

    Raises `Invalid` for a place that no list gave out.
    """
    for name in ("after", "before"):
        if given.get(name):
            try:
                return read_key(given[name].split("~")), name == "before"
            except ValueError:
                raise Invalid({name: _("Start again from the first page.")}) from None
    return None, False


def _query(kept: dict[str, str] | None, name: str, key: Sequence[str] | None) -> str:
    return urlencode({**(kept or {}), name: "~".join(key)}) if key else ""


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

    def rows(self, rows: Rows[Row], most: int) -> Rows[Row]:
        """Return a list as far as it is asked for: one more than is shown, so that its end is known."""
        return rows if self.whole else rows.up_to(most + 1)

    def first(self, name: str, rows: QuerySet[Any] | Rows[Any], most: int) -> list[Any]:
        """Return the first of a list, all of it where the page is asked for the whole.

        How many there are is counted only where it does not end by itself.
        """
        if self.whole:
            return list(rows)
        found = list(rows) if isinstance(rows, Rows) else list(rows[: most + 1])
        in_all = rows.count() if len(found) > most else len(found)
        shown = found[:most]
        self.cuts[name] = self.cuts.get(name, Cut(0, 0)) + Cut(len(shown), in_all)
        return shown
