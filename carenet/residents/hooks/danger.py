"""What is told of bases: a danger went against a refusal; what was opened rested on none, and ended."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.reminders.kinds import BaseKind, member_or_desk
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.residents.actions.danger import BASIS_ENDED, DANGER_DISCLOSED


class DangerDisclosed(BaseKind):
    """A basis that goes against a refusal was used: the auditors of the ward office read it.

    The trail has to whom, and until when; what danger there was stands with what was disclosed.
    """

    name = DANGER_DISCLOSED
    subject_kind = "danger"
    roles = ({Role.AUDITOR},)
    message = _(
        "%(code)s was disclosed to another agency because of a danger to life, body or property."
        " Read in the trail by whom and to whom, and ask what danger there was."
    )

    def still_applies(self, occurrence: Occurrence) -> bool:
        return True

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return actor.agency_id == occurrence.agency.pk and bool(actor.may("audit.view"))


class BasisEnded(BaseKind):
    """What somebody had opened to another agency was ended: who gave it, or the staff of the agency."""

    name = BASIS_ENDED
    subject_kind = "basis"
    message = _(
        "What your agency had opened of %(code)s to another one rested on no lawful basis that "
        "holds, and was ended. Open it anew where one does."
    )

    def still_applies(self, occurrence: Occurrence) -> bool:
        return True

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        return member_or_desk(occurrence.agency, occurrence.person)

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return actor.agency_id == occurrence.agency.pk and bool(actor.may("residents.view"))
