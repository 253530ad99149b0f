"""Taking whoever reports abuse out of what the whole agency may have read."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q

from carenet.abuse.actions.reporter import strike_in, strike_out, without_reporter
from carenet.abuse.actions.reporter_copies import forget_in_copies
from carenet.abuse.models import DeskCall
from carenet.abuse.registry import reporter_texts
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import save_version
from carenet.cases.models import CallerRelationship, Case, Consultation, ProgressNote
from carenet.jobs.actions import strike_out_of_exports
from carenet.residents.matching import fold_name, fold_phone
from carenet.residents.selectors import records_of

_OF_CASE = ("summary", "plan", "next_action", "end_note")
_WORDS = ("content", "response", "subject_description")


def forget_reporter(
    actor: Actor, case: Case, who: dict[str, Any], reported: Consultation | None = None
) -> None:
    """Take the reporter out of a locked case, of the consultations about its person, of every room.

    A consultation in which they called loses its caller, and what it alone knew of them is added to
    `who`; elsewhere their name and telephone are struck out of the words.
    """
    of_case = Q(joined_case=case) | Q(pk=case.consultation_id) | Q(subject=case.resident_id)
    held = Consultation.objects.select_for_update(of=("self",)).filter(of_case)
    calls = list(held.order_by("pk"))
    theirs = [call for call in calls if _is_caller(call, who)]
    ids = [call.pk for call in theirs] + ([reported.pk] if reported else [])
    elsewhere = [told for words in reporter_texts for told in words.callers(ids)]
    spellings = [who, *(_caller(call) for call in theirs), *elsewhere]
    for told in spellings[1:]:
        _complete(who, told)
    for call in calls:
        if call in theirs:
            forget_caller(actor, call, *spellings)
        else:
            _strike_out(actor, call, spellings)
    strike = partial(_without, clues=spellings)
    if strike_in(case, strike, *_OF_CASE):
        save_version(case)
    others = Case.objects.filter(resident=case.resident_id).exclude(pk=case.pk)
    for other in strike_out(others, strike, *_OF_CASE):
        log_write(actor.who, "case.forget_reporter", "case", other.pk)
    notes = ProgressNote.objects.filter(case__resident=case.resident_id)
    for note in strike_out(notes, strike, "text", guard="cases.ProgressNote:notes_are_append_only"):
        log_write(actor.who, "note.forget_reporter", "note", note.pk)
    forget_in_copies(case.resident, strike)
    desk_calls = DeskCall.objects.filter(consultation__in=[call.pk for call in calls])
    guard = "cases.DeskCall:desk_calls_are_append_only"
    for told_desk in strike_out(desk_calls, strike, "text", "answered_by", guard=guard):
        log_write(actor.who, "desk_call.forget_reporter", "desk_call", told_desk.pk)
    for words in reporter_texts:
        words.forget(actor=actor, case=case, calls=ids, strike=strike)
    # Last: the steps of exports wait for the end of this transaction from here on.
    strike_out_of_exports(
        actor=actor,
        object_kind="resident",
        object_ids=records_of(case.resident),
        strike=strike,
    )


def forget_caller(actor: Actor, consultation: Consultation, *who: dict[str, Any]) -> None:
    """Take the caller out of a held consultation, and the reporter out of its words."""
    clues = [*who, _caller(consultation)]
    strike_in(consultation, partial(_without, clues=clues), *_WORDS)
    consultation.caller_name = consultation.caller_phone = ""
    consultation.relationship = CallerRelationship.UNKNOWN
    _save(actor, consultation)


def _caller(call: Consultation) -> dict[str, Any]:
    return {
        "name": call.caller_name,
        "phone": call.caller_phone,
        "relationship": call.relationship,
    }


def _without(text: str, clues: list[dict[str, Any]]) -> str:
    for clue in clues:
        text = without_reporter(text, clue)
    return text


def _is_caller(call: Consultation, who: dict[str, Any]) -> bool:
    name, phone = fold_name(who.get("name") or ""), fold_phone(who.get("phone") or "")
    return bool(
        (name and fold_name(call.caller_name) == name)
        or (phone and fold_phone(call.caller_phone) == phone)
    )


def _complete(who: dict[str, Any], told: dict[str, Any]) -> None:
    """Add what a call knows of the reporter and the report does not say."""
    for name, value in told.items():
        if who.get(name) in {None, "", CallerRelationship.UNKNOWN.value}:
            who[name] = value


def _strike_out(actor: Actor, call: Consultation, clues: list[dict[str, Any]]) -> None:
    if strike_in(call, partial(_without, clues=clues), *_WORDS):
        _save(actor, call)


def _save(actor: Actor, consultation: Consultation) -> None:
    consultation.save_version()
    log_write(actor.who, "consultation.forget_caller", "consultation", consultation.pk)
