"""Recording a consultation, and triage: information only, one-off, or a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from carenet.audit.actions import record as audit
from carenet.cases import policy
from carenet.cases.actions.opening import open_case
from carenet.cases.models import Confidentiality, Consultation
from carenet.cases.states import ConsultationStatus
from carenet.decisions import demand
from carenet.errors import Conflict, Invalid, NotFound
from carenet.residents.actions import demand_unmerged
from carenet.rest.etags import check_version

if TYPE_CHECKING:
    from uuid import UUID

    from carenet.agencies.actors import Actor


@transaction.atomic
def record(*, actor: Actor, **fields: Any) -> Consultation:
    """Write down a consultation for the actor's agency.

    `fields` are those of `Consultation`; a subject must be visible to the actor, which the caller
    has checked by looking it up. Raises `Invalid` for contradictions.
    """
    demand(actor.may("consultations.record"))
    consultation = Consultation(agency=actor.agency, recorded_by=actor.user, **fields)
    _check(consultation)
    consultation.save()
    _demand_unmerged_subject(consultation)
    audit(actor.who, "consultation.record", "consultation", consultation.pk)
    return consultation


@transaction.atomic
def edit(
    *, actor: Actor, consultation_id: UUID, version: int | None = None, **changes: Any
) -> Consultation:
    """Complete what was recorded, until triage closes it."""
    consultation = _hold(actor, consultation_id, version)
    demand(policy.can_edit_consultation(actor, consultation))
    _demand_untriaged(consultation)
    for name, value in changes.items():
        setattr(consultation, name, value)
    _check(consultation)
    _let_go(consultation)
    _demand_unmerged_subject(consultation)
    audit(actor.who, "consultation.edit", "consultation", consultation.pk, fields=sorted(changes))
    return consultation


@transaction.atomic
def triage(
    *,
    actor: Actor,
    consultation_id: UUID,
    outcome: ConsultationStatus,
    urgency: str,
    response: str = "",
    confidentiality: str = Confidentiality.NORMAL,
    summary: str = "",
    version: int | None = None,
) -> Consultation:
    """Decide what becomes of a consultation; `case_opened` opens a case of its subject.

    Raises `Conflict` when it was triaged already, `Invalid` when a case is wanted of somebody who
    is not on the register.
    """
    consultation = _hold(actor, consultation_id, version)
    demand(policy.can_triage(actor, consultation))
    _demand_untriaged(consultation)
    consultation.status = outcome
    consultation.urgency = urgency
    consultation.response = response or consultation.response
    consultation.triaged_at = timezone.now()
    _let_go(consultation)
    if outcome == ConsultationStatus.CASE_OPENED:
        if consultation.subject is None:
            raise Invalid(
                {"outcome": _("Register the person and set “subject” before opening a case.")}
            )
        open_case(
            actor=actor,
            resident=consultation.subject,
            consultation=consultation,
            summary=summary or consultation.content,
            confidentiality=confidentiality,
        )
    audit(actor.who, "consultation.triage", "consultation", consultation.pk, outcome=outcome.value)
    return consultation


def _hold(actor: Actor, consultation_id: UUID, version: int | None) -> Consultation:
    visible = policy.consultations_visible_to(actor).select_for_update(of=("self",))
    consultation = visible.filter(pk=consultation_id).first()
    if consultation is None:
        raise NotFound
    check_version(consultation, version)
    return consultation


def _let_go(consultation: Consultation) -> None:
    consultation.version += 1
    consultation.save()


def _demand_untriaged(consultation: Consultation) -> None:
    if consultation.status != ConsultationStatus.RECEIVED:
        raise Conflict(
            _("This consultation has been triaged. Write what follows as a note of the case.")
        )


def _demand_unmerged_subject(consultation: Consultation) -> None:
    if consultation.subject_id:
        demand_unmerged(consultation.subject_id)


def _check(consultation: Consultation) -> None:
    if consultation.main_topic not in consultation.topics:
        raise Invalid({"main_topic": _("The main topic must be one of the topics.")})
    if len(set(consultation.topics)) != len(consultation.topics):
        raise Invalid({"topics": _("Name each topic once.")})
    if consultation.received_at > timezone.now():
        raise Invalid({"received_at": _("A consultation cannot come in the future.")})
