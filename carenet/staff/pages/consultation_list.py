"""The list of consultations: what nobody has triaged yet, all of them, or those that a filter names."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_out_of_reach, log_read
from carenet.cases import selectors
from carenet.cases.models import Case, Consultation, ConsultationChannel, Topic
from carenet.cases.policy import visible_to as visible_cases
from carenet.cases.selectors.consultation_filter import ConsultationFilter, filtered_page
from carenet.cases.selectors.untriaged import can_be_taken_back
from carenet.cases.states import ConsultationStatus
from carenet.core.errors import Invalid
from carenet.residents.models import Resident
from carenet.residents.policy import visible_to as visible_residents
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.consultations import ConsultationRow, people_of
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.pagination import Page, page_of
from carenet.staff.pages.search import id_in

MOST = 30
ALL = "all"


class Filters(forms.Form):
    """Which consultations: in the address, and never anything of a person but an id."""

    received_from = TypedDay(label=gettext_lazy("Received from"), required=False)
    received_until = TypedDay(label=gettext_lazy("Received until"), required=False)
    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"),
        required=False,
        choices=[("", gettext_lazy("all topics")), *Topic.choices],
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came in"),
        required=False,
        choices=[("", gettext_lazy("all ways")), *ConsultationChannel.choices],
    )
    case = forms.UUIDField(required=False, widget=forms.HiddenInput)
    subject = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, actor: Actor, data: Any) -> None:
        super().__init__(data)
        self.actor = actor

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("received_from"), given.get("received_until")
        if first and last and last < first:
            self.add_error("received_until", _("Give a day that is not before the first one."))
        return given

    def clean_case(self) -> Case | None:
        """Return the case, if the actor sees it."""
        found: Case | None = self._visible("case", visible_cases(self.actor))
        return found

    def clean_subject(self) -> Resident | None:
        """Return the person, if the actor sees them."""
        found: Resident | None = self._visible("subject", visible_residents(self.actor))
        return found

    def _visible(self, name: str, rows: Any) -> Any:
        wanted = self.cleaned_data[name]
        found = rows.filter(pk=wanted).first() if wanted else None
        if wanted and found is None:
            log_out_of_reach(str(rows.model._meta.model_name), wanted)
            raise forms.ValidationError(_("There is no such object that you may see."))
        return found

    @property
    def wanted(self) -> ConsultationFilter:
        """What a valid form asks for."""
        said = dict(self.cleaned_data)
        subject = said.pop("subject")
        return ConsultationFilter(**said, subject=subject and subject.pk)

    @property
    def kept(self) -> dict[str, str]:
        """What the queries of the other pages of the list say."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}


class ConsultationsView(StaffView):
    """What the agency has recorded: first what nobody has triaged yet."""

    abilities = {"get": "consultations.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        show = request.GET.get("show", "")
        if show not in {"", ALL}:
            raise Invalid({"show": _("Choose one of the list.")})
        filters = Filters(self.actor, request.GET)
        if not filters.is_valid():
            refused = {"show": ALL, "filters": filters, "lines": [], "filtered": True}
            return self.show(
                "staff/consultations/list.html", refused, status=HTTPStatus.BAD_REQUEST
            )
        page = self._page(request, filters, show)
        people = people_of(self.actor, page.rows)
        for kind, row in (("case", filters.cleaned_data["case"]), ("resident", _person(filters))):
            if row:
                log_read(kind, row.pk)
        context = {
            **self._decided(request),
            "show": ALL if filters.wanted else show,
            "filters": filters,
            "filtered": bool(filters.wanted),
            "lines": [ConsultationRow(each, people.get(each.subject_id)) for each in page.rows],
            "next": page.next,
            "previous": page.previous,
        }
        return self.show("staff/consultations/list.html", context)

    def _decided(self, request: HttpRequest) -> dict[str, Any]:
        """Say what has been decided just now, of the consultation that the address names."""
        wanted = id_in(request.GET.get("done", ""))
        found = selectors.consultations(self.actor)
        consultation = found.filter(pk=wanted).first() if wanted else None
        if consultation is None or consultation.status == ConsultationStatus.RECEIVED:
            return {}
        log_read("consultation", consultation.pk)
        decided = _("Decided: %(outcome)s.") % {"outcome": consultation.get_status_display()}
        undo = can_be_taken_back(self.actor, consultation)
        return {"decided": decided, "consultation": consultation, "undo": undo}

    def _page(self, request: HttpRequest, filters: Filters, show: str) -> Page[Consultation]:
        if wanted := filters.wanted:
            fetch = partial(filtered_page, self.actor, wanted)
            return page_of(request, fetch, most=MOST, kept={"show": ALL, **filters.kept})
        return page_of(
            request,
            partial(selectors.consultation_page, self.actor, untriaged_only=show != ALL),
            most=MOST,
            kept={"show": show} if show else None,
            read_key=lambda parts: UUID("~".join(parts)),
            write_key=lambda pk: [str(pk)],
        )


def _person(filters: Filters) -> Resident | None:
    person: Resident | None = filters.cleaned_data["subject"]
    return person
