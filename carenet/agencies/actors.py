"""Who acts: a person or a partner's system, for one agency, in the roles held there."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from carenet.agencies.models import Agency, ApiClient, User
from carenet.agencies.roles import ABILITIES, CASEWORK_ROLES, Role
from carenet.audit.actions import Who
from carenet.core.decisions import ALLOWED, Decision, Denied


@dataclass(frozen=True, slots=True)
class Actor:
    """The subject of every permission question.

    Exactly one of `user` and `client` is set; neither means that the service itself acts (a job).
    `scopes` are those of the client's token; `claimed_person` is whom the client names. `answers` are
    those of the rules in a request that only reads (`asked_once`), None in any other.
    """

    agency: Agency
    roles: frozenset[Role]
    user: User | None = None
    client: ApiClient | None = None
    scopes: frozenset[str] = frozenset()
    claimed_person: str = ""
    answers: dict[tuple[str, Hashable], Decision] | None = field(
        default=None, compare=False, repr=False
    )

    @property
    def agency_id(self) -> UUID:
        return self.agency.pk

    @property
    def group_id(self) -> int:
        """The group whose guardian rows count for this actor: that of the acting agency alone."""
        return self.agency.group_id

    @property
    def user_id(self) -> UUID | None:
        return self.user.pk if self.user else None

    @property
    def client_id(self) -> str:
        """The `client_id` of the partner's system that acts, empty for a person."""
        return self.client.client_id if self.client else ""

    @property
    def attribution(self) -> dict[str, Any]:
        """The fields of `AttributedModel`: by whom a row is written."""
        return {
            "by_agency": self.agency,
            "by_user": self.user,
            "by_client": self.client_id,
            "claimed_person": self.claimed_person[:100],
        }

    @property
    def does_casework(self) -> bool:
        """Whether this actor shares in what its agency owns and was granted."""
        return bool(self.roles & (CASEWORK_ROLES | {Role.INTEGRATION}))

    @property
    def coordinates(self) -> bool:
        """Whether this actor is C wherever the acting agency is that of a referral."""
        return Role.COORDINATOR in self.roles

    @property
    def who(self) -> Who:
        """The actor as the trail writes it down."""
        if self.user:
            return Who("user", str(self.user.pk), self.agency_id)
        if self.client:
            return Who("client", self.client.client_id, self.agency_id, self.claimed_person)
        return Who("system", "", self.agency_id)

    def may(self, ability: str) -> Decision:
        """Whether the actor's roles (and a client's scopes) include the ability at all."""
        needed = ABILITIES[ability]
        if not self.roles & needed.roles:
            roles = _(", ").join(str(role.label) for role in Role if role in needed.roles)
            return Denied(
                _("Your role in this agency does not include this."),
                _("One of these roles: %(roles)s.") % {"roles": roles},
                code="role_missing",
            )
        if self.client and needed.scope not in self.scopes:
            return Denied(
                _("The access token lacks the scope for this."),
                _("The scope %(scope)s.") % {"scope": needed.scope},
                code="scope_missing",
            )
        return ALLOWED


@dataclass(frozen=True, slots=True)
class Administrator:
    """A system administrator on the screens: of no agency, no `Actor`, and shown no personal data."""

    user: User

    @property
    def who(self) -> Who:
        """The administrator as the trail writes it down."""
        return Who("user", str(self.user.pk))


#: Who may keep the directory: an administrator, or the operator's command line (None). An actor may not.
DirectoryKeeper = Actor | Administrator | None


def system_actor(agency: Agency) -> Actor:
    """Return the actor of a job that works for `agency`, as its caseworkers and managers may.

    The trail shows it as the system.
    """
    return Actor(agency=agency, roles=frozenset({Role.STAFF, Role.MANAGER}))
