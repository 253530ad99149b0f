"""A small world with every combination in it that a rule of visibility looks at.

Rows are written straight into the tables: many of these combinations come about only by the clock, or
by a race. `here`, `there` and `ward` are the agencies; each has people and systems in every role.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone
from uuid_utils.compat import uuid7

from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor, system_actor
from carenet.agencies.models import Agency, AgencyKind, ApiClient, User
from carenet.agencies.roles import Role, Scope
from carenet.audit.actions import Who
from carenet.audit.actions import log_write as audit
from carenet.audit.models import AuditEntry
from carenet.cases.models import (
    Case,
    CaseMember,
    CaseShare,
    Confidentiality,
    Consultation,
    EndReason,
    NoteAudience,
    NoteKind,
    ProgressNote,
)
from carenet.cases.states import CaseStatus
from carenet.referrals.models import Referral
from carenet.referrals.states import UNCLAIMED, ReferralKind, ReferralStatus
from carenet.residents.models import Resident, ResidentShare
from carenet.tasks.models import Task
from tests.factories import a_user, an_agency

AGENCIES = ("here", "there", "ward")
NEVER, LIVE, RUN_OUT = "never", "live", "run out"
#: What an agency holds of a case: permission and end.
SHARES: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("view_case", NEVER),),
    (("view_case", LIVE),),
    (("view_case", RUN_OUT),),
    (("co_support_case", NEVER),),
    (("co_support_case", RUN_OUT),),
    (("view_case", RUN_OUT), ("co_support_case", LIVE)),
    (("view_case", LIVE), ("co_support_case", RUN_OUT)),
)
#: Whether a case is restricted, and until when the named people are named to it.
RESTRICTIONS: tuple[str | None, ...] = (None, "nobody", NEVER, LIVE, RUN_OUT)
STATUSES = (
    ReferralStatus.DRAFT, ReferralStatus.DISCARDED, ReferralStatus.SENT, ReferralStatus.CLOSED,
    ReferralStatus.VOID,
)  # fmt: skip
#: Until when S and R see a referral.
ENDS = ((NEVER, NEVER), (LIVE, RUN_OUT), (RUN_OUT, LIVE), (RUN_OUT, RUN_OUT))
#: Sender, receiver, coordinator.
PARTS = (
    ("here", "there", None), ("here", "there", "ward"), ("there", "here", "ward"),
    ("ward", "here", "ward"), ("here", "ward", "ward"),
)  # fmt: skip

#: The agencies of an open pool; `here` sends.
POOLS = (("there", "ward"), ("here", "there"), ("ward",))


@dataclass
class World:
    """Who there is, and what there is to see."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    named: list[User] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    notes: list[ProgressNote] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    residents: list[Resident] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)
    trail: list[AuditEntry] = field(default_factory=list)


#: Who looks: the roles held; "named" are also named to restricted cases.
LOOKERS: dict[str, frozenset[Role]] = {
    "staff": frozenset({Role.STAFF}),
    "named staff": frozenset({Role.STAFF}),
    "named manager": frozenset({Role.MANAGER}),
    "coordinator": frozenset({Role.COORDINATOR}),
    "named coordinator": frozenset({Role.COORDINATOR}),
    "named watcher": frozenset({Role.WATCHER}),
    "named auditor": frozenset({Role.AUDITOR}),
    "named all-rounder": frozenset({Role.STAFF, Role.COORDINATOR, Role.AUDITOR}),
    "client": frozenset({Role.INTEGRATION}),
    "client without scopes": frozenset({Role.INTEGRATION}),
    "job": frozenset(),
}
ACTORS = [f"{agency} {looker}" for agency in AGENCIES for looker in LOOKERS]


def a_world() -> World:
    world = World()
    kinds = (AgencyKind.CARE_PLAZA, AgencyKind.CORE_CONSULTATION_CENTER, AgencyKind.WARD_OFFICE)
    for name, kind in zip(AGENCIES, kinds, strict=True):
        world.agencies[name] = an_agency(kind)
        for looker, roles in LOOKERS.items():
            actor = _actor(world.agencies[name], looker, roles)
            world.actors[f"{name} {looker}"] = actor
            if looker.startswith("named") and actor.user:
                world.named.append(actor.user)
    _fill_cases(world)
    _fill_notes(world)
    _fill_tasks(world)
    _fill_referrals(world)
    _fill_residents(world)
    for agency in world.agencies.values():
        world.consultations.append(_a_consultation(agency))
        audit(Who("system", "", agency.pk), "test", "test")
    audit(Who("anonymous"), "test", "test")
    world.trail = list(AuditEntry.objects.filter(action="test"))
    return world


def _actor(agency: Agency, looker: str, roles: frozenset[Role]) -> Actor:
    if looker == "job":
        return system_actor(agency)
    if "client" in looker:
        scopes = frozenset(Scope.values if looker == "client" else [])
        return Actor(agency=agency, roles=roles, client=ApiClient(agency=agency), scopes=scopes)
    return Actor(agency=agency, roles=roles, user=a_user())


def _end(word: str) -> datetime | None:
    hours = {NEVER: None, LIVE: 1, RUN_OUT: -1}[word]
    return timezone.now() + timedelta(hours=hours) if hours else None


def _fill_tasks(world: World) -> None:
    """A task of each agency on each case, whether it sees the case or not."""
    made = [
        Task(
            case=case, what="電話", due_on=timezone.localdate(), agency=agency,
            by_agency=case.lead_agency,
        )
        for case, agency in product(world.cases, world.agencies.values())
    ]  # fmt: skip
    world.tasks = Task.objects.bulk_create(made)


def _fill_cases(world: World) -> None:
    for lead, shares, restriction in product(AGENCIES[:2], SHARES, RESTRICTIONS):
        case = _a_case(world, lead, restriction)
        other = world.agencies["there" if lead == "here" else "here"]
        for codename, until in shares:
            CaseShare.objects.create(
                group=other.group, content_object=case, until=_end(until),
                permission=Permission.objects.get(codename=codename),
            )  # fmt: skip
        world.cases.append(case)


def _a_case(world: World, lead: str, restriction: str | None, **fields: Any) -> Case:
    kept = Confidentiality.RESTRICTED if restriction else Confidentiality.NORMAL
    case = Case.objects.create(
        resident=_a_resident(world.agencies["ward"]),
        lead_agency=world.agencies[lead],
        confidentiality=kept,
        **fields,
    )
    if restriction in {NEVER, LIVE, RUN_OUT}:
        before = timezone.now() - timedelta(days=1)
        CaseMember.objects.bulk_create(
            CaseMember(case=case, user=user, given_at=before, until=_end(restriction))
            for user in world.named
        )
    return case


def _fill_notes(world: World) -> None:
    """Every kind of note in a case of each restriction, shared with the other agency or not."""
    cases = [case for case in world.cases if case.lead_agency == world.agencies["here"]]
    reader = world.actors["there named staff"].user
    for case, agency, audience, named in product(
        cases[:: len(RESTRICTIONS) + 1], AGENCIES[:2], NoteAudience.values, (True, False)
    ):
        author = world.actors[f"{agency} staff"].user if named else None
        world.notes.append(
            ProgressNote.objects.create(
                case=case, author_agency=world.agencies[agency], author=author,
                kind=NoteKind.FACT, audience=audience, text="…", happened_at=timezone.now(),
                readers=[reader.pk] if audience == NoteAudience.NAMED and reader else [],
            )
        )  # fmt: skip


def _fill_referrals(world: World) -> None:
    cases = [_a_case(world, "here", restriction) for restriction in RESTRICTIONS]
    made = [
        _a_referral(world, case, status, parts, s_until=_end(s_until), r_until=_end(r_until))
        for case, status, parts, (s_until, r_until) in product(cases, STATUSES, PARTS, ENDS)
    ]
    numbers = [each.pk for each in Referral.objects.bulk_create(made)]
    world.referrals = list(Referral.objects.filter(pk__in=numbers).select_related("case"))
    _fill_pools(world, cases)


def _fill_pools(world: World, cases: list[Case]) -> None:
    """Referrals to an open pool: waiting or claimed, in every status, S in it or not."""
    unclaimed = [status for status in STATUSES if status in UNCLAIMED]
    for case, status, claimed, pool in product(cases, unclaimed, (False, True), POOLS):
        referral = _a_referral(world, case, status, ("here", "there" if claimed else "", "ward"))
        referral.to_pool, referral.pk = True, uuid7()
        referral.resident = _a_resident(world.agencies["ward"])  # whom nothing else shows
        referral.save(force_insert=True)
        referral.pool.set(world.agencies[name] for name in pool)
        world.referrals.append(Referral.objects.select_related("case").get(pk=referral.pk))


def _a_referral(
    world: World,
    case: Case,
    status: ReferralStatus,
    parts: tuple[str, str, str | None],
    **fields: Any,
) -> Referral:
    now, closed = timezone.now(), status == ReferralStatus.CLOSED
    sender, receiver, coordinator = (world.agencies.get(part or "") for part in parts)
    return Referral(
        kind=ReferralKind.CO_SUPPORT, need="other", reason="…", status=status, case=case,
        resident_id=case.resident_id, sender=sender, receiver=receiver, coordinator=coordinator,
        sent_at=now, sharing_basis=SharingBasis.WITHIN_PURPOSE,
        closed_at=now if closed else None, closed_as="settled" if closed else "", **fields,
    )  # fmt: skip


def _fill_residents(world: World) -> None:
    """The residents of all cases, and some who are reached in one other way, or in none."""
    ended = {"status": CaseStatus.CLOSED, "end_reason": EndReason.DIED, "ended_at": timezone.now()}
    world.cases.append(_a_case(world, "here", None, **ended))
    for parts, status in product(PARTS, STATUSES):
        # Of a case that is not restricted, so that the part alone decides.
        referral = _a_referral(world, world.cases[0], status, parts)
        referral.resident = _a_resident(world.agencies["ward"], address_protected=True)
        referral.save()
        world.referrals.append(referral)
    for agency, until in product(("here", "there"), (NEVER, LIVE, RUN_OUT)):
        person = _a_resident(world.agencies[agency], address_protected=True)
        ResidentShare.objects.create(
            group=world.agencies["there"].group, content_object=person, until=_end(until),
            permission=Permission.objects.get(codename="view_protected_address"),
        )  # fmt: skip
    world.residents = list(Resident.objects.order_by("pk"))


def _a_resident(agency: Agency, **fields: Any) -> Resident:
    return Resident.objects.create(registered_by=agency, family_name="髙橋", **fields)


def _a_consultation(agency: Agency) -> Consultation:
    return Consultation.objects.create(
        agency=agency, channel="phone", relationship="self", topics=["care"], main_topic="care",
        content="…",
    )  # fmt: skip
