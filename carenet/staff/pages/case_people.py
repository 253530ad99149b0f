"""Who has a case, and who is named to it: into other hands, named members of a restricted one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.models import Agency, User
from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.agencies.selectors import members_in_roles
from carenet.cases import policy, selectors
from carenet.cases.actions import cases, reassignments, shares
from carenet.core.decisions import demand
from carenet.staff.pages.case_steps import STEPS, CaseStepPage, Nothing
from carenet.staff.pages.recipients import addressee_called
from carenet.staff.pages.redirects import redirect_to


class Reassignment(forms.Form):
    """Into whose hands."""

    person: Any = forms.ModelChoiceField(
        label=gettext_lazy("Into whose hands"), queryset=None, empty_label=gettext_lazy("Choose")
    )

    def __init__(self, data: Any, *, people: QuerySet[User]) -> None:
        super().__init__(data)
        field: Any = self.fields["person"]
        field.queryset = people
        field.label_from_instance = lambda each: each.name


class ReassignView(CaseStepPage):
    """Put the case into other hands; for some minutes its confirmation leads back."""

    abilities = {"get": "cases.view", "post": "cases.reassign"}
    label = gettext_lazy("Put it into other hands")

    def form(self, data: Any = None) -> Any:
        people = members_in_roles(self.actor.agency, {Role.STAFF}).order_by("name", "pk")
        return Reassignment(data, people=people)

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_change(self.actor, self.case, "cases.reassign"))
        return super().get(request, **ids)

    def context(self) -> dict[str, Any]:
        words = _("Whoever takes it over has its next action, too.")
        return {**super().context(), "words": words}

    def act(self, form: Any) -> str:
        cases.reassign(
            actor=self.actor,
            case_id=self.kwargs["id"],
            person=form.cleaned_data["person"],
            version=self.version(),
        )
        return self.after("reassign")


class TakeBackView(CaseStepPage):
    """Undo that one has just put the case into other hands."""

    abilities = {"post": "cases.reassign"}
    label = gettext_lazy("Undo")
    form_class = Nothing

    def act(self, form: Any) -> str:
        reassignments.take_back(actor=self.actor, case_id=self.kwargs["id"], version=self.version())
        return self.after("take-back")


class Naming(forms.Form):
    """Whom to name to a restricted case: a colleague of the list, or somebody elsewhere by full name."""

    user: Any = forms.ModelChoiceField(
        label=gettext_lazy("Whom to name"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Choose"),
    )
    agency: Any = forms.ModelChoiceField(
        label=gettext_lazy("Or somebody of which agency that has a part in the case"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Choose"),
    )
    addressee = forms.CharField(
        label=gettext_lazy("Their full name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Nobody is shown who works elsewhere: ask them for it."),
    )

    def __init__(self, data: Any, *, people: QuerySet[User], agencies: QuerySet[Agency]) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["user"].queryset, fields["agency"].queryset = people, agencies
        for name in ("user", "agency"):
            fields[name].label_from_instance = lambda each: each.name

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        elsewhere = bool(given.get("agency") and given.get("addressee"))
        if not self.errors and bool(given.get("user")) is elsewhere:
            self.add_error("user", _("Choose one person: a colleague, or somebody elsewhere."))
        return given


class MembersView(CaseStepPage):
    """Who is named to a restricted case; name one more."""

    abilities = {"get": "cases.restrict", "post": "cases.restrict"}
    template = "staff/cases/members.html"
    label = gettext_lazy("Who is named to it")

    def form(self, data: Any = None) -> Any:
        demand(policy.can_change(self.actor, self.case, "cases.restrict"))
        parts = selectors.parts(selectors.live_grants(self.case.pk))
        own = self.case.lead_agency
        named = policy.live_members(self.case).values("user")
        people = members_in_roles(own, CASEWORK_ROLES).exclude(pk__in=named)
        others = Agency.objects.filter(pk__in=[part.agency.pk for part in parts]).exclude(pk=own.pk)
        return Naming(
            data, people=people.order_by("name", "pk"), agencies=others.order_by("name", "pk")
        )

    def context(self) -> dict[str, Any]:
        members = policy.live_members(self.case).select_related("user", "given_by").order_by("id")
        return {
            **super().context(),
            "members": list(members),
            "done": STEPS["restrict"].done if self.request.GET.get("done") == "restrict" else "",
        }

    def members(self) -> str:
        """Return the address of this page."""
        return reverse("staff-case-members", args=[self.kwargs["id"]])

    def act(self, form: Any) -> str:
        given = form.cleaned_data
        user: Any = given["user"] or addressee_called(given["addressee"], given["agency"])
        shares.name_member(actor=self.actor, case_id=self.kwargs["id"], user=user)
        return self.members()


class EndMemberView(MembersView):
    """End a naming."""

    abilities = {"get": "cases.restrict", "post": "cases.restrict"}
    form_class = Nothing

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return redirect_to(request, reverse("staff-case-members", args=[self.case.pk]))

    def form(self, data: Any = None) -> Any:
        return super().form() if data is None else Nothing(data)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "form": super().form()}

    def act(self, form: Any) -> str:
        member: UUID = self.kwargs["member_id"]
        shares.end_member(actor=self.actor, case_id=self.kwargs["id"], member_id=member)
        return self.members()
