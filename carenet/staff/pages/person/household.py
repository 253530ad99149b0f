"""Who lives with a person: somebody comes to live there, or does not live there any more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_out_of_reach, log_read
from carenet.core.errors import Busy, Invalid
from carenet.residents import actions, policy, selectors
from carenet.residents.models import HouseholdMember, HouseholdRole, Resident
from carenet.residents.selectors.details import Details
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.person.base import OfPerson
from carenet.staff.pages.search import LONGEST, Searching, people_found

#: As many who have left as the page tells.
LATEST = 20
_ROLES = [("", gettext_lazy("Choose")), *HouseholdRole.choices]


class Joining(forms.Form):
    """Who lives with the person, and what each of the two is there."""

    q = forms.CharField(
        label=gettext_lazy("Name or kana of who lives there"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    subject = forms.UUIDField(required=False)
    other_role = forms.ChoiceField(
        label=gettext_lazy("What they are there"),
        choices=_ROLES,
        required=False,
        help_text=gettext_lazy("Seen from the head of the household."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("What this person is there"),
        choices=_ROLES,
        required=False,
        help_text=gettext_lazy("Only where no household of this person is known yet."),
    )
    since = TypedDay(
        label=gettext_lazy("Since when"),
        required=False,
        empty=gettext_lazy("Empty where nobody knows."),
    )


class HouseholdView(Searching, OfPerson):
    """Who lives with the person, who has left, and who comes to live there."""

    abilities = {"get": "residents.view_details", "post": "residents.edit"}
    template = "staff/people/household.html"
    form_class = Joining

    @cached_property
    def held(self) -> Resident:
        """The person in the address."""
        return self.person()

    def members(self) -> list[HouseholdMember]:
        """Return who lives with the person, themselves among them, as far as it is visible."""
        seen = list(Details(self.actor, self.held).household)
        return sorted(seen, key=lambda each: (each.household_id, each.pk))

    def homes(self) -> Any:
        return selectors.members(self.actor, self.held)

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if "find" not in request.POST:
            return super().post(request, **ids)
        # Nothing is judged yet; what was typed stays.
        typed = {name: request.POST.get(name, "") for name in Joining.base_fields}
        return self.show(self.template, {"form": Joining(initial=typed), **self.context()})

    def context(self) -> dict[str, Any]:
        person, lists = self.held, Lists(self.request)
        members = self.members()
        past = self.homes().exclude(ended_at=None).order_by("-ended_at", "-pk")
        left = lists.first("left", past, LATEST)
        for each in members:
            log_read("household", each.household_id)
            log_read("resident", each.resident_id)
        kept = policy.kept_by(self.actor, [each.resident_id for each in members])
        edit = policy.can_edit(self.actor, person)
        address = policy.can_see_address(self.actor, person)
        return {
            "person": person,
            "members": members,
            "left": left,
            "cuts": lists.cuts,
            "kept": kept,
            "alone": not members,
            "edit": edit and address and not person.is_ended,
            "denials": [each for each in (edit, address) if not each],
            **self.found(),
        }

    def found(self) -> dict[str, Any]:
        """Return whom the search finds; the chosen one stays."""
        q, chosen = self.request.POST.get("q", ""), self.request.POST.get("subject", "")
        too_many = None
        if q:
            try:
                self.slow_down(self.request)
            except Busy as refused:
                q, too_many = "", refused
        people = [each for each in people_found(self.actor, q, chosen) if each != self.held]
        return {"people": people, "chosen_person": chosen, "q": q, "too_many": too_many}

    def act(self, form: Any) -> str:
        given = form.cleaned_data
        other = self.other(given["subject"])
        mine, theirs = self.home_of(self.held), self.home_of(other)
        if mine:
            self.join(mine, other, "other_role", given)
        elif theirs:
            self.join(theirs, self.held, "role", given)
        else:
            role = _role("role", given)
            begun = actions.found_household(
                actor=self.actor, resident=self.held, role=role, since=given["since"]
            )
            self.join(begun.household, other, "other_role", given)
        return self.after("household-joined")

    def other(self, subject: Any) -> Resident:
        """Return who lives with the person; raises `Invalid` where nobody was chosen."""
        found = policy.visible_to(self.actor).filter(pk=subject).first() if subject else None
        if found is None:
            if subject:
                log_out_of_reach("resident", subject)
            raise Invalid({"q": _("Search for the person, and choose them.")})
        return found

    def home_of(self, person: Resident) -> Any:
        """Return the household in which somebody is known to live, None where none is."""
        rows = selectors.members(self.actor, person).filter(ended_at=None)
        member = rows.select_related("household").first()
        return member and member.household

    def join(self, household: Any, person: Resident, field: str, given: dict[str, Any]) -> None:
        """Put somebody into a household; what the form says of them is in `field`."""
        actions.join_household(
            actor=self.actor, household=household, resident=person,
            role=_role(field, given), since=given["since"],
        )  # fmt: skip


def _role(field: str, given: dict[str, Any]) -> str:
    role: str = given[field]
    if not role:
        raise Invalid({field: _("Say what this person is in the household.")})
    return role


class Leaving(forms.Form):
    """The last day there."""

    until = TypedDay(label=gettext_lazy("Lived there until"), initial="今日")


class LeaveView(OfPerson):
    """Say that somebody does not live there any more."""

    abilities = {"get": "residents.edit", "post": "residents.edit"}
    template = "staff/people/leave.html"
    form_class = Leaving

    def member(self) -> HouseholdMember:
        """Return a visible member of a household of the person in the address."""
        homes = selectors.members(self.actor, self.person()).values("household")
        rows = selectors.members(self.actor).filter(household__in=homes)
        return get_object_or_404(rows, pk=self.kwargs["member_id"])

    def context(self) -> dict[str, Any]:
        person, member = self.person(), self.member()
        log_read("household", member.household_id)
        log_read("resident", member.resident_id)
        return {"person": person, "member": member}

    def act(self, form: Any) -> str:
        member = self.member()
        actions.leave_household(
            actor=self.actor, household_id=member.household_id, member_id=member.pk,
            **form.cleaned_data,
        )  # fmt: skip
        return self.after("household-left")
