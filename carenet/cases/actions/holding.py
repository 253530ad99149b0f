"""Taking hold of a case, and letting go of it: lock first, tell index and reminders last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.access.actions import Way, reindex
from carenet.agencies.selectors import calendar_of
from carenet.cases.models import Case, CaseMember
from carenet.cases.policy import live_members, visible_to
from carenet.cases.selectors import LEAD
from carenet.errors import NotFound
from carenet.reminders.actions import remind, settle
from carenet.rest.etags import check_version

if TYPE_CHECKING:
    from uuid import UUID

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import User

#: The reminder that a case's next action is due (`carenet.cases.hooks`).
NEXT_ACTION = "case.next_action"


def hold(actor: Actor, case_id: UUID, version: int | None = None) -> Case:
    """Lock a visible case until the transaction ends.

    Raises `NotFound` out of reach, `PreconditionFailed` when `version` is stale. Whoever locks a
    case and a referral locks the case first.
    """
    case = visible_to(actor).select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    check_version(case, version)
    return case


def hold_unasked(case_id: UUID) -> Case:
    """Lock a case whose visibility does not decide: a referral's transition moves its lead."""
    return Case.objects.select_for_update(of=("self",)).get(pk=case_id)


def let_go(case: Case) -> None:
    """Save a held case under its next version and bring the list index up to date."""
    case.version += 1
    case.save()
    index(case)


def index(case: Case) -> None:
    """Write the case's entries in the access index."""
    reindex(
        kind="case",
        object_id=case.pk,
        status=case.status,
        next_due=case.next_due,
        owners=[Way(LEAD, case.lead_agency_id)],
        restricted=case.restricted,
    )


def name_all(case: Case, given_by: User | None, *people: User | None) -> None:
    """Name people to a restricted case who are not named yet: they keep what they have in hand."""
    named = set(live_members(case).values_list("user", flat=True))
    for person in {person for person in people if person and person.pk not in named}:
        CaseMember.objects.create(case=case, user=person, given_by=given_by)


def remind_of_next_action(case: Case) -> None:
    """Chase the next action on its day, from the agency's opening on; nothing is due without one."""
    if case.next_action_on is None or not case.is_open:
        settle(kind=NEXT_ACTION, subject_id=case.pk, because="nothing_due")
        return
    calendar = calendar_of(case.lead_agency)
    remind(
        kind=NEXT_ACTION,
        subject_id=case.pk,
        subject_code=case.code,
        agency=case.lead_agency,
        person=case.person_in_charge,
        # What is due on a closing day is told at the opening before it, not after.
        due_at=calendar.opening(calendar.last_open(case.next_action_on)),
    )
