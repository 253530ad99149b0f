"""A page whose tables can be taken along as CSV: the same address, with `as=csv` beside its filters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from carenet.core import clock
from carenet.rest.csv_export import sheet
from carenet.staff.pages.base import StaffView

Table = tuple[list[str], Iterable[list[object]]]


#: As many lines as a sheet holds; one more says that it is not all.
MOST_LINES = 5_000


class SheetPage(StaffView):
    """A page with tables. Subclasses write `page()` for people and `table(of)` for spreadsheets.

    `of` is what the address asks for where a page has more than one table. The file is named by what it
    is and the day, never by a person.
    """

    sheet_name: ClassVar[str]

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if request.GET.get("as") != "csv":
            return self.page()
        of = request.GET.get("of", "")
        header, rows = self.table(of)
        return as_sheet(self.named(of), header, rows)

    def page(self) -> HttpResponse:
        """Answer with the page."""
        raise NotImplementedError

    def table(self, of: str) -> Table:
        """Return the heads of a table and its lines, whoever is in them noted as seen."""
        raise NotImplementedError

    def named(self, of: str) -> str:
        """Return what the file is called besides the day."""
        return self.sheet_name

    def show(
        self, template: str, context: dict[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        """Answer with the page, and with the query that leads to its table as CSV."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query["as"] = "csv"
        return super().show(template, {"as_sheet": query.urlencode(), **(context or {})}, status)


def as_sheet(name: str, header: list[str], rows: Iterable[list[object]]) -> HttpResponse:
    """Return a table to keep; no cell of it can begin a formula."""
    lines = list(islice(rows, MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [[_("There are more lines than this sheet holds.")]]
    response = HttpResponse(sheet(header, lines), content_type="text/csv; charset=utf-8")
    dated = f"{name}-{clock.today():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{dated}"'
    return response


def moment(at: datetime | None) -> str:
    """Return a moment as the pages show it; nothing for none."""
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


def name_of(person: Any) -> str:
    """Return the name of a person or an agency; nothing for nobody."""
    return str(person.name) if person else ""
