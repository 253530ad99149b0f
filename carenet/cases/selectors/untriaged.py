"""Consultations that nobody has triaged yet, or whose triage may still be taken back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from carenet.access.actor_queries import ActorQuery, Rows
from carenet.agencies.actors import Actor
from carenet.cases import policy
from carenet.cases.models import Consultation
from carenet.cases.states import WITHOUT_EFFECT, ConsultationStatus
from carenet.core import clock
from carenet.reminders.policy import take_back_span
from carenet.residents.models import NAMING
from carenet.residents.policy import visible_to as visible_residents


def untriaged(actor: Actor, *, limit: int) -> Rows[Consultation]:
    """Return the visible consultations that wait for the actor's triage, oldest first.

    None for whoever triages nothing. Each with its subject, who is visible only where it is
    `subject_seen`.
    """
    return _UNTRIAGED(actor).up_to(limit)


def received(actor: Actor) -> QuerySet[Consultation]:
    """Return the visible consultations that nobody has triaged yet, whoever is to do it."""
    found = policy.consultations_visible_to(actor)
    return found.filter(status=ConsultationStatus.RECEIVED)


def _untriaged(actor: Actor) -> QuerySet[Consultation]:
    person = visible_residents(actor).filter(pk=OuterRef("subject"))
    found = received(actor) if actor.may("consultations.triage") else Consultation.objects.none()
    own = (each.name for each in Consultation._meta.concrete_fields)
    return (
        found.annotate(subject_seen=Exists(person))
        .select_related("subject")
        .only(*own, *(f"subject__{name}" for name in NAMING))
        .order_by("received_at", "pk")
    )


_UNTRIAGED = ActorQuery(_untriaged)
#: The same for a count: which, how urgent, and since when.
UNTRIAGED_KEYS = ActorQuery(
    lambda actor: _untriaged(actor).order_by().values_list("pk", "urgency", "received_at")
)


def in_time_to_take_back(consultation: Consultation) -> bool:
    """Whether its triage is as young as what people may still take back."""
    at = consultation.triaged_at
    return at is not None and clock.now() - at <= take_back_span()


def can_be_taken_back(actor: Actor, consultation: Consultation) -> bool:
    """Whether the actor may undo its triage: one without an effect, of the last minutes."""
    young = consultation.status in WITHOUT_EFFECT and in_time_to_take_back(consultation)
    return young and bool(policy.can_triage(actor, consultation))
