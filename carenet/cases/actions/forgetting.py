"""Taking whoever reports abuse out of what the whole agency may have read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from carenet.audit.actions import record
from carenet.cases.actions.holding import let_go
from carenet.cases.actions.reporter import without_reporter
from carenet.cases.models import CallerRelationship, Consultation
from carenet.residents.matching import fold_name, fold_phone

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor
    from carenet.cases.models import Case

_WORDS = ("content", "response", "subject_description")


def forget_reporter(actor: Actor, case: Case, who: dict[str, Any]) -> None:
    """Take the reporter out of a held case's summary and of the agency's consultations of that case.

    A consultation in which they called loses its caller, and what it alone knew of them is added to
    `who`; in the others their name and telephone are struck out of the words.
    """
    of_case = Q(joined_case=case) | Q(pk=case.consultation_id)
    held = Consultation.objects.select_for_update(of=("self",)).filter(
        of_case, agency=actor.agency_id
    )
    calls = list(held.order_by("pk"))
    theirs = [call for call in calls if _is_caller(call, who)]
    spellings = [who, *(_caller(call) for call in theirs)]
    for call in theirs:
        _complete(who, call)
    for call in calls:
        if call in theirs:
            forget_caller(actor, call, *spellings)
        else:
            _strike_out(actor, call, spellings)
    summary = _without(case.summary, spellings)
    if summary != case.summary:
        case.summary = summary
        let_go(case)


def forget_caller(actor: Actor, consultation: Consultation, *who: dict[str, Any]) -> None:
    """Take the caller out of a held consultation, and the reporter out of its words."""
    clues = [*who, _caller(consultation)]
    for name in _WORDS:
        setattr(consultation, name, _without(getattr(consultation, name), clues))
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


def _complete(who: dict[str, Any], call: Consultation) -> None:
    """Add what the call knows of the reporter and the report does not say."""
    for name, value in _caller(call).items():
        if who.get(name) in {None, "", CallerRelationship.UNKNOWN.value}:
            who[name] = value


def _strike_out(actor: Actor, call: Consultation, clues: list[dict[str, Any]]) -> None:
    texts = {name: _without(getattr(call, name), clues) for name in _WORDS}
    if any(getattr(call, name) != text for name, text in texts.items()):
        for name, text in texts.items():
            setattr(call, name, text)
        _save(actor, call)


def _save(actor: Actor, consultation: Consultation) -> None:
    consultation.version += 1
    consultation.save()
    record(actor.who, "consultation.forget_caller", "consultation", consultation.pk)
