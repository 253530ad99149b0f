"""What this room hangs into lower rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.access.registry import Guarded, guard
from carenet.residents.models import Resident, ResidentShare
from carenet.residents.policy import decide

if TYPE_CHECKING:
    from uuid import UUID


def register() -> None:
    """Let `access` give shares on residents."""
    guard(Guarded("resident", Resident, ResidentShare, decide, _has_no_list))


def _has_no_list(resident_id: UUID) -> None:
    """There is no list of residents, so there is nothing to bring up to date."""
