"""Files of long work: a folder of their own in the storage of what is attached."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from carenet.core.errors import Conflict
from carenet.rest.stored_files import file_storage, new_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from carenet.jobs.models import Job

FOLDER = "work/"


def store(content: bytes) -> str:
    """Write a file; return its name in the storage."""
    return file_storage().save(new_name(FOLDER), ContentFile(content))


def content_of(job: Job) -> bytes:
    """Return what was uploaded, or what was produced, as a whole; raises as `parts_of` does."""
    return b"".join(parts_of(job))


def parts_of(job: Job) -> Iterator[bytes]:
    """Return the same part by part, none of them read before its turn.

    Raises `Conflict` at once where one is gone; reading raises `OSError` where the storage fails.
    """
    if not all(file_storage().exists(name) for name in job.files):
        raise Conflict(_("The file of this work is lost. Begin anew."), code="file_lost")
    return map(_read, job.files)


def _read(name: str) -> bytes:
    with file_storage().open(name) as file:
        content: bytes = file.read()
    return content


def delete(names: Iterable[str]) -> None:
    """Delete files once the transaction has committed."""
    for name in names:
        transaction.on_commit(partial(file_storage().delete, name))
