"""Who works in one's agency: the list for its people; the page of one and their roles for managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.accounts.selectors import last_used
from carenet.agencies import policy, selectors
from carenet.agencies.actions import change_roles
from carenet.agencies.models import Absence, Membership
from carenet.agencies.roles import HUMAN_ROLES, Role
from carenet.agencies.selectors.held_work import held_by
from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.models import get_visible
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.own_agency.spans import deputy_of, span_of
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.versions import seen_version

#: As many members as the list shows at first.
MOST = 100
#: What a manager may give; an auditor the operator proposes.
ROLES = [(role.value, role.label) for role in Role if role in HUMAN_ROLES - {Role.AUDITOR}]
#: What the page of a member says of what was done just now.
DONE: dict[str, Any] = {
    "roles": gettext_lazy(
        "The roles are changed. They count from the next step of this person on."
    ),
    "absence": gettext_lazy("The absence is recorded: whoever stands in is told instead."),
    "back": gettext_lazy("The absence is over."),
    "handed-on": gettext_lazy("The work is handed on, and whoever has it now is told."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A member, with what the list says of them now."""

    member: Membership
    absence: Absence | None
    used_at: datetime | None

    @property
    def span(self) -> str:
        """From when to when the member is away; empty for whoever is here."""
        return span_of(self.absence) if self.absence else ""

    @property
    def deputy(self) -> str:
        """Who stands in meanwhile."""
        return deputy_of(self.absence) if self.absence else ""

    @property
    def roles(self) -> list[str]:
        """What the roles are called."""
        return [str(role.label) for role in Role if role in self.member.role_set]

    @property
    def to_come(self) -> bool:
        """Whether the membership has not begun."""
        return self.member.since > clock.now()


class MembersView(StaffView):
    """The members of the agency by name: what they do, whether they are here."""

    abilities = {"get": "agencies.view_members"}

    def get(self, request: HttpRequest) -> HttpResponse:
        manages = bool(self.actor.may("agencies.manage_members"))
        lists = Lists(request)
        ordered = selectors.members(self.actor).order_by("user__name_kana", "user__name", "id")
        found = lists.first("members", ordered, MOST)
        for each in found:
            log_read("user", each.user_id)
        away = {each.membership_id: each for each in selectors.away(self.actor)}
        used = last_used(self.actor) if manages else {}
        lines = [Line(each, away.get(each.pk), used.get(each.user_id)) for each in found]
        context = {
            "lines": lines,
            "manages": manages,
            "cuts": lists.cuts,
            "ended": "ended" in request.GET,
        }
        return self.show("staff/own_agency/members.html", context)


class OfMember(StaffView):
    """Base of what is about one member: for managers."""

    @cached_property
    def membership(self) -> Membership:
        """The member in the address; raises `NotFound` out of reach."""
        found: Membership = get_visible(selectors.members(self.actor), pk=self.kwargs["id"])
        log_read("user", found.user_id)
        return found

    @property
    def here(self) -> str:
        """The page of the member."""
        return reverse("staff-member", args=[self.membership.pk])

    @property
    def version(self) -> int:
        """The version that was looked at; raises `PreconditionRequired` without."""
        return seen_version(self.request, _("Open the page of this person again."))

    def about(self) -> dict[str, Any]:
        """Return what each page about a member shows."""
        return {
            "membership": self.membership,
            "crumbs": [(self.here, self.membership.user.name)],
        }


class MemberView(OfMember):
    """What a member does, when they are away, and what they have in hand."""

    abilities = {"get": "agencies.manage_members"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        membership, now = self.membership, clock.now()
        # One that was called off before it began ends where it begins: it never took place.
        absences = selectors.absences(self.actor, membership).exclude(until=F("since"))
        ahead = [each for each in absences.order_by("since") if not each.until or each.until > now]
        roles = membership.role_set
        context = {
            **self.about(),
            "crumbs": [],
            "roles": [str(role.label) for role in Role if role in roles],
            "absences": [Line(membership, each, None) for each in ahead],
            "away": any(each.since <= now for each in ahead),
            "held": held_by(membership),
            "may_change": bool(policy.can_change_roles(self.actor, membership, roles)),
            "may_end": bool(policy.can_end_membership(self.actor, membership)),
            "own": membership.user_id == self.actor.user_id,
            "done": DONE.get(request.GET.get("done", ""), ""),
        }
        return self.show("staff/own_agency/member.html", context)


class RolesForm(forms.Form):
    """What a member does."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=ROLES, widget=forms.CheckboxSelectMultiple
    )


class RolesView(FormPage, OfMember):
    """Change what a member does: with fewer roles, what they had by them goes to others."""

    abilities = {"get": "agencies.manage_members", "post": "agencies.manage_members"}
    template = "staff/own_agency/roles.html"
    form_class = RolesForm

    def form(self, data: Any = None) -> forms.Form:
        return RolesForm(data, initial={"roles": self.membership.roles})

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        roles = self.membership.role_set
        demand(policy.can_change_roles(self.actor, self.membership, roles))
        return super().get(request, **ids)

    def context(self) -> dict[str, Any]:
        return {**self.about(), "held": held_by(self.membership)}

    def act(self, form: forms.Form) -> str:
        change_roles(
            actor=self.actor,
            membership=self.membership,
            roles=form.cleaned_data["roles"],
            version=self.version,
        )
        return f"{self.here}?done=roles"
