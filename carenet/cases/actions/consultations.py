"""Recording a consultation, and triage: information only, one-off, or a case, new or there already."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write as audit
from carenet.cases import policy
from carenet.cases.actions.locks import demand_open, lock_case, lock_consultation
from carenet.cases.actions.new_case import open_case
from carenet.cases.actions.notes import write_note
from carenet.cases.models import (
    Case,
    Confidentiality,
    Consultation,
    ConsultationChannel,
    NoteAudience,
    NoteChannel,
    NoteKind,
)
from carenet.cases.selectors.untriaged import in_time_to_take_back
from carenet.cases.states import WITHOUT_EFFECT, ConsultationStatus
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.residents.actions import demand_unmerged
from carenet.residents.actions.locks import lock_living_resident
from carenet.residents.models import Resident
from carenet.rest.limits import demand_recent


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
    consultation = lock_consultation(actor, consultation_id, version)
    demand(policy.can_edit_consultation(actor, consultation))
    _demand_untriaged(consultation)
    for name, value in changes.items():
        setattr(consultation, name, value)
    _check(consultation)
    consultation.save_version()
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
    another_because: str = "",
    version: int | None = None,
    **of_case: str,
) -> Consultation:
    """Decide what becomes of a consultation; `case_opened` opens a case of its subject.

    `of_case` are its `summary`, else the words of the consultation, and `confidentiality`.

    Where the agency leads an open case of the same person, `another_because` says why there is to be
    another one; the record of that one keeps it. Raises `Conflict` when it was triaged already, or
    (`open_case_exists`) without that reason, `Invalid` when a case is wanted of somebody who
    is not on the register, and for `case_joined`, which is `join`.
    """
    if outcome == ConsultationStatus.CASE_JOINED:
        raise Invalid({"case": _("Name the case to which it is joined.")})
    consultation = lock_consultation(actor, consultation_id, version)
    _decide(actor, consultation, outcome, urgency, response)
    consultation.save_version()
    if outcome == ConsultationStatus.CASE_OPENED:
        subject = _subject_of(consultation)
        lock_living_resident(
            subject
        )  # two who open one at the same moment come one after the other
        if not another_because:
            _demand_no_open_case(actor, subject)
        case = open_case(
            actor=actor,
            resident=subject,
            consultation=consultation,
            summary=of_case.get("summary") or consultation.content,
            confidentiality=_confidentiality(consultation, of_case),
        )
        if another_because:
            write_note(
                actor=actor,
                case_id=case.pk,
                kind=NoteKind.FACT,
                audience=NoteAudience.CASE,
                channel=NoteChannel.NONE,
                text=another_because,
                happened_at=clock.now(),
            )
    return consultation


@transaction.atomic
def join(
    *,
    actor: Actor,
    consultation_id: UUID,
    case_id: UUID,
    urgency: str,
    response: str = "",
    version: int | None = None,
) -> Consultation:
    """Triage a consultation by joining it to an open case of its subject in which the actor takes part.

    The record of the case says then that it came. Raises `Conflict` when it was triaged already or the
    case has ended, `Invalid` without a person on the register or for a case of somebody else,
    `NotFound` out of reach.
    """
    # The case first, as wherever somebody holds it with something else.
    case = lock_case(actor, case_id)
    consultation = lock_consultation(actor, consultation_id, version)
    _decide(actor, consultation, ConsultationStatus.CASE_JOINED, urgency, response)
    demand(policy.can_join(actor, consultation, case))
    if case.resident_id != _subject_of(consultation).pk:
        raise Invalid({"case": _("This case is about somebody else. Choose one of this person.")})
    demand_open(case)
    consultation.joined_case = case
    consultation.save_version()
    _write_into_record(actor, consultation, case)
    return consultation


@transaction.atomic
def take_back(*, actor: Actor, consultation_id: UUID, version: int | None = None) -> Consultation:
    """Undo a triage of the last minutes that had no effect: the consultation waits for one again.

    Its answer and its urgency stay as they were said. Raises `Conflict` where there is no such triage
    (`nothing_to_take_back`) and after its time (`too_late_to_take_back`).
    """
    consultation = lock_consultation(actor, consultation_id, version)
    demand(policy.can_triage(actor, consultation))
    if consultation.status not in WITHOUT_EFFECT:
        raise Conflict(
            _("Nothing has been decided here that can be taken back. A case is closed by itself."),
            code="nothing_to_take_back",
        )
    if not in_time_to_take_back(consultation):
        raise Conflict(
            _("It is too late to take this back. If more follows, take a new consultation."),
            code="too_late_to_take_back",
        )
    before = consultation.status
    consultation.status, consultation.triaged_at = ConsultationStatus.RECEIVED, None
    consultation.save_version()
    audit(actor.who, "consultation.take_back", "consultation", consultation.pk, outcome=before)
    return consultation


def _decide(
    actor: Actor,
    consultation: Consultation,
    outcome: ConsultationStatus,
    urgency: str,
    response: str,
) -> None:
    """Note on a held consultation what becomes of it, once."""
    demand(policy.can_triage(actor, consultation))
    _demand_untriaged(consultation)
    consultation.status = outcome
    consultation.urgency = urgency
    consultation.response = response or consultation.response
    consultation.triaged_at = clock.now()
    audit(actor.who, "consultation.triage", "consultation", consultation.pk, outcome=outcome.value)


def _confidentiality(consultation: Consultation, of_case: dict[str, str]) -> str:
    """Return who may see the case that is opened: of what is set apart, named members alone."""
    if consultation.set_apart_at:
        return Confidentiality.RESTRICTED
    return of_case.get("confidentiality") or Confidentiality.NORMAL


def _demand_no_open_case(actor: Actor, subject: Resident) -> None:
    """Raise `Conflict` where the agency leads an open case of the person that the actor may see."""
    found = policy.visible_to(actor).filter(
        resident=subject, lead_agency=actor.agency_id, ended_at=None
    )
    case = found.order_by("pk").last()
    if case:
        told = _(
            "Case %(code)s of this person is open: join it, or say in “another_because” why there "
            "is to be another one."
        )
        raise Conflict(told % {"code": case.code}, code="open_case_exists")


def _subject_of(consultation: Consultation) -> Resident:
    if consultation.subject is None:
        raise Invalid(
            {
                "outcome": _(
                    "Register the person and set “subject” before it becomes part of a case."
                )
            }
        )
    return consultation.subject


def _write_into_record(actor: Actor, consultation: Consultation, case: Case) -> None:
    """Say in the record of the case that it came; its words stay with the agency that took it.

    It is read by everybody on the case: so in the language of the service, not of whoever writes it.
    """
    with override(settings.LANGUAGE_CODE):
        text = _("%(agency)s took a consultation about this person (%(channel)s).") % {
            "agency": actor.agency.name,
            "channel": ConsultationChannel(consultation.channel).label,
        }
    write_note(
        actor=actor,
        case_id=case.pk,
        kind=NoteKind.FACT,
        audience=NoteAudience.CASE,
        channel=NoteChannel.NONE,  # The contact is the consultation, which counts by itself.
        text=text,
        happened_at=consultation.received_at,
    )


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
    if consultation.received_at > clock.now():
        raise Invalid({"received_at": _("A consultation cannot come in the future.")})
    born = consultation.subject.born_by if consultation.subject else None
    demand_recent("received_at", consultation.received_at, born=born)
