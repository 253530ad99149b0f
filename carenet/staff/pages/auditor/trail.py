"""The trail at the auditor's desk: searched by person, object, day, who acted, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from carenet.audit.actions import log_read
from carenet.audit.models import AuditAction, AuditEntry
from carenet.core.errors import Invalid
from carenet.oversight import policy
from carenet.oversight.selectors.named import Names, names_in, names_of
from carenet.oversight.selectors.trail import (
    CODED,
    Wanted,
    object_with_code,
    staff_called,
    trail,
    trail_page,
)
from carenet.staff.pages.auditor.sentences import (
    EXPORTED,
    PRINTED,
    choices_of_actions,
    details,
    what,
)
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.codes import code_in
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.pagination import page_of
from carenet.staff.pages.search import LONGEST, Searching, id_in

#: As many entries as a page shows.
MOST = 50
#: What the filter of deeds offers besides the deeds themselves: reads that have left the service.
PRINTS, EXPORTS, LEFT = "print", "export", "left"
_LEFT_BY = {PRINTS: PRINTED, EXPORTS: EXPORTED, LEFT: (*PRINTED, *EXPORTED)}


class TrailFilters(forms.Form):
    """What of the trail is shown: days, codes and ids stand in the address, no name."""

    since = TypedDay(label=gettext_lazy("From this day on"), required=False)
    until = TypedDay(label=gettext_lazy("Up to this day"), required=False)
    deed = forms.ChoiceField(
        label=pgettext_lazy("trail", "What kind"),
        required=False,
        choices=[
            ("", pgettext_lazy("trail", "everything")),
            (AuditAction.READ.value, pgettext_lazy("trail", "was read")),
            (AuditAction.WRITE.value, pgettext_lazy("trail", "was changed")),
            (AuditAction.DENIAL.value, pgettext_lazy("trail", "was refused")),
            (PRINTS, pgettext_lazy("trail", "was shown on paper")),
            (EXPORTS, pgettext_lazy("trail", "went out as a file")),
            (LEFT, pgettext_lazy("trail", "was shown on paper or as a file")),
        ],
    )
    action = forms.ChoiceField(label=pgettext_lazy("trail", "Which change"), required=False)
    object = forms.UUIDField(required=False, widget=forms.HiddenInput)
    by = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    agency = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        every: Any = self.fields["action"]
        every.choices = [("", pgettext_lazy("trail", "every change")), *choices_of_actions()]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("Give a day that is not before the first one."))
        return given

    @property
    def wanted(self) -> Wanted:
        """What the form asks for; called on a valid form."""
        given = self.cleaned_data
        left = _LEFT_BY.get(given["deed"], ())
        return Wanted(
            deed="" if left else given["deed"],
            actions=(given["action"],) if given["action"] else left,
            objects=[given["object"]] if given["object"] else (),
            actor_id=given["by"],
            agency_id=given["agency"],
            since=given["since"],
            until=given["until"],
        )

    @property
    def query(self) -> dict[str, str]:
        """What of it stands in the address."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the page shows it; the queries narrow the list to its like."""

    entry: AuditEntry
    who: str
    agency: str
    what: str
    about: str
    more: str
    details: Sequence[tuple[str, str]]
    by_query: str
    agency_query: str
    object_query: str


class TrailView(StaffView):
    """Who did, saw or was denied what; each look stands there itself."""

    abilities = {"get": "audit.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = TrailFilters(request.GET)
        valid = filters.is_valid()
        lines, turned = self._lines(filters) if valid else ([], None)
        context = {
            "filters": filters,
            "lines": lines,
            "chosen": self._chosen(filters) if valid else [],
            "filtered": bool(filters.query),
            "next": turned.next if turned else "",
            "previous": turned.previous if turned else "",
            "whole": policy.reads_whole_trail(self.actor),
        }
        return self.show("staff/auditor/trail.html", context, status=200 if valid else 422)

    def _lines(self, filters: TrailFilters) -> tuple[list[Line], Any]:
        fetch = partial(trail_page, trail(self.actor, filters.wanted))
        page = page_of(self.request, fetch, most=MOST, kept=filters.query)
        names = names_in(page.rows)
        return [line_of(entry, names, filters.query) for entry in page.rows], page

    @staticmethod
    def _chosen(filters: TrailFilters) -> list[tuple[str, str]]:
        """Return what was chosen by a link, and the query without it."""
        given, found = filters.cleaned_data, []
        about, by, agency = given["object"], given["by"], given["agency"]
        if not (about or by or agency):
            return []
        kinds = [(about, kind) for kind, _model in CODED.values()] if about else []
        names = names_of([by] if by else [], [agency] if agency else [], kinds)
        if about:
            found.append(("object", names.codes.get(about, short(about))))
        if by:
            found.append(("by", names.people.get(by, by)))
        if agency:
            found.append(("agency", names.agency(agency)))
        kept = filters.query
        return [
            (said, urlencode({key: value for key, value in kept.items() if key != name}))
            for name, said in found
        ]


class Find(forms.Form):
    """What is looked for by its code, or who by their name: nothing of it stands in an address."""

    q = forms.CharField(
        label=gettext_lazy("Code, number of an object, or name of a member"),
        max_length=LONGEST,
        help_text=gettext_lazy("For example R-26-000123, or the name of who acted, in full."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FindView(Searching, FormPage):
    """Lead from a code, an id or a name of the staff to what the trail says of it."""

    abilities = {"get": "audit.view", "post": "audit.view"}
    form_class = Find
    template = "staff/auditor/find.html"

    def act(self, form: Any) -> str:
        self.slow_down(self.request)
        typed = form.cleaned_data["q"]
        named = id_in(typed)
        read = code_in(typed)
        if named:
            return _trail(object=named)
        if read:
            found = object_with_code(self.actor, *read)
            if found is None:
                raise Invalid({"q": _("The trail that you read says nothing of this number.")})
            return _trail(object=found[1])
        staff = staff_called(self.actor, typed)
        if not staff:
            raise Invalid({"q": _("Nobody of this name has done anything in the trail you read.")})
        if len(staff) > 1:
            self.alike = staff
            raise Invalid({"q": _("Several people have this name. Choose one of them.")})
        return _trail(by=staff[0].pk)

    def context(self) -> dict[str, Any]:
        alike = [(each, _trail(by=each.pk)) for each in getattr(self, "alike", [])]
        return {"alike": alike}


def _trail(**query: UUID) -> str:
    return f"{reverse('staff-trail')}?{urlencode({name: str(pk) for name, pk in query.items()})}"


def line_of(entry: AuditEntry, names: Names, kept: dict[str, str]) -> Line:
    """Return an entry with its names; who looked whom up is as telling as the records themselves."""
    log_read("audit_entry", entry.id)
    number = len(entry.object_ids)
    alone = entry.object_ids[0] if number == 1 else None
    return Line(
        entry=entry,
        who=names.actor(entry.actor_kind, entry.actor_id, entry.claimed_person),
        agency=names.agency(entry.agency_id),
        what=what(entry),
        about=names.codes.get(alone, short(alone)) if alone else "",
        more=_("%(number)d objects") % {"number": number} if number > 1 else "",
        details=details(entry),
        by_query=urlencode(kept | {"by": entry.actor_id}),
        agency_query=urlencode(kept | {"agency": str(entry.agency_id or "")}),
        object_query=urlencode(kept | {"object": str(alone or "")}),
    )


def short(pk: UUID) -> str:
    """Return the end of an id: enough to tell two apart by eye."""
    return f"…{str(pk)[-8:]}"
