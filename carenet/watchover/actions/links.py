"""Making a one-tap link, and using it once."""

from __future__ import annotations

from secrets import token_urlsafe
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.audit.actions import acting_as, log_write
from carenet.core import clock
from carenet.core.errors import Conflict, NotFound
from carenet.watchover import policy
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.locks import lock_assignment, log_event
from carenet.watchover.models import CheckIn, OneTapLink, WatchAssignment
from carenet.watchover.selectors.concerns import hash_of
from carenet.watchover.selectors.links import open_link
from carenet.watchover.states import CheckInOutcome, ExpectationState, WatchMethod

#: What one tap says: all is well, as far as this way of looking in can tell.
_WELL = {
    WatchMethod.VISIT: CheckInOutcome.MET,
    WatchMethod.PHONE: CheckInOutcome.HEARD,
    WatchMethod.INDIRECT: CheckInOutcome.INDIRECT,
    WatchMethod.DEVICE: CheckInOutcome.INDIRECT,
}


@transaction.atomic
def make_link(*, actor: Actor, assignment_id: UUID) -> tuple[OneTapLink, str]:
    """Make a link for the time at which somebody is to look in next; return it and its secret.

    It is for the actor who looks in themselves, else for the watcher. An older link of the same
    person for that time is no longer good. Raises `Conflict` where nobody looks in, or nothing is
    expected.
    """
    assignment = lock_assignment(actor, assignment_id, policy.can_check_in)
    now = clock.now()
    expected = assignment.expectations.filter(state=ExpectationState.EXPECTED, grace_until__gte=now)
    expectation = expected.order_by("window_start").first()
    person, agency = _whose(actor, assignment)
    if expectation is None or person is None or agency is None:
        raise Conflict(
            _("Nobody is expected to look in here. Look at where the watch stands."),
            code="watch_not_ready",
        )
    secret = token_urlsafe(24)
    link, _made = OneTapLink.objects.update_or_create(
        expectation=expectation,
        person=person,
        defaults={"agency": agency, "secret": hash_of(secret), "made_at": now},
    )
    log_event(actor, "link", assignment, link=str(link.pk), person=str(person.pk))
    return link, secret


@transaction.atomic
def use_link(*, secret: str) -> CheckIn:
    """Record what one tap says, as the person for whom the link was made.

    Raises `NotFound` for every link that is not good, whatever the reason: unknown, used, too early
    or too late, replaced, of somebody who no longer looks in.
    """
    found = open_link(secret, clock.now())
    if found is None:
        raise NotFound
    lock_assignment(found.actor, found.link.expectation.assignment_id, policy.can_check_in)
    found = open_link(secret, clock.now())  # again, now that nobody else can use or answer it
    if found is None:
        raise NotFound
    link, assignment = found.link, found.link.expectation.assignment
    with acting_as(found.actor.who):
        made = check_in(
            actor=found.actor,
            assignment_id=assignment.pk,
            outcome=_WELL[WatchMethod(assignment.method)],
        )
        link.used_at = made.recorded_at
        link.save(update_fields=["used_at"])
        log_write(
            found.actor.who, "watch.use_link", "watchassignment", assignment.pk, link=str(link.pk)
        )
    return made


def _whose(actor: Actor, assignment: WatchAssignment) -> tuple[User | None, Agency | None]:
    if policy.is_watcher(actor, assignment):
        return actor.user, actor.agency
    return assignment.watcher, assignment.watcher_agency
