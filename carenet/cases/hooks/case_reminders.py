"""What is due in a case: its next action, and the end of a share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from carenet.access.models import Grant
from carenet.agencies.roles import Role
from carenet.agencies.selectors import calendar_of, members_in_roles
from carenet.cases import policy
from carenet.cases.actions.locks import NEXT_ACTION
from carenet.cases.actions.share_expiry import GRANT_ENDING
from carenet.cases.models import Case
from carenet.reminders.selectors import first_reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.reminders.registry import Occurrence, Recipient


class NextActionDue:
    """A case's next action is due: the person in charge, then the manager.

    When the person in charge is away, for good or for a time without a deputy, the whole staff of
    the agency hears of it instead.
    """

    name = NEXT_ACTION
    subject_kind = "case"

    def still_applies(self, occurrence: Occurrence) -> bool:
        return Case.objects.filter(
            pk=occurrence.subject_id, next_action_on__isnull=False, ended_at=None
        ).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        return _at_the_lead(
            occurrence.agency,
            occurrence.person,
            occurrence.step,
            lambda who: self.may_see(who, occurrence),
        )

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("The next action of case %(code)s is due.") % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step > 0:
            return None
        return calendar_of(occurrence.agency).working_days_later(now, 1)


class GrantEnding:
    """A share of a case is about to end: whoever has the case now, then the lead's managers.

    It is written about the share, and read through the case.
    """

    name = GRANT_ENDING
    subject_kind = "grant"

    def still_applies(self, occurrence: Occurrence) -> bool:
        """Whether the share still lives, and the case with it."""
        living = Grant.objects.live().filter(pk=occurrence.subject_id, until__isnull=False)
        open_case = Case.objects.filter(pk=OuterRef("subject_id"), ended_at=None)
        return living.filter(Exists(open_case)).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        case = Case.objects.select_related("lead_agency", "person_in_charge").get(
            pk=Grant.objects.values("subject_id").get(pk=occurrence.subject_id)["subject_id"]
        )
        return _at_the_lead(
            case.lead_agency,
            case.person_in_charge,
            occurrence.step,
            lambda who: self.may_see(who, occurrence),
        )

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        of = Grant.objects.filter(pk=occurrence.subject_id).values("subject_id")
        return policy.visible_to(actor).filter(pk__in=of).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("A share of case %(code)s ends soon. Give it anew, or let it end.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step > 0:
            return None
        return calendar_of(occurrence.agency).working_days_later(now, 1)


def _at_the_lead(
    lead: Agency, person: User | None, step: int, may_see: Callable[[Actor], bool]
) -> list[Recipient]:
    """Return whom a step reaches: the person in charge, else the staff; after that the managers."""
    if step > 0:
        return first_reached([(lead, members_in_roles(lead, {Role.MANAGER}))], may_see)
    in_charge = [person] if person else []
    return first_reached([(lead, in_charge), (lead, members_in_roles(lead, {Role.STAFF}))], may_see)
