"""A consultation that is set apart for another desk, and the people who are named to read it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership, User
from carenet.agencies.selectors import actor_of
from carenet.audit.actions import log_write
from carenet.cases import policy
from carenet.cases.actions.cases import restrict
from carenet.cases.actions.locks import demand_person, lock_case_unchecked, lock_consultation
from carenet.cases.actions.member_left import successor_of
from carenet.cases.models import Case, Consultation, ConsultationReader
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid


@transaction.atomic
def set_apart(*, actor: Actor, consultation_id: UUID) -> Consultation:
    """Keep a consultation for its recorder and for whoever acts; a case that it opened is restricted.

    Raises `NotFound` out of reach; once set apart it stays so, and nothing changes.
    """
    demand(actor.may("abuse.report"))
    # The case first, as wherever somebody locks it with something else.
    opened = Case.objects.filter(consultation=consultation_id).values_list("pk", flat=True).first()
    case = lock_case_unchecked(opened) if opened else None
    consultation = lock_consultation(actor, consultation_id)
    if consultation.set_apart_at:
        return consultation
    user = demand_person(actor)
    consultation.set_apart_at = clock.now()
    consultation.save_version()
    for reader in {user, consultation.recorded_by or user}:
        ConsultationReader.objects.create(consultation=consultation, user=reader, given_by=user)
    if case and not case.restricted and policy.can_change(actor, case, "cases.restrict"):
        restrict(actor=actor, case_id=case.pk)
    log_write(actor.who, "consultation.set_apart", "consultation", consultation.pk)
    return consultation


@transaction.atomic
def name_reader(*, actor: Actor, consultation_id: UUID, user: User) -> ConsultationReader:
    """Name a person of the own agency to a consultation that is set apart.

    Raises `Conflict` where it is not, or for whoever is named already; `Invalid` for people who do
    not work with consultations of the agency.
    """
    demand(actor.may("abuse.report"))
    consultation = lock_consultation(actor, consultation_id)
    if not consultation.set_apart_at:
        raise Conflict(_("The whole agency reads this consultation: nobody need be named."))
    theirs = actor_of(user, actor.agency)
    if not (theirs and theirs.may("consultations.view")):
        raise Invalid({"user": _("Name a person who does casework in your own agency.")})
    if consultation.readers.filter(user=user, until=None).exists():
        raise Conflict(_("This person is named already."))
    reader = ConsultationReader.objects.create(
        consultation=consultation, user=user, given_by=demand_person(actor)
    )
    log_write(actor.who, "consultation.name", "consultation", consultation.pk, person=str(user.pk))
    return reader


@transaction.atomic
def leave_consultations(*, actor: Actor | None, membership: Membership) -> None:
    """Name a successor to what is set apart and only the leaver reads: registered with `agencies`."""
    user, agency = membership.user, membership.agency
    theirs = ConsultationReader.objects.filter(
        user=user, until=None, consultation__agency=agency
    ).select_related("consultation")
    for reader in theirs.select_for_update(of=("self",)).order_by("consultation_id"):
        reader.until = clock.now()
        reader.save(update_fields=["until"])
        consultation = reader.consultation
        log_write(
            who_of(actor), "consultation.end_reader", "consultation", consultation.pk,
            person=str(user.pk),
        )  # fmt: skip
        others = consultation.readers.filter(until=None).select_related("user")
        if any(_reads(other.user, consultation) for other in others):
            continue
        successor = successor_of(agency, actor)
        if successor and successor != user:
            ConsultationReader.objects.create(
                consultation=consultation, user=successor, given_by=user
            )
            log_write(
                who_of(actor), "consultation.name", "consultation", consultation.pk,
                person=str(successor.pk),
            )  # fmt: skip


def _reads(user: User, consultation: Consultation) -> bool:
    theirs = actor_of(user, consultation.agency)
    return bool(theirs and theirs.may("consultations.view"))
