"""Locks on cases, and the next version of one: lock first, index and reminders last."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from carenet.access.actions import AccessPath, reindex
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.agencies.selectors import actor_of, calendar_of
from carenet.cases.models import Case, CaseMember, Consultation
from carenet.cases.policy import (
    can_be_in_charge,
    consultations_visible_to,
    live_members,
    visible_to,
)
from carenet.cases.selectors import LEAD
from carenet.core import clock
from carenet.core.errors import Conflict, Forbidden, Invalid
from carenet.core.models import check_version, get_visible
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.reminders.selectors import has_open_reminder

#: The reminders that a case's next action is due, and that nobody is in charge of it
#: (`carenet.cases.hooks`).
NEXT_ACTION, WITHOUT_PERSON = "case.next_action", "case.without_person"


def lock_case(actor: Actor, case_id: UUID, version: int | None = None) -> Case:
    """Lock a visible case until the transaction ends.

    Raises `NotFound` out of reach, `PreconditionFailed` when `version` is stale. Whoever locks a
    case and a referral locks the case first.
    """
    case = get_visible(visible_to(actor).select_for_update(of=("self",)), pk=case_id)
    check_version(case, version)
    return case


def lock_case_unchecked(case_id: UUID) -> Case:
    """Lock a case whose visibility does not decide: a referral's transition moves its lead."""
    return Case.objects.select_for_update(of=("self",)).get(pk=case_id)


def lock_consultation(
    actor: Actor, consultation_id: UUID, version: int | None = None
) -> Consultation:
    """Lock a visible consultation; raises `NotFound`, `PreconditionFailed` for a stale version."""
    visible = consultations_visible_to(actor).select_for_update(of=("self",))
    consultation = get_visible(visible, pk=consultation_id)
    check_version(consultation, version)
    return consultation


def demand_person(actor: Actor) -> User:
    """Return the person who acts, for what is no system's to do; raises `Forbidden`."""
    if actor.user is None:
        raise Forbidden(_("This is for a person to do, not for a system."))
    return actor.user


def demand_open(case: Case) -> None:
    """Raise `Conflict` for a case that has ended."""
    if not case.is_open:
        raise Conflict(_("This case has ended. Reopen it first."))


def save_version(case: Case) -> None:
    """Save a locked case under its next version and bring list index and reminders up to date."""
    case.save_version()
    index(case)
    remind_of_missing_person(case)


def index(case: Case) -> None:
    """Write the case's entries in the access index."""
    reindex(
        kind="case",
        object_id=case.pk,
        status=case.status,
        next_due=case.next_due,
        owners=[AccessPath(LEAD, case.lead_agency_id)],
        restricted=case.restricted,
    )


def name_members(case: Case, given_by: User | None, *people: User | None) -> None:
    """Name people to a restricted case who are not named yet: they keep what they have in hand."""
    named = set(live_members(case).values_list("user", flat=True))
    for person in {person for person in people if person and person.pk not in named}:
        CaseMember.objects.create(case=case, user=person, given_by=given_by)


def assign_person(actor: Actor, case: Case, person: User, field: str) -> None:
    """Put a locked case into a person's hands; its next action stays, and is theirs.

    Raises `Invalid`, naming `field`, for whoever does no casework in the agency that leads. Of a
    restricted case they become a named member.
    """
    if not may_be_given(case, person):
        raise Invalid({field: _("Choose a person who does casework in the lead agency.")})
    if case.restricted:
        name_members(case, actor.user, person)
    case.person_in_charge = person
    save_version(case)
    remind_of_next_action(case)


def may_be_given(case: Case, person: User) -> bool:
    """Whether a person does casework in the agency that leads a case."""
    theirs = actor_of(person, case.lead_agency)
    return theirs is not None and bool(can_be_in_charge(theirs, case))


def remind_of_missing_person(case: Case) -> None:
    """Tell the lead's managers of an open case that nobody is in charge of, until somebody is."""
    if case.person_in_charge_id is not None or not case.is_open:
        because = "in_charge" if case.person_in_charge_id else case.status
        cancel_reminder(kind=WITHOUT_PERSON, subject_id=case.pk, because=because)
    elif not has_open_reminder(WITHOUT_PERSON, case.pk, case.lead_agency):
        schedule_reminder(
            kind=WITHOUT_PERSON,
            subject_id=case.pk,
            subject_code=case.code,
            agency=case.lead_agency,
            due_at=clock.now(),
        )


def remind_of_next_action(case: Case) -> None:
    """Chase the next action on its day, from the agency's opening on; nothing is due without one."""
    if case.next_action_on is None or not case.is_open:
        cancel_reminder(kind=NEXT_ACTION, subject_id=case.pk, because="nothing_due")
        return
    calendar = calendar_of(case.lead_agency)
    schedule_reminder(
        kind=NEXT_ACTION,
        subject_id=case.pk,
        subject_code=case.code,
        agency=case.lead_agency,
        person=case.person_in_charge,
        # What is due on a closing day is told at the opening before it, not after.
        due_at=calendar.opening(calendar.last_open(case.next_action_on)),
    )
