"""What a test left in the trail: rows stay there when a test's own are flushed."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from carenet.audit.models import AuditAction, AuditEntry


class Trail:
    """The entries since the test began, or since `forget`."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.since = timezone.now()

    def entries(self, **fields: Any) -> list[AuditEntry]:
        # Tests that travel leave rows behind that are dated after today.
        found = AuditEntry.objects.filter(time__range=(self.since, timezone.now()), **fields)
        return list(found.order_by("time", "id"))

    def writes(self) -> list[AuditEntry]:
        return self.entries(deed=AuditAction.WRITE)

    def reads(self) -> dict[str, set[str]]:
        """Return which objects of which kind were shown; each kind has one entry."""
        entries = self.entries(deed=AuditAction.READ)
        found = {entry.object_kind: {str(pk) for pk in entry.object_ids} for entry in entries}
        assert len(found) == len(entries)
        return found

    def denial(self) -> AuditEntry:
        """Return the only denial."""
        (entry,) = self.entries(deed=AuditAction.DENIAL)
        return entry
