"""Reads of sessions and clients, and how far somebody has said who they are in a session."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.account import app_settings as account
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.request import Request

from carenet.accounts import policy
from carenet.accounts.models import BrowserSession
from carenet.agencies.actors import Actor
from carenet.agencies.models import ApiClient, User
from carenet.core import clock
from carenet.core.errors import Forbidden


def has_second_factor(request: HttpRequest | Request, user: User) -> bool:
    """Whether the code of an authenticator, or a recovery code, was typed in this session."""
    records = get_authentication_records(request, user)
    return any(each.get("method") == "mfa" for each in records)


def has_just_signed_in(request: HttpRequest | Request, user: User) -> bool:
    """Whether the person has said who they are, by password or code, within a few minutes."""
    records = get_authentication_records(request, user)
    latest = max((float(each.get("at", 0)) for each in records), default=0.0)
    return clock.now().timestamp() - latest < float(account.REAUTHENTICATION_TIMEOUT)


def demand_complete_sign_in(request: HttpRequest | Request, user: User) -> None:
    """Raise `Forbidden` without a second factor, or with a password that somebody else has set."""
    if settings.STAFF_SECOND_FACTOR and not has_second_factor(request, user):
        raise Forbidden(
            _("Sign in with the code of your authenticator too; set one up on the pages first."),
            basis=_("A second factor in this session."),
            code="second_factor_missing",
        )
    if user.password_is_first:
        raise Forbidden(
            _("Choose a password of your own first: somebody else knows this one."),
            basis=_("A password that you have set yourself."),
            code="password_is_first",
        )


def sessions(actor: Actor, user_id: UUID | None = None) -> QuerySet[BrowserSession]:
    """Return where somebody is signed in, oneself without an id; those used last come first."""
    wanted = user_id or actor.user_id
    found = policy.sessions_visible_to(actor).filter(user=wanted)
    return found.order_by("-used_at", "session_key")


def last_used(actor: Actor) -> dict[UUID, datetime]:
    """Return when those whose sessions the actor sees last used one, by account."""
    used = policy.sessions_visible_to(actor).order_by().values("user").annotate(at=Max("used_at"))
    return {each["user"]: each["at"] for each in used}


def client_called(client_id: str) -> ApiClient | None:
    """Return the partner's system with this OAuth client id."""
    found: ApiClient | None = (
        ApiClient.objects.select_related("agency").filter(client_id=client_id).first()
    )
    return found
