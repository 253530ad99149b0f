"""Text as it comes in: one canonical form, no glyph of a name changed, nothing that cannot be kept."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from carenet.core.errors import Invalid
from carenet.rest.json_pointer import below
from carenet.spellings import says_nothing, without_misleading

_COMPATIBILITY = "\uf900-\ufaff\U0002f800-\U0002fa1f"
# Compatibility ideographs: NFC would turn 神 (U+FA19) into 神 (U+795E), and a person's name with it.
_RUNS = re.compile(f"[{_COMPATIBILITY}]+|[^{_COMPATIBILITY}]+")
_IDEOGRAPHS = re.compile(f"[{_COMPATIBILITY}]+")
# PostgreSQL keeps no NUL, and UTF-8 has no lone surrogates.
_CANNOT_BE_KEPT = re.compile("[\x00\ud800-\udfff]")


def canonical(text: str) -> str:
    """Return `text` in NFC, compatibility ideographs and variation sequences left as they are.

    What turns the order of its characters, what steers a terminal and what is no character are left
    out. The one place for the API, pages, lists and names of files.
    """
    text = without_misleading(text)
    if unicodedata.is_normalized("NFC", text):
        return text
    return "".join(
        run if _IDEOGRAPHS.fullmatch(run) else unicodedata.normalize("NFC", run)
        for run in _RUNS.findall(text)
    )


def canonical_json(value: Any, path: str = "") -> Any:
    """Return a parsed JSON value with every string in it made canonical.

    Of text in which no eye finds anything nothing is left: it is refused wherever an empty one is.
    Raises `Invalid`, naming the place below `path`, for text that cannot be kept.
    """
    if isinstance(value, str):
        text = canonical(_storable(value, path))
        return text if text.isspace() or not says_nothing(text) else ""
    if isinstance(value, list):
        return [canonical_json(item, below(path, index)) for index, item in enumerate(value)]
    if isinstance(value, dict):
        found = {
            canonical(_storable(key, path)): canonical_json(item, below(path, key))
            for key, item in value.items()
        }
        if len(found) < len(value):
            raise Invalid({path: _("Say each name once.")})
        return found
    return value


def canonical_form(sent: QueryDict) -> QueryDict:
    """Return a form as it was sent, with every text in it made canonical; NUL is left to its fields."""
    form = sent.copy()
    for name, values in sent.lists():
        form.setlist(name, [canonical(each) for each in values])
    return form


def _storable(text: str, path: str) -> str:
    if _CANNOT_BE_KEPT.search(text):
        raise Invalid({path: _("Leave out NUL characters and lone surrogates.")})
    return text
