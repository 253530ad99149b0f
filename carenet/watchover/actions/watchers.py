"""Who may be given a watch: people with a place in the agency that they act for."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carenet.agencies.actions import lock_membership
from carenet.agencies.models import Agency, User
from carenet.agencies.selectors import actor_of
from carenet.core.errors import Invalid
from carenet.watchover.models import WatchAssignment


def lock_place(role: str, person: User | None, agency: Agency | None) -> None:
    """Lock the membership of somebody who is to look in, before the assignment.

    `role` is the field that it is said in. Raises `Invalid` for who may not look in there.
    """
    if person is None:
        return
    actor = None
    if agency is not None:
        lock_membership(person, agency)
        actor = actor_of(person, agency)
    if actor is None or not actor.may("watch.check_in"):
        raise Invalid(
            {role: _("Choose somebody who may record check-ins in the agency that you name.")}
        )


def give_to(
    assignment: WatchAssignment, role: str, person: User | None, agency: Agency | None
) -> None:
    """Put a locked assignment into somebody's hands, or out of them."""
    setattr(assignment, role, person)
    setattr(assignment, f"{role}_agency", agency if person else None)
    if assignment.backup_id and assignment.backup_id == assignment.watcher_id:
        raise Invalid({"backup": _("Choose somebody else than the watcher.")})
