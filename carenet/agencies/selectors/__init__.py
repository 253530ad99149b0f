"""Reads of agencies, their members and calendars, each in a fixed number of queries."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import jaconv
from django.db.models import F, Func, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower, Replace

from carenet.agencies import policy
from carenet.agencies.actors import Actor
from carenet.agencies.models import (
    Absence,
    Agency,
    AgencyKind,
    ApiClient,
    ChasingRule,
    ChasingStage,
    Designation,
    Invitation,
    InvitationAnswer,
    Membership,
    User,
)
from carenet.agencies.roles import ABILITIES, CASEWORK_ROLES, Role
from carenet.agencies.selectors.roster import (
    Roster as Roster,
)
from carenet.agencies.selectors.roster import (
    Staff,
)
from carenet.agencies.selectors.roster import (
    calendar_of as calendar_of,
)
from carenet.agencies.selectors.roster import (
    coordinating_office as coordinating_office,
)
from carenet.agencies.selectors.roster import (
    desk_of as desk_of,
)
from carenet.agencies.selectors.roster import (
    section_for as section_for,
)
from carenet.agencies.selectors.roster import (
    sections_without_people as sections_without_people,
)
from carenet.agencies.selectors.roster import (
    with_calendars as with_calendars,
)

#: The place of an agency in the directory: its kana, and its id where kana are the same.
Key = tuple[str, UUID]
LONGEST_KANA = 2000  # bytes, far above what the column takes


def members_in_roles(agency: Agency, roles: Iterable[Role]) -> QuerySet[User]:
    """Return the people with an active account who hold any of the roles there now."""
    holding = Membership.objects.current().filter(agency=agency, roles__overlap=list(roles))
    return User.objects.filter(pk__in=holding.values("user")).order_by("id")


def on_duty(agency: Agency, people: Iterable[User], at: datetime | None = None) -> list[User]:
    """Return who of these members is there, now or then; for whoever is away, the deputy who is.

    Two queries, however many people.
    """
    return Staff.of(agency, at).on_duty(people)


def chasing_rule(agency: Agency, partner: Agency, stage: ChasingStage) -> ChasingRule | None:
    """Return the agency's own rule for this partner, else its rule for all, else None."""
    rules = ChasingRule.objects.filter(agency=agency, stage=stage)
    fitting = rules.filter(Q(partner=partner) | Q(partner=None))
    return fitting.order_by(F("partner").asc(nulls_last=True)).first()


def somebody_may(agency: Agency, ability: str) -> bool:
    """Whether anybody of the agency, a person or a system, could do this here now."""
    needed = ABILITIES[ability]
    if not agency.active:
        return False
    if members_in_roles(agency, needed.roles).exists():
        return True
    if Role.INTEGRATION not in needed.roles:
        return False
    clients = ApiClient.objects.filter(agency=agency, scopes__contains=[needed.scope])
    return bool(clients.exists())


def colleagues(actor: Actor) -> QuerySet[User]:  # noqa: ARG001 - the same for everybody
    """Return the people who may be named in a request: active accounts of active agencies.

    Whether somebody is the right one is the action's to say; here is only that they exist.
    """
    members = Membership.objects.current().filter(agency__active=True)
    return User.objects.filter(pk__in=members.values("user"))


def actor_of(user: User, agency: Agency) -> Actor | None:
    """Return a person as they could act for an agency now; None for whoever is no member."""
    if not agency.active:
        return None
    membership = Membership.objects.current().filter(user=user, agency=agency).first()
    return Actor(agency=agency, roles=membership.role_set, user=user) if membership else None


def in_casework(person: User | None, agency: Agency) -> User | None:
    """Return a person who does casework for an agency now, None for anybody else."""
    theirs = actor_of(person, agency) if person else None
    return person if theirs and theirs.roles & CASEWORK_ROLES else None


def directory(actor: Actor) -> QuerySet[Agency]:
    """Return the visible agencies with what their representation shows."""
    return with_details(policy.visible_to(actor)).select_related("capacity")


def with_details(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Fetch services and operators with the agencies."""
    run_by = Designation.objects.select_related("operator")
    return agencies.prefetch_related("services", Prefetch("designations", run_by))


def directory_page(
    actor: Actor,
    *,
    kinds: Iterable[AgencyKind] = (),
    municipality_code: str = "",
    q: str = "",
    after: Key | None = None,
    backwards: bool = False,
    limit: int,
) -> tuple[list[Agency], list[Key]]:
    """Return one page of the directory by kana, and the key of each row; no kinds means all.

    `q` finds part of a name or its kana, whatever its width, case and spaces.
    """
    found = directory(actor)
    kinds = list(kinds)
    if kinds:
        found = found.filter(kind__in=kinds)
    if municipality_code:
        found = found.filter(municipality_code=municipality_code)
    if q:
        found = _called(found, q)
    if after:
        found = found.filter(_beyond(after, backwards=backwards))
    order = ("-name_kana", "-id") if backwards else ("name_kana", "id")
    rows = list(found.order_by(*order)[:limit])
    if backwards:
        rows.reverse()
    return rows, [(row.name_kana, row.pk) for row in rows]


def key_from(parts: Sequence[str]) -> Key:
    """Return the key that a cursor carries; raises `ValueError` when it carries anything else."""
    kana, agency_id = parts
    if "\0" in kana or len(kana.encode()) > LONGEST_KANA:
        raise ValueError(kana)
    return kana, UUID(agency_id)


def key_parts(key: Key) -> Sequence[str]:
    """Return a key as a cursor carries it."""
    kana, agency_id = key
    return kana, str(agency_id)


def members(actor: Actor) -> QuerySet[Membership]:
    """Return the visible memberships with the people in them."""
    return policy.members_visible_to(actor).select_related("user", "agency")


def invitations(actor: Actor) -> QuerySet[Invitation]:
    """Return the invitations that the actor's agency has sent."""
    return policy.invitations_visible_to(actor).select_related("agency")


def invitations_for(user: User) -> QuerySet[Invitation]:
    """Return the invitations that a person may answer, with agency and inviter, the last first."""
    found = Invitation.objects.for_answer(user).select_related("agency", "invited_by")
    return found.order_by("-id")


def invitations_answered_by(user: User) -> QuerySet[Invitation]:
    """Return the invitations that a person has accepted or declined."""
    answers = (InvitationAnswer.ACCEPTED, InvitationAnswer.DECLINED)
    found = Invitation.objects.filter(username=user.username, answer__in=answers)
    return found.select_related("agency", "invited_by")


def own_membership(actor: Actor) -> Membership | None:
    """Return the membership by which somebody acts; None for a partner's system."""
    return policy.own_memberships(actor).select_related("user", "agency").first()


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return the agencies a person may act for now, in the order in which they joined."""
    current = Membership.objects.current().filter(user=user, agency__active=True)
    return current.select_related("agency").order_by("since", "id")


def account_named(username: str) -> User | None:
    """Return the person with this user name and an active account."""
    return User.objects.filter(username=username, is_active=True).first()


def agencies_named(text: str) -> QuerySet[Agency]:
    """Return the agencies that an operator means by an id, an office number or a name."""
    try:
        return Agency.objects.filter(pk=UUID(text))
    except ValueError:
        return Agency.objects.filter(Q(office_number=text) | Q(name=text)).order_by("id")


def absences(actor: Actor, membership: Membership) -> QuerySet[Absence]:
    """Return when a visible member is away, with whoever stands in."""
    visible = policy.absences_visible_to(actor).filter(membership=membership)
    return visible.select_related("membership__agency", "deputy")


def away(actor: Actor) -> QuerySet[Absence]:
    """Return the visible absences that are running now, with whoever stands in."""
    running = policy.absences_visible_to(actor).filter(
        pk__in=Absence.objects.running().values("pk")
    )
    return running.select_related("membership", "deputy").order_by("-since", "-id")


def chasing_rules(actor: Actor) -> QuerySet[ChasingRule]:
    """Return the visible chasing rules with their partners."""
    return policy.chasing_rules_visible_to(actor).select_related("agency", "partner")


def _called(agencies: QuerySet[Agency], q: str) -> QuerySet[Agency]:
    wanted = "".join(unicodedata.normalize("NFKC", q).lower().split())
    folded = agencies.alias(name_key=_folded("name"), kana_key=_folded("name_kana"))
    return folded.filter(
        Q(name_key__contains=wanted) | Q(kana_key__contains=jaconv.hira2kata(wanted))
    )


def _folded(column: str) -> Replace:
    """What a name and the way somebody types it have in common, computed by the database."""
    plain = Func(F(column), template="normalize(%(expressions)s, NFKC)", output_field=TextField())
    return Replace(Lower(plain), Value(" "), Value(""), output_field=TextField())


def _beyond(key: Key, *, backwards: bool) -> Q:
    kana, agency_id = key
    if backwards:
        return Q(name_kana__lt=kana) | Q(name_kana=kana, id__lt=agency_id)
    return Q(name_kana__gt=kana) | Q(name_kana=kana, id__gt=agency_id)
