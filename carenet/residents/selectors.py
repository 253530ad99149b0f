"""Reads of what hangs on a person: always from the visible sets, in a fixed number of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from carenet.residents import policy
from carenet.residents.models import Household

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor
    from carenet.residents.models import Certification, Consent, Contact, HouseholdMember


def contacts(actor: Actor) -> QuerySet[Contact]:
    """Return the visible contacts."""
    return policy.contacts_visible_to(actor)


def certifications(actor: Actor) -> QuerySet[Certification]:
    """Return the visible certifications, with who recorded them."""
    return policy.certifications_visible_to(actor).select_related("recorded_by")


def consents(actor: Actor) -> QuerySet[Consent]:
    """Return the visible consents, with who recorded and who withdrew them."""
    return policy.consents_visible_to(actor).select_related(
        "recorded_by", "recorded_by_person", "withdrawal__recorded_by"
    )


def members(actor: Actor) -> QuerySet[HouseholdMember]:
    """Return who lives where, as far as it is visible, with the people."""
    return policy.memberships_visible_to(actor).select_related("resident")


def households(actor: Actor) -> QuerySet[Household]:
    """Return the households of which a member is visible, each with its visible members alone."""
    seen = members(actor).order_by("id")
    return Household.objects.filter(pk__in=seen.order_by().values("household")).prefetch_related(
        Prefetch("members", seen)
    )
