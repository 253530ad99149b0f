"""What hangs on one person, for pages that tell it: put together once, each as far as it may be seen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import BooleanField as Boolean
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, QuerySet, UUIDField

from carenet.access.actor_queries import ActorQuery, Rows
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.residents import policy
from carenet.residents.models import (
    Certification,
    Consent,
    Contact,
    HouseholdMember,
    Resident,
    ResidentFact,
)


def _seen(actor: Actor, *, resident: UUID) -> QuerySet[Resident]:
    works = Exists(policy.worked_with_by(actor).filter(pk=OuterRef("pk")))
    address_seen = ExpressionWrapper(policy.address_seen_by(actor), output_field=Boolean())
    kept = ExpressionWrapper(policy.record_managed_by(actor), output_field=Boolean())
    found = policy.visible_to(actor).filter(pk=resident).select_related("registered_by")
    return found.annotate(works=works, address_seen=address_seen, kept=kept)


_SEEN = ActorQuery(_seen, "resident")


def seen_person(actor: Actor, resident_id: UUID) -> Resident | None:
    """Return a visible person for their page, with who registered them; else None.

    `kept` says whether the actor's agency keeps the record.
    """
    person = _SEEN(actor, resident=resident_id).one()
    if person:
        names = ("works", "address_seen", "kept")
        policy.is_seen(actor, person, **{name: getattr(person, name) for name in names})
    return person


def _contacts(_actor: Actor, *, resident: UUID) -> QuerySet[Contact]:
    found = Contact.objects.filter(resident=resident, ended_at=None)
    return found.order_by("-is_emergency_contact", "-is_key_person", "id")


def _certifications(_actor: Actor, *, resident: UUID) -> QuerySet[Certification]:
    found = Certification.objects.filter(resident=resident)
    return found.order_by("-certified_from", "-id")


def _facts(actor: Actor, *, resident: UUID) -> QuerySet[ResidentFact]:
    found = ResidentFact.objects.filter(policy.shown_facts(actor), resident=resident)
    holding = found.filter(replaced_at=None, ended_on=None)
    return holding.select_related("recorded_by").order_by("pk")


def _consents(actor: Actor, *, resident: UUID) -> QuerySet[Consent]:
    found = Consent.objects.filter(policy.shown_consents(actor), resident=resident)
    return found.select_related("withdrawal").order_by("-stated_on", "-pk")


def _named(actor: Actor, *, resident: UUID) -> QuerySet[Agency, Any]:
    each = Func(F("agencies"), function="unnest", output_field=UUIDField())
    named = _consents(actor, resident=resident).order_by().values_list(each)
    visible = Exists(visible_agencies(actor).filter(pk=OuterRef("pk")))
    return Agency.objects.filter(pk__in=named).values_list("pk", "name", visible)


def _household(actor: Actor, *, resident: UUID) -> QuerySet[HouseholdMember]:
    homes = HouseholdMember.objects.filter(resident=resident, ended_at=None).values("household")
    seen = policy.memberships_visible_to(actor).filter(ended_at=None, household__in=homes)
    return seen.select_related("resident").order_by("id")


_CONTACTS, _CERTIFICATIONS, _FACTS, _CONSENTS, _NAMED, _HOUSEHOLD = (
    ActorQuery(build, "resident")
    for build in (_contacts, _certifications, _facts, _consents, _named, _household)
)


class Details:
    """What hangs on a person, as far as the actor may see it: each is asked for when it is read.

    Current contacts, those for an emergency first; facts that hold; certifications, and consents, the
    latest first; the agencies that these name, and whether the directory shows them; who lives with
    the person, themselves among them.
    """

    def __init__(self, actor: Actor, person: Resident) -> None:
        seen, of = policy.can_view_details(actor, person), {"resident": person.pk}
        lives = policy.can_see_address(actor, person) if seen else seen
        self.contacts: Rows[Contact] = _CONTACTS(actor, **of).only_if(seen)
        self.certifications: Rows[Certification] = _CERTIFICATIONS(actor, **of).only_if(seen)
        self.facts: Rows[ResidentFact] = _FACTS(actor, **of).only_if(seen)
        self.consents: Rows[Consent] = _CONSENTS(actor, **of).only_if(seen)
        self.named: Rows[tuple[UUID, str, bool]] = _NAMED(actor, **of).only_if(seen)
        self.household: Rows[HouseholdMember] = _HOUSEHOLD(actor, **of).only_if(lives)
