"""What an action refuses, in the words of a page: a field has its label, never its name in the API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.cases.models import NoteAudience
from carenet.core.errors import CarenetError, Invalid

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What the API names and a page calls so, where its form has no field of that name.
NAMES: dict[str, StrOrPromise] = {
    "also": gettext_lazy("Of a partner: what they are besides"),
    "another_because": gettext_lazy("Why another case, while one is open"),
    "began_at": gettext_lazy("Or the moment at which an alert begins"),
    "birth_date": gettext_lazy("Date of birth"),
    "birth_year": gettext_lazy("Year of birth"),
    "certified_from": gettext_lazy("Certified from"),
    "confirmed_new": gettext_lazy("Why this is somebody else"),
    "detail": gettext_lazy("In words"),
    "duplicate_reason": gettext_lazy("Why it is sent once more"),
    "known_on": gettext_lazy("Known since"),
    "named": NoteAudience.NAMED.label,
    "new_because": gettext_lazy("Why this is somebody else"),
    "received_from": gettext_lazy("Received from"),
    "reporter": gettext_lazy("Who reported"),
    "stated_on": gettext_lazy("Said on"),
    "subject": gettext_lazy("Who it is about"),
}
#: Sentences that speak of an answer of the API, and what a page says in their place.
SENTENCES: dict[StrOrPromise, StrOrPromise] = {
    gettext_lazy("Correct the fields listed under “errors” and send again."): gettext_lazy(
        "Correct what is marked and send it again."
    ),
    gettext_lazy("Read the record named under “successor” instead."): gettext_lazy(
        "Look the person up again: you find the record that it has become part of."
    ),
}


def on_a_page(said: StrOrPromise, labels: Mapping[str, StrOrPromise] | None = None) -> str:
    """Return a sentence of an action as a page says it; `labels` are those of its form, by field."""
    text = str(said)
    for sentence, instead in SENTENCES.items():
        if text == str(sentence):
            return str(instead)
    known = {**NAMES, **(labels or {})}
    return _named(known).sub(
        lambda found: _("“%s”") % known[found["quoted"] or found["plain"]], text
    )


def put_on_page(
    error: CarenetError, labels: Mapping[str, StrOrPromise] | None = None
) -> CarenetError:
    """Let an error say what it says in the words of a page."""
    error.detail = on_a_page(error.detail, labels)
    if isinstance(error, Invalid):
        error.fields = {name: on_a_page(each, labels) for name, each in error.fields.items()}
    return error


def _named(known: Mapping[str, StrOrPromise]) -> re.Pattern[str]:
    """Return what finds a name in quotes, or one that can be nothing else: it has an underscore."""
    every = "|".join(sorted(known, key=len, reverse=True))
    plain = "|".join(sorted((each for each in known if "_" in each), key=len, reverse=True))
    return re.compile(f"[“「](?P<quoted>{every})[”」]|(?<![a-z_])(?P<plain>{plain})(?![a-z_])")
