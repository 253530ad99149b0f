"""What is inside of a file that comes in: pictures are drawn anew, PDFs that do something are refused.

A picture carries more than it shows: where it was taken, on what, a smaller one of before it was cut.
Drawn anew, it is what one sees. A PDF is kept as it came, or not at all: what it would do by itself
(ISO 32000-2, 12.6) has no business in a referral.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from carenet.core.errors import Invalid
from carenet.rest.uploads import FileKind

#: As many points as a picture may have: a small file may unfold into gigabytes.
MOST_POINTS = 60_000_000
_FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG"}
#: Names that are in a PDF only because it does something, or carries what does.
_ACTIVE = frozenset(
    {
        "/JS",
        "/JavaScript",
        "/AA",
        "/XFA",
        "/RichMedia",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/RichMediaExecute",
    }
)
#: Actions that only lead on: to a place in the file, to an address when somebody follows a link.
_HARMLESS = frozenset({"/GoTo", "/Named", "/URI"})
_OPENED = "/OpenAction"


def content_of(data: bytes, kind: FileKind) -> bytes:
    """Return what is kept of a file of this kind; raises `Invalid` for what is broken or active."""
    if kind is FileKind.PDF:
        _demand_passive(data)
        return data
    return _redrawn(data, _FORMATS[kind])


def _redrawn(data: bytes, form: str) -> bytes:
    drawn = BytesIO()
    try:
        with Image.open(BytesIO(data), formats=[form]) as picture:
            if picture.width * picture.height > MOST_POINTS:
                raise Invalid({"file": _("This picture has too many points. Make it smaller.")})
            upright = ImageOps.exif_transpose(picture)
            bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
            if upright.mode == "P":
                bare = upright.convert("RGBA")
            bare.save(drawn, form, quality=90)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise Invalid({"file": _("This picture is damaged. Send it again.")}) from None
    return drawn.getvalue()


def _demand_passive(data: bytes) -> None:
    try:
        with pikepdf.open(BytesIO(data)) as document:
            if document.is_encrypted:
                told = _("This PDF is locked with a password. Send it without one.")
                raise Invalid({"file": told})
            found = any(_is_active(each) for each in _parts(document))
    except (pikepdf.PdfError, ValueError, RecursionError):
        raise Invalid({"file": _("This PDF is damaged. Print it into a new one.")}) from None
    if found:
        told = _(
            "This PDF runs something or carries other files. Print it into a new one, and send that."
        )
        raise Invalid({"file": told})


def _parts(document: pikepdf.Pdf) -> Iterator[Any]:
    """Yield each dictionary of a document, those of streams and those inside of others included."""
    waiting: list[Any] = [document.trailer, *document.objects]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
            yield part
            inner: list[Any] = [part.get(key) for key in part.keys()]  # noqa: SIM118 - no mapping
        elif isinstance(part, pikepdf.Array):
            inner = list(part)
        else:
            continue
        waiting += [each for each in inner if not getattr(each, "is_indirect", True)]


def _is_active(part: Any) -> bool:
    names = set(part.keys())
    if names & _ACTIVE or str(part.get("/S", "")) in _ACTIVE:
        return True
    if str(part.get("/Type", "")) == "/Action" and str(part.get("/S", "")) not in _HARMLESS:
        return True
    opened = part.get(_OPENED)
    if isinstance(opened, pikepdf.Dictionary):
        return str(opened.get("/S", "")) != "/GoTo"
    return False
