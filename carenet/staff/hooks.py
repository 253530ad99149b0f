"""What the pages hang into lower rooms: what is half written of a reporter's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from carenet.abuse.registry import reporter_texts
from carenet.agencies.actors import Actor
from carenet.agencies.registry import stays_with_agency
from carenet.cases.models import Case
from carenet.staff.pages import autosave


def register() -> None:
    """Called once, when the apps are ready."""
    reporter_texts.append(ReporterTextInDrafts())
    # A draft that nobody can send any more goes a day after its last stroke, as every draft does.
    stays_with_agency("staff.Draft.agency")
    # Nobody acts for an agency that is closed: the mail ends when it would be sent.
    stays_with_agency("staff.WeeklyMail.agency")


class ReporterTextInDrafts:
    """What somebody has typed of the call and not sent."""

    def callers(self, calls: Sequence[UUID]) -> Sequence[dict[str, str]]:
        return []

    def forget(
        self, *, actor: Actor, case: Case, calls: Sequence[UUID], strike: Callable[[str], str]
    ) -> None:
        autosave.strike_out(case.resident_id, strike)
