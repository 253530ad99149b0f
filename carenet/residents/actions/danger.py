"""What is disclosed because of a danger, even against a refusal: the privacy officer hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.selectors import coordinating_office
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.reminders.actions import schedule_reminder

#: The notice that somebody has disclosed something because of a danger (`carenet.residents.hooks`).
DANGER_DISCLOSED = "basis.danger"
#: The notice that what an agency had opened rested on nothing that holds, and was ended.
BASIS_ENDED = "basis.ended"


def notify_of_danger(
    *,
    actor: Actor,
    basis: str,
    kind: str,
    subject_id: UUID,
    code: str,
    agencies: Sequence[Agency],
    until: datetime,
) -> None:
    """Tell the auditors of the ward office what was opened to whom on LIFE_BODY_PROPERTY.

    `kind` and `subject_id` name it in the trail. Where there is no ward office, those of the actor's
    own agency hear of it. Nothing for any other basis.
    """
    if basis != SharingBasis.LIFE_BODY_PROPERTY:
        return
    log_write(
        actor.who, "basis.danger", kind, subject_id,
        to=[str(each.pk) for each in agencies], until=until.isoformat(),
    )  # fmt: skip
    office = coordinating_office(actor.agency.municipality_code)
    schedule_reminder(
        kind=DANGER_DISCLOSED,
        subject_id=subject_id,
        subject_code=code,
        agency=office or actor.agency,
        due_at=clock.now(),
    )
