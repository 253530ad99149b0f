"""Files that come in: how much of them is read at all, and what they really are.

A name and a media type are what the sender says. What counts is the content: it must be one whole file
of one kind, from its first byte to its last. A file that is two kinds at once (a picture with an
archive behind it) is refused: nobody can say as what it will be opened.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.base import File
from django.core.files.uploadhandler import FileUploadHandler
from django.db import models

PDF_HEAD, PDF_END = b"%PDF-", b"%%EOF"
JPEG_HEAD, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
PNG_HEAD, PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND"
#: Within so many bytes from its start a reader of PDF looks for the head, from its end for the end.
PDF_REACH = 1024
_WORD = 4
MEGABYTE = 1024 * 1024


class FileKind(models.TextChoices):
    """What may be attached."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"


#: How names of each kind end; the first is given to names without an ending.
ENDINGS = {
    FileKind.PDF: (".pdf",),
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.PNG: (".png",),
}


class BoundedUpload(FileUploadHandler):
    """Stops reading a form whose files are larger than any that would be kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's own name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        if content_length > settings.UPLOAD_MAX_BYTES:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.read += len(raw_data)
        if self.read > settings.UPLOAD_MAX_BYTES:  # whatever length was claimed
            raise RequestDataTooBig
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind this one."""


def kind_of(file: File[bytes]) -> FileKind | None:
    """Return which kind of file it is, whole and nothing else besides; None for any other."""
    file.seek(0)
    if zipfile.is_zipfile(file):
        return None
    file.seek(0)
    content = file.read()
    file.seek(0)
    if content.startswith(PDF_HEAD):
        return FileKind.PDF if _ends_as_pdf(content) else None
    if PDF_HEAD in content[:PDF_REACH]:
        return None
    if content.startswith(JPEG_HEAD):
        # Cameras fill up with zeros.
        return FileKind.JPEG if content.rstrip(b"\0").endswith(JPEG_END) else None
    return FileKind.PNG if content.startswith(PNG_HEAD) and _is_png(content) else None


def _ends_as_pdf(content: bytes) -> bool:
    end = content.rfind(PDF_END, -PDF_REACH)
    return end != -1 and not content[end + len(PDF_END) :].strip(b"\0\t\n\f\r ")


def _is_png(content: bytes) -> bool:
    """Walk the chunks, each with its checksum, up to the last one: nothing may stand behind it."""
    at, name = len(PNG_HEAD), b""
    while name != PNG_END:
        length = int.from_bytes(content[at : at + _WORD])
        name = content[at + _WORD : at + 2 * _WORD]
        body_end = at + 2 * _WORD + length
        sum_found = content[body_end : body_end + _WORD]
        if len(sum_found) != _WORD:
            return False
        if zlib.crc32(content[at + _WORD : body_end]) != int.from_bytes(sum_found):
            return False
        at = body_end + _WORD
    return at == len(content)
