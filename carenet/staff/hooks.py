"""What the pages hang into lower rooms: what is half written of a reporter's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.abuse.registry import reporter_texts
from carenet.staff.pages import autosave

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from carenet.agencies.actors import Actor
    from carenet.cases.models import Case


def register() -> None:
    """Called once, when the apps are ready."""
    reporter_texts.append(ReporterTextInDrafts())


class ReporterTextInDrafts:
    """What somebody has typed of the call and not sent."""

    def callers(self, calls: Sequence[UUID]) -> Sequence[dict[str, str]]:
        return []

    def forget(
        self, *, actor: Actor, case: Case, calls: Sequence[UUID], strike: Callable[[str], str]
    ) -> None:
        autosave.strike_out(case.resident_id, strike)
