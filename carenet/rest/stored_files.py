"""Files that rows name: where they lie, and the end of those that no row names any more.

File and row cannot commit together. The file is written first, so that a row never names one that is
not there; what a transaction that failed has left behind is found by `delete_orphans`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.files.storage import Storage, storages

#: A file without a row is as old as this before it counts as left behind: its upload may be running.
GRACE = timedelta(days=1)
#: Folders are named by the first two digits of what lies in them; any other belongs to another room.
_SHARD = 2


def file_storage() -> Storage:
    """Return where the contents lie: the storage `attachments` of the settings."""
    return storages["attachments"]


def new_name(folder: str = "") -> str:
    """Return a name that nobody can guess, for a file in a folder of the storage."""
    chance = uuid4().hex
    return f"{folder}{chance[:_SHARD]}/{chance}"


def delete_orphans(
    named: Callable[[set[str]], Iterable[str]], *, now: datetime, folder: str = ""
) -> int:
    """Delete the files of a folder that no row names and that are older than any upload.

    `named` returns those of the given names that rows name. Returns how many were deleted.
    """
    files, deleted = file_storage(), 0
    for shard in (each for each in _inside(folder)[0] if len(each) == _SHARD):
        names = {f"{folder}{shard}/{name}" for name in _inside(f"{folder}{shard}")[1]}
        for name in names.difference(named(names)):
            # Another worker may have deleted it meanwhile.
            with suppress(FileNotFoundError):
                if files.get_modified_time(name) < now - GRACE:
                    files.delete(name)
                    deleted += 1
    return deleted


def _inside(folder: str) -> tuple[list[str], list[str]]:
    """Return folders and files in a folder; nothing before the first file made it."""
    try:
        return file_storage().listdir(folder)
    except FileNotFoundError:
        return [], []
