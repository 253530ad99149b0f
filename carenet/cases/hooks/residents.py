"""What a case's people are told once of its person: a record that ended, a consent taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.cases import policy
from carenet.cases.actions.residents import (
    CLOSED_WITH_RESIDENT,
    CONSENT,
    GOES_ON,
    SHARE_ENDED,
    TOLD_FOR,
)
from carenet.cases.models import Case, Confidentiality
from carenet.cases.states import OPEN
from carenet.core import clock
from carenet.reminders.kinds import BaseKind, member_or_desk, members
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.residents.registry import InCharge


def in_charge(resident_id: UUID) -> Iterable[InCharge]:
    """Say who has the open cases of a person in hand.

    Restricted ones are left out: whoever is told sees what others who are told have answered, and
    must not learn by it who else works with the person.
    """
    found = Case.objects.filter(
        resident=resident_id,
        status__in=sorted(OPEN),
        confidentiality=Confidentiality.NORMAL,
    )
    for case in found.select_related("lead_agency", "person_in_charge").order_by("pk"):
        yield InCharge(case.lead_agency, case.person_in_charge)


class Notice(BaseKind):
    """Base of what a case's people are told once: it goes from the inbox two weeks later."""

    subject_kind = "case"
    visible_to = staticmethod(policy.visible_to)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        return member_or_desk(occurrence.agency, occurrence.person)

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """Ask once more when it is no news any more, so that the reminder ends with its reason."""
        return now + TOLD_FOR if occurrence.step == 0 else None


class ClosedWithResident(Notice):
    """A case was closed because its person died or moved away: its lead may not know yet."""

    name = CLOSED_WITH_RESIDENT
    message = _("Case %(code)s was closed: the person has died or moved away.")

    def applicable(self) -> QuerySet[Any]:
        since = clock.now() - TOLD_FOR
        return Case.objects.filter(ended_at__gt=since)


class GoesOnAfterEnd(Notice):
    """The person of an open case died or moved away, and something keeps it open: its lead."""

    name = GOES_ON
    message = _(
        "The person of case %(code)s has died or moved away. It stays open until you end it."
    )

    def applicable(self) -> QuerySet[Any]:
        since = clock.now() - TOLD_FOR
        return Case.objects.filter(resident__ended_at__gt=since, status__in=sorted(OPEN))


class ShareEnded(Notice):
    """A consent was withdrawn, and the share of a case that rested on it has ended: both sides."""

    name = SHARE_ENDED
    message = _("A consent was withdrawn, and a share of case %(code)s has ended with it.")

    def still_applies(self, occurrence: Occurrence) -> bool:
        return self._ended(occurrence).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        shut_out = {grant.group.agency for grant in self._ended(occurrence)}
        told = [*super().recipients(occurrence)]
        for agency in sorted(shut_out, key=lambda each: str(each.pk)):
            told += members(agency, {Role.STAFF})
        return told

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        heard = policy.heard_of_share(actor, occurrence.subject_id)
        return heard or super().may_see(actor, occurrence)

    def _ended(self, occurrence: Occurrence) -> QuerySet[Grant]:
        return Grant.objects.filter(
            subject_kind="case",
            subject_id=occurrence.subject_id,
            cause_kind=CONSENT,
            revoked_at__gt=clock.now() - TOLD_FOR,
        ).select_related("group__agency")
