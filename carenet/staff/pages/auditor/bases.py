"""Which lawful bases are in use: each with its count and its oldest, and the objects that rest on it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.access.rules import SharingBasis
from carenet.core.errors import Invalid
from carenet.oversight.selectors.bases import bases_in_use, objects_on
from carenet.oversight.selectors.named import codes_of
from carenet.staff.pages.auditor.sentences import noun
from carenet.staff.pages.auditor.trail import short
from carenet.staff.pages.base import StaffView

#: As many objects as a page lists.
MOST = 50


class BasesView(StaffView):
    """The bases that are in use, and what rests on one of them: codes, and nobody by name."""

    abilities = {"get": "audit.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("basis", "")
        if chosen and chosen not in SharingBasis.values:
            raise Invalid({"basis": _("Choose one of the list.")})
        context: dict[str, Any] = {"bases": bases_in_use(self.actor), "chosen": chosen}
        if chosen:
            context |= self._objects(SharingBasis(chosen))
        return self.show("staff/auditor/bases.html", context)

    def _objects(self, basis: SharingBasis) -> dict[str, Any]:
        page = Paginator(objects_on(self.actor, basis), MOST).get_page(self.request.GET.get("page"))
        rows = list(page)
        codes = codes_of([(pk, kind) for kind, pk, _since, _until in rows])
        turned = {}
        if page.has_previous():
            turned["previous"] = _turn(basis, page.previous_page_number())
        if page.has_next():
            turned["next"] = _turn(basis, page.next_page_number())
        objects = [
            (noun(kind), codes.get(pk, short(pk)), pk, since, until)
            for kind, pk, since, until in rows
        ]
        return {"objects": objects, "basis": basis.label, "count": page.paginator.count, **turned}


def _turn(basis: SharingBasis, number: int) -> str:
    return urlencode({"basis": str(basis.value), "page": str(number)})
