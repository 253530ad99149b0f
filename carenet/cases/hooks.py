"""What this room hangs into lower rooms: its guarded model, a way to a resident, a reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carenet.access.models import Grant
from carenet.access.registry import Guarded, guard
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, calendar_of, members_in_roles
from carenet.cases import policy
from carenet.cases.actions.holding import NEXT_ACTION, index
from carenet.cases.actions.residents import (
    CLOSED_WITH_RESIDENT,
    CONSENT,
    SHARE_ENDED,
    TOLD_FOR,
    close_cases,
    end_shares_of_consent,
)
from carenet.cases.models import Case, CaseShare
from carenet.cases.states import OPEN
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient
from carenet.residents.registry import (
    InCharge,
    WayToResident,
    add_those_in_charge,
    add_way_to_see_a_resident,
    on_consent_withdrawn,
    on_resident_ending,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.reminders.registry import Occurrence


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded("case", Case, CaseShare, policy.decide, _reindex))
    add_way_to_see_a_resident(WayToResident(policy.sees_resident, policy.edits_resident))
    add_those_in_charge(_in_charge)
    on_resident_ending(close_cases)
    on_consent_withdrawn(end_shares_of_consent)
    for kind in (NextActionDue(), ClosedWithResident(), ShareEnded()):
        reminders.register(kind)


def _reindex(case_id: UUID) -> None:
    index(Case.objects.get(pk=case_id))


def _in_charge(resident_id: UUID) -> Iterable[InCharge]:
    """Say who has the open cases of a person in hand."""
    found = Case.objects.filter(resident=resident_id, status__in=sorted(OPEN))
    for case in found.select_related("lead_agency", "person_in_charge").order_by("pk"):
        yield InCharge(case.lead_agency, case.person_in_charge)


class NextActionDue:
    """A case's next action is due: the person in charge, then the manager.

    When the person in charge is away for good, the whole staff of the agency hears of it instead.
    """

    name = NEXT_ACTION
    subject_kind = "case"

    def still_holds(self, occurrence: Occurrence) -> bool:
        return Case.objects.filter(
            pk=occurrence.subject_id, next_action_on__isnull=False, ended_at=None
        ).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        agency = occurrence.agency
        users: Iterable[User]
        if occurrence.step > 0:
            users = members_in_roles(agency, {Role.MANAGER})
        elif occurrence.person and actor_of(occurrence.person, agency):
            users = [occurrence.person]
        else:
            users = members_in_roles(agency, {Role.STAFF})
        return [Recipient(user, agency) for user in users]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("The next action of case %(code)s is due.") % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step > 0:
            return None
        return calendar_of(occurrence.agency).chase_after(now, 1)


class Notice:
    """Base of what a case's people are told once: it goes from the inbox two weeks later."""

    subject_kind = "case"

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        person, agency = occurrence.person, occurrence.agency
        if person and actor_of(person, agency):
            return [Recipient(person, agency)]
        return _staff(agency)

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """Ask once more when it is no news any more, so that the reminder ends with its reason."""
        return now + TOLD_FOR if occurrence.step == 0 else None


class ClosedWithResident(Notice):
    """A case was closed because its person died or moved away: its lead may not know yet."""

    name = CLOSED_WITH_RESIDENT

    def still_holds(self, occurrence: Occurrence) -> bool:
        since = timezone.now() - TOLD_FOR
        return Case.objects.filter(pk=occurrence.subject_id, ended_at__gt=since).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("Case %(code)s was closed: the person has died or moved away.") % {
            "code": occurrence.subject_code
        }


class ShareEnded(Notice):
    """A consent was withdrawn, and the share of a case that rested on it has ended: both sides."""

    name = SHARE_ENDED

    def still_holds(self, occurrence: Occurrence) -> bool:
        return self._ended(occurrence).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        shut_out = {grant.group.agency for grant in self._ended(occurrence)}
        told = [*super().recipients(occurrence)]
        for agency in sorted(shut_out, key=lambda each: str(each.pk)):
            told += _staff(agency)
        return told

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        heard = policy.heard_of_share(actor, occurrence.subject_id)
        return heard or super().may_see(actor, occurrence)

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("A consent was withdrawn, and a share of case %(code)s has ended with it.") % {
            "code": occurrence.subject_code
        }

    def _ended(self, occurrence: Occurrence) -> QuerySet[Grant]:
        return Grant.objects.filter(
            subject_kind="case",
            subject_id=occurrence.subject_id,
            cause_kind=CONSENT,
            revoked_at__gt=timezone.now() - TOLD_FOR,
        ).select_related("group__agency")


def _staff(agency: Agency) -> list[Recipient]:
    return [Recipient(user, agency) for user in members_in_roles(agency, {Role.STAFF})]
