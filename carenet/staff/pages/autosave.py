"""What is half written: kept sealed for one account, agency and form, until it is sent or thrown away.

It outlives the session, and ends a day after the last stroke. A form that has been recorded is never
kept again, however late its draft arrives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.rest.encryption import Unreadable, seal, unseal
from carenet.staff.models import Draft
from carenet.staff.pages.form_keys import has_acted

#: Under which a page's address says which form is meant.
FORM = "form"
#: What a draft names that belongs to a case, and stands in no list but on its page.
CASE = "case"
#: In characters, twice what the form takes: each line's end and quotation mark counts double.
LONGEST = 60_000
#: As many as one account may have open, and as much of one as a list tells.
MOST, TELLING = 50, 40
#: How a draft is sealed now; what was sealed in another way is opened by it no more.
VERSION = 1
_SEAL = f"carenet.drafts.{VERSION}"


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A draft as a list shows it: enough to know it again."""

    form: UUID
    stroke_at: datetime
    words: str


def form_of(request: HttpRequest) -> UUID:
    """Return which form the address of a page means; a new one where it says none."""
    try:
        return UUID(request.GET.get(FORM, ""))
    except ValueError:
        return uuid4()


def save_draft(actor: Actor, form: UUID, names: Iterable[str], given: QueryDict) -> bool:
    """Keep what was typed under these names; return False where it is not kept.

    So it is with more than anybody types, with more drafts than anybody has open, and with a form that
    has been recorded.
    """
    return replace_draft(
        actor, form, {name: given.getlist(name) for name in names if name in given}
    )


def replace_draft(actor: Actor, form: UUID, fields: dict[str, list[str]]) -> bool:
    """Keep this in place of what was kept of the form, as `save_draft` does."""
    text = _written(form, fields)
    if len(text) > LONGEST or actor.user is None or has_acted(actor.user, form):
        return False
    mine = _open(actor)
    if not mine.filter(form=form).exists() and mine.count() >= MOST:
        return False
    Draft.objects.update_or_create(
        user=actor.user,
        form=form,
        defaults={
            "agency_id": actor.agency_id,
            "sealed": _sealed(form, fields),
            "version": VERSION,
            "stroke_at": clock.now(),
        },
    )
    return True


def saved_draft(actor: Actor, form: UUID) -> dict[str, list[str]]:
    """Return what was typed into a form before, nothing without."""
    found = _open(actor).filter(form=form).first()
    return _opened(found) if found else {}


def other_drafts(actor: Actor, form: UUID) -> list[SavedDraft]:
    """Return one's other open drafts, the latest first; somebody who was only chosen is none yet."""
    found = _open(actor).exclude(form=form).order_by("-stroke_at", "-pk")
    told = [(each, _opened(each)) for each in found[:MOST]]
    return [
        SavedDraft(each.form, each.stroke_at, _telling(fields))
        for each, fields in told
        if fields.keys() - {"subject"} and CASE not in fields
    ]


def without_person(actor: Actor) -> UUID | None:
    """Return the draft in which only the person is missing; None where it is not clear which one."""
    told = [(each.form, _opened(each)) for each in _open(actor)[:MOST]]
    named = ("subject", "family_name")
    found = [
        form for form, fields in told if not any("".join(fields.get(name, [])) for name in named)
    ]
    return found[0] if len(found) == 1 else None


def forget(actor: Actor, form: UUID) -> None:
    """Throw away what was typed."""
    Draft.objects.filter(user=actor.user, form=form).delete()


def strike_out(person: UUID, strike: Callable[[str], str]) -> None:
    """Strike whoever reported abuse out of drafts about a person, or that have both name and number.

    `strike` returns a text without them. A name alone, in a draft about somebody else, may be another's.
    """
    for draft in Draft.objects.filter(version=VERSION).select_for_update().order_by("pk"):
        fields = _opened(draft)
        struck = {
            name: [_struck(name, value, strike) for value in values]
            for name, values in fields.items()
        }
        changed = [name for name, values in struck.items() if values != fields[name]]
        if changed and (len(changed) > 1 or str(person) in fields.get("subject", [])):
            draft.sealed = _sealed(draft.form, struck)
            draft.save(update_fields=["sealed"])


def _struck(name: str, value: str, strike: Callable[[str], str]) -> str:
    """Return a value without the reporter: words with a gap, a field of the caller empty."""
    told = strike(value)
    return "" if told != value and name.startswith("caller_") else told


def _open(actor: Actor) -> QuerySet[Draft]:
    since = clock.now() - settings.DRAFT_KEEP
    mine = Draft.objects.filter(user=actor.user, agency=actor.agency_id, version=VERSION)
    return mine.filter(stroke_at__gt=since)


def _written(form: UUID, fields: dict[str, list[str]]) -> str:
    return json.dumps({"form": str(form), "fields": fields}, ensure_ascii=False)


def _sealed(form: UUID, fields: dict[str, list[str]]) -> str:
    return seal(_SEAL, _written(form, fields))


def _opened(draft: Draft) -> dict[str, list[str]]:
    try:
        read = json.loads(unseal(_SEAL, draft.sealed))
    except Unreadable:
        return {}
    fields: dict[str, list[str]] = read["fields"]
    return fields if read["form"] == str(draft.form) else {}


def _telling(fields: dict[str, list[str]]) -> str:
    """Return by what its writer knows a draft again: who, and how it begins."""
    names = ("family_name", "given_name", "q", "caller_name", "content")
    words = " ".join("".join(fields.get(name, [])) for name in names)
    return " ".join(words.split())[:TELLING]
