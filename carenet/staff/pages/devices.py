"""Where people are signed in, and a lost telephone shut out with one button."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from carenet.accounts.actions.sessions import end_sessions
from carenet.accounts.actions.sign_in import hand_out_code
from carenet.accounts.models import HANDED_OUT, CodePurpose
from carenet.accounts.selectors import sessions
from carenet.agencies import selectors
from carenet.agencies.models import Membership
from carenet.core.errors import Invalid
from carenet.rest.encryption import seal, unseal
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.redirects import redirect_to

#: Where a session keeps a code until its page shows it.
CODE = "carenet.code-to-show"


class DevicesView(StaffView):
    """Where oneself is signed in; managers find their members here."""

    abilities = {"get": "agencies.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        members: list[Membership] = []
        manages = bool(self.actor.may("agencies.manage_members"))
        if manages:
            found = selectors.members(self.actor).exclude(user=self.actor.user_id)
            members = list(found.order_by("user__name_kana", "user__name", "id"))
        return self.show(
            "staff/devices/own.html",
            {
                "sessions": list(sessions(self.actor)),
                "here": request.session.session_key,
                "members": members,
                "manages": manages,
                "ended": "ended" in request.GET,
            },
        )


class EndOwnView(StaffView):
    """Sign oneself out everywhere but here."""

    abilities = {"post": "agencies.view"}

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = self.actor.user
        memberships = selectors.memberships_of(user)
        own = get_object_or_404(memberships, agency=self.actor.agency_id)
        end_sessions(actor=self.actor, membership=own, but=request.session.session_key)
        return redirect_to(request, reverse("staff-devices") + "?ended")


class MemberDevices(StaffView):
    """Base of what is about a member of the agency: managers alone."""

    @cached_property
    def membership(self) -> Membership:
        found: Membership = get_object_or_404(selectors.members(self.actor), pk=self.kwargs["id"])
        return found

    @property
    def own(self) -> bool:
        """Whether the manager has come to themselves."""
        return self.membership.user_id == self.actor.user_id


class MemberDevicesView(MemberDevices):
    """Where a member is signed in."""

    abilities = {"get": "agencies.manage_members"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        return self.show(
            "staff/devices/member.html",
            {
                "membership": self.membership,
                "sessions": list(sessions(self.actor, self.membership.user_id)),
                "here": request.session.session_key,
                "ended": "ended" in request.GET,
            },
        )


class MemberCodeView(MemberDevices):
    """Hand a member a code for a new password or an authenticator; it is shown here, once.

    On the way to the page it lies sealed in the manager's own session.
    """

    abilities = {"get": "agencies.manage_members", "post": "agencies.manage_members"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        there, sealed = request.session.pop(CODE, ("", ""))
        if there != str(self.membership.pk):
            return redirect_to(request, reverse("staff-member-devices", args=[self.membership.pk]))
        context = {"membership": self.membership, "code": unseal(CODE, sealed)}
        return self.show("staff/devices/code.html", context | {"days": settings.SIGN_IN_CODE_DAYS})

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        membership, purpose = self.membership, request.POST.get("purpose", "")
        if purpose not in HANDED_OUT:
            raise Invalid({"purpose": _("Say what the code is for.")})
        code = hand_out_code(
            actor=self.actor, user=membership.user, membership=membership,
            purpose=CodePurpose(purpose),
        )  # fmt: skip
        request.session[CODE] = (str(membership.pk), seal(CODE, code))
        return redirect_to(request, reverse("staff-member-code", args=[membership.pk]))


class EndMemberView(MemberDevices):
    """Sign a member out everywhere, at once."""

    abilities = {"post": "agencies.manage_members"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        but = request.session.session_key if self.own else None
        end_sessions(actor=self.actor, membership=self.membership, but=but)
        return redirect_to(
            request, reverse("staff-member-devices", args=[self.membership.pk]) + "?ended"
        )
