"""What is told of bases: a danger went against a refusal; what was opened rested on none, and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, members_in_roles
from carenet.reminders.registry import Recipient
from carenet.residents.actions.danger import BASIS_ENDED, DANGER_DISCLOSED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.reminders.registry import Occurrence


class DangerDisclosed:
    """A basis that goes against a refusal was used: the auditors of the ward office read it.

    The trail has to whom, and until when; what danger there was stands with what was disclosed.
    """

    name = DANGER_DISCLOSED
    subject_kind = "danger"

    def still_applies(self, occurrence: Occurrence) -> bool:
        return True

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        auditors = members_in_roles(occurrence.agency, {Role.AUDITOR})
        return [Recipient(user, occurrence.agency) for user in auditors]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return actor.agency_id == occurrence.agency.pk and bool(actor.may("audit.view"))

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _(
            "%(code)s was disclosed to another agency because of a danger to life, body or property."
            " Read in the trail by whom and to whom, and ask what danger there was."
        ) % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return None


class BasisEnded:
    """What somebody had opened to another agency was ended: who gave it, or the staff of the agency."""

    name = BASIS_ENDED
    subject_kind = "basis"

    def still_applies(self, occurrence: Occurrence) -> bool:
        return True

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        person, agency = occurrence.person, occurrence.agency
        if person and actor_of(person, agency):
            return [Recipient(person, agency)]
        return [Recipient(user, agency) for user in members_in_roles(agency, {Role.STAFF})]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return actor.agency_id == occurrence.agency.pk and bool(actor.may("residents.view"))

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _(
            "What your agency had opened of %(code)s to another one rested on no lawful basis that "
            "holds, and was ended. Open it anew where one does."
        ) % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return None
