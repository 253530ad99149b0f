"""The closure of an agency: what hangs on it, the proposal, the second person, what went where."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies import policy, selectors
from carenet.agencies.actions import confirm_closure, propose_closure, withdraw_closure
from carenet.agencies.models import Agency, AgencyClosure, AgencyKind
from carenet.agencies.registry import closure_kinds
from carenet.agencies.selectors.closures import (
    closures,
    fit_successors,
    passed_on,
    what_hangs_on,
)
from carenet.agencies.states import CLOSURE_UNDECIDED, ClosureOutcome, ClosureState
from carenet.core.decisions import demand
from carenet.core.models import get_visible
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.search import MOST, searchable
from carenet.staff.pages.versions import seen_version

#: The part of a field's name before the kind.
OF_KIND = "successor_"
#: What the address of the account page says to whoever has confirmed the closure of their own agency.
CLOSED = "closed"
#: As many closures as the list shows.
LATEST = 50


class ClosuresView(StaffView):
    """The closures; which agency is next: one's own, or one that the ward office finds by name."""

    abilities = {"get": "agencies.close"}

    def get(self, request: HttpRequest) -> HttpResponse:
        q = searchable(request.GET.get("q", ""))
        office = self.actor.agency.kind == AgencyKind.WARD_OFFICE
        code = self.actor.agency.municipality_code
        found: list[Agency] = []
        if office and q:
            rows, _keys = selectors.directory_page(
                self.actor, municipality_code=code, q=q, limit=MOST
            )
            found = [each for each in rows if each.pk != self.actor.agency_id]
        own = not office and bool(policy.can_prepare_closure(self.actor, self.actor.agency))
        context = {
            "office": office, "q": q, "found": found, "own": own,
            "closures": list(closures(self.actor)[:LATEST]),
        }  # fmt: skip
        return self.show("staff/closures/list.html", context)


class OfAgency(StaffView):
    """Base of what is about an agency that may close."""

    @cached_property
    def agency(self) -> Agency:
        """The agency in the address; raises `NotFound` out of reach, `Forbidden` for others."""
        found = get_visible(policy.visible_to(self.actor), pk=self.kwargs["id"])
        demand(policy.can_prepare_closure(self.actor, found))
        return found


class PreviewView(OfAgency):
    """What hangs on an agency, kind by kind, and what would become of it."""

    abilities = {"get": "agencies.close"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        context = {
            "agency": self.agency,
            "kinds": what_hangs_on(self.agency),
            "planning": policy.can_plan_operator_change(self.actor, self.agency),
        }
        return self.show("staff/closures/preview.html", context)


class ProposalForm(forms.Form):
    """Why an agency closes, and who takes over what hangs on it."""

    reason = text_field(gettext_lazy("Why and when it closes"), 2000, rows=3)
    successor = forms.ChoiceField(
        label=gettext_lazy("Who takes over"),
        required=False,
        help_text=gettext_lazy("Everything for which no other agency is chosen below."),
    )


class ProposeView(FormPage, OfAgency):
    """Propose to close an agency, with a successor for all of it, or for each kind."""

    abilities = {"get": "agencies.close", "post": "agencies.close"}
    template = "staff/closures/propose.html"
    form_class = ProposalForm

    @cached_property
    def candidates(self) -> dict[str, Agency]:
        return {str(each.pk): each for each in fit_successors(self.actor, self.agency)}

    def form(self, data: Any = None) -> forms.Form:
        form = self.form_class(data)
        choices = [("", "—"), *((key, each.name) for key, each in self.candidates.items())]
        whole: Any = form.fields["successor"]
        whole.choices = choices
        for each in what_hangs_on(self.agency):
            if each.kind.fate == ClosureOutcome.PASSES and each.count:
                label = _("%(what)s (%(number)s)") % {
                    "what": each.kind.label, "number": each.count,
                }  # fmt: skip
                form.fields[OF_KIND + each.kind.name] = forms.ChoiceField(
                    label=label, required=False, choices=choices
                )
        return form

    def context(self) -> dict[str, Any]:
        return {"agency": self.agency}

    def act(self, form: forms.Form) -> str:
        given = form.cleaned_data
        closure = propose_closure(
            actor=self.actor,
            agency=self.agency,
            reason=given["reason"],
            successor=self.candidates.get(given["successor"]),
            successors={
                name.removeprefix(OF_KIND): self.candidates[key]
                for name, key in given.items()
                if name.startswith(OF_KIND) and key
            },
        )
        return reverse("staff-closure", args=[closure.pk])


class OfClosure(StaffView):
    """Base of what is about one closure."""

    @cached_property
    def closure(self) -> AgencyClosure:
        found: AgencyClosure = get_object_or_404(closures(self.actor), pk=self.kwargs["id"])
        return found

    @property
    def version(self) -> int:
        """The version that was looked at; raises `PreconditionRequired` without."""
        return seen_version(self.request, _("Open the closure again, and decide from there."))


class ClosureView(OfClosure):
    """One closure: where it stands, who is behind it, who takes over, what has passed on."""

    abilities = {"get": "agencies.close"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        closure = self.closure
        undecided = closure.state in CLOSURE_UNDECIDED
        labels = {kind.name: kind.label for kind in closure_kinds()}
        part = bool(policy.can_prepare_closure(self.actor, closure.agency))
        waits = closure.state == ClosureState.PROPOSED
        context = {
            "closure": closure,
            "kinds": what_hangs_on(closure.agency) if undecided else [],
            "successors": [
                (labels.get(each.kind, _("everything else")), each.agency)
                for each in closure.successors.all()
            ],
            "passed": [
                (labels[kind], agency, number) for kind, agency, number in passed_on(closure)
            ],
            "confirming": waits and policy.can_confirm_closure(self.actor, closure),
            "withdrawing": undecided and part,
            "proposing": closure.state == ClosureState.SUGGESTED and part,
        }
        return self.show("staff/closures/page.html", context)


class ConfirmView(OfClosure):
    """Agree, as the second person."""

    abilities = {"post": "agencies.close"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        confirm_closure(actor=self.actor, closure_id=self.closure.pk, version=self.version)
        if self.closure.agency_id == self.actor.agency_id:  # nobody acts for it any more
            return redirect_to(request, f"{reverse('mfa_index')}?{CLOSED}")
        return redirect_to(request, reverse("staff-closure", args=[id]))


class WithdrawalForm(forms.Form):
    """Why it does not close."""

    reason = text_field(gettext_lazy("Why it is withdrawn"), 500, rows=2)


class WithdrawView(FormPage, OfClosure):
    """Call it off."""

    abilities = {"get": "agencies.close", "post": "agencies.close"}
    template = "staff/closures/withdraw.html"
    form_class = WithdrawalForm

    def context(self) -> dict[str, Any]:
        return {"closure": self.closure}

    def act(self, form: forms.Form) -> str:
        withdraw_closure(
            actor=self.actor,
            closure_id=self.closure.pk,
            version=self.version,
            reason=form.cleaned_data["reason"],
        )
        return reverse("staff-closure", args=[self.closure.pk])
