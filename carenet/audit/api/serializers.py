"""Serializers whose rows are noted in the audit trail as they are shown."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar

from carenet.audit.actions import log_read
from carenet.rest.serializers import CompiledFields


class LogReadMixin(CompiledFields):
    """Mixin: each row that is shown is a read of an object, of this kind and under this id."""

    audit_kind: ClassVar[str]
    #: The attribute of the row that is the object's id.
    audit_id: ClassVar[str] = "pk"

    def note_shown(self, row: Any) -> None:
        log_read(self.audit_kind, attrgetter(self.audit_id)(row))
