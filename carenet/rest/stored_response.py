"""What of an answer may be kept: of what it shows kind and id, of a refusal its own words.

No personal data is kept. What was shown is rendered anew, and a refusal that repeats what was typed
is made anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.utils.serializer_helpers import ReturnList

#: The members of a problem that stand in no record and in no body. One with others is not kept:
#: those name objects, and who may see them is asked each time.
OWN_WORDS = frozenset({"type", "title", "status", "detail", "code", "errors", "missing_basis"})
#: A pointer whose names are those of fields. Another one repeats a name that the caller made up.
_FIELDS = re.compile(r"(/[a-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class ShownObjects:
    """Objects of one kind that an answer showed: one, or the list that it has under `member`."""

    kind: str
    ids: list[str]
    member: str = ""
    #: What rendered each; None where the answer told more than these objects.
    serializer: type[Any] | None = None


def shown_in(data: Any) -> ShownObjects | None:
    """Return what an answer shows; None where that is neither one object nor one list of a kind."""
    source = getattr(data, "serializer", None)
    if source is not None and isinstance(source.instance, Model):
        return _shown([source.instance], "", type(source))
    members = data if source is None else source.instance
    if not isinstance(members, Mapping):
        return None
    lists = {name: rows for name, rows in members.items() if _are_objects(rows)}
    if len(lists) != 1:
        return None
    ((member, rows),) = lists.items()
    alone = len(members) == 1 and isinstance(rows, ReturnList)
    return _shown(list(_objects(rows)), member, type(rows.serializer.child) if alone else None)


def _objects(rows: Any) -> Iterable[Any]:
    """Return what a list was rendered from, or is made of."""
    found: Any = rows.serializer.instance if isinstance(rows, ReturnList) else rows
    return found if isinstance(found, (list, QuerySet)) else ()


def _are_objects(rows: Any) -> bool:
    found = list(_objects(rows))
    return bool(found) and all(isinstance(each, Model) for each in found)


def _shown(rows: list[Model], member: str, serializer: type[Any] | None) -> ShownObjects:
    return ShownObjects(
        rows[0]._meta.label_lower, [str(row.pk) for row in rows], member, serializer
    )


def may_store(problem: Any, typed: Any) -> bool:
    """Tell whether a refusal holds nothing but its own words: nobody's record, nothing typed."""
    if not isinstance(problem, Mapping) or not OWN_WORDS.issuperset(problem):
        return False
    errors = problem.get("errors", [])
    if not all(_FIELDS.fullmatch(each["pointer"]) for each in errors):
        return False
    if any(each["code"] == "unknown_field" for each in errors):
        return False
    told = _folded(" ".join([problem["detail"], *(each["detail"] for each in errors)]))
    return not any(word in told for word in map(_folded, _texts(typed)) if word)


def _texts(typed: Any) -> Iterator[str]:
    """Yield the texts and numbers of a body; the names of its fields are none of them."""
    if isinstance(typed, Mapping):
        for inner in typed.values():
            yield from _texts(inner)
    elif isinstance(typed, list):
        for inner in typed:
            yield from _texts(inner)
    elif typed is not None and not isinstance(typed, bool):
        yield str(typed)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
