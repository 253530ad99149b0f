"""Who asks, and for which agency they act: the Actor of a request, by API and on pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from carenet.agencies.actors import Actor
from carenet.agencies.models import ApiClient, Membership, User
from carenet.agencies.registry import person_acts
from carenet.agencies.roles import Role
from carenet.audit.actions import Who, current_context
from carenet.core import clock
from carenet.core.compiled_queries import CompiledQuery
from carenet.core.errors import AmbiguousAgency, Forbidden
from carenet.rest.text import canonical
from carenet.rest.throttles import network_of

#: As long as the trail keeps them.
LONGEST_PERSON, LONGEST_PURPOSE = 100, 200
#: Where a session keeps the agency for which it acts.
SESSION_AGENCY = "carenet_agency"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class ClientPrincipal:
    """A partner's system as `request.user`: authenticated, but no account."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    actor: Actor | None = None

    def __init__(self, client: ApiClient, scopes: frozenset[str]) -> None:
        self.client = client
        self.scopes = scopes
        self.pk = f"client:{client.client_id}"  # as the logs name it


def principal_key(request: Request) -> str:
    """Return who asks, and for which agency, as one string."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return f"anonymous:{network_of(current_context().address or '')}"
    who = actor.who
    return f"{who.kind}:{who.id}:{actor.agency_id}"


def principal(request: Request) -> Who:
    """Return who asks before it is known for which agency: what a refusal is recorded under."""
    asking: object = request.user
    if isinstance(asking, ClientPrincipal):
        return Who("client", asking.client.client_id, asking.client.agency_id)
    return Who("user", str(asking.pk)) if isinstance(asking, User) else Who()


def resolve_actor(request: Request) -> Actor:
    """Return the Actor of an authenticated request.

    Raises `NotAuthenticated` for nobody, `AmbiguousAgency` when it is not clear which agency is
    meant, `Forbidden` when the one that is named is not theirs, and for a person whose sign-in is
    not complete (`person_acts`).
    """
    asking: object = request.user
    if isinstance(asking, ClientPrincipal):
        return _client_actor(asking, request)
    if isinstance(asking, User):
        person_acts(request, asking)
        return _staff_actor(asking, request)
    raise NotAuthenticated


def header_text(request: Request, header: str, *, longest: int) -> str:
    """Return a free-text header, percent-decoded.

    Raises `ValidationError` for control characters and for more than `longest` characters.
    """
    text = unquote(request.headers.get(header, ""))
    if len(text) > longest:
        raise ValidationError(
            {header: [_("Send at most %(most)s characters.") % {"most": longest}]}
        )
    if _CONTROL.search(text) or "\ufffd" in text:
        raise ValidationError({header: [_("Send UTF-8 text, percent-encoded, on one line.")]})
    return canonical(text)


def _client_actor(principal: ClientPrincipal, request: Request) -> Actor:
    named = _named_agency(request)
    if named not in {None, principal.client.agency_id}:
        raise Forbidden(
            _("This client belongs to another agency than the one in Carenet-Agency."),
            basis=_("A client of that agency."),
            code="agency_not_yours",
        )
    return Actor(
        agency=principal.client.agency,
        roles=frozenset({Role.INTEGRATION}),
        client=principal.client,
        scopes=principal.scopes,
        claimed_person=header_text(request, "Carenet-Acting-Person", longest=LONGEST_PERSON),
        answers=_answers(request),
    )


#: The memberships that a person acts in, with their agencies: every request asks.
_CURRENT = CompiledQuery(
    lambda user, now: (
        Membership.objects.current(now)
        .filter(user=user, agency__active=True)
        .select_related("agency")
    ),
    user=UUID(int=1),
    now=datetime(1900, 1, 1, tzinfo=UTC),
)


def _staff_actor(user: User, request: Request) -> Actor:
    current = _CURRENT.rows(user=user.pk, now=clock.now())
    memberships = {membership.agency_id: membership for membership in current}
    membership = memberships.get(_chosen_agency(request, memberships))
    if membership is None:
        raise Forbidden(
            _("You are not a member of the agency that you act for."),
            basis=_("A membership in that agency."),
            code="agency_not_yours",
        )
    return Actor(
        agency=membership.agency, roles=membership.role_set, user=user, answers=_answers(request)
    )


def _answers(request: Request) -> dict[Any, Any] | None:
    return {} if request.method in SAFE_METHODS else None


def _chosen_agency(request: Request, memberships: dict[UUID, Membership]) -> UUID:
    named = _named_agency(request)
    if named:
        return named
    chosen = request.session.get(SESSION_AGENCY)
    if chosen and UUID(chosen) in memberships:
        return UUID(chosen)
    if len(memberships) == 1:
        # A session keeps its agency: who joins another one later goes on here as before.
        [only] = memberships
        request.session[SESSION_AGENCY] = str(only)
        return only
    if not memberships:
        raise Forbidden(
            _("Your account belongs to no agency. Ask the manager of your agency to invite you."),
            basis=_("A membership in an agency."),
            code="no_agency",
        )
    raise AmbiguousAgency(
        _("Choose one with PUT /api/v1/me/agency/, or name it in the header Carenet-Agency.")
    )


def _named_agency(request: Request) -> UUID | None:
    given = request.headers.get("Carenet-Agency")
    if given is None:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise ValidationError({"Carenet-Agency": [_("Send the id of an agency.")]}) from None
