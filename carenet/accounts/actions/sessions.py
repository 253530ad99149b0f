"""Signing a person out everywhere: a telephone that was lost opens nothing any more."""

from __future__ import annotations

from django.db import transaction

from carenet.accounts import policy
from carenet.accounts.models import BrowserSession
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership, User
from carenet.audit.actions import log_write
from carenet.core.decisions import demand


@transaction.atomic
def end_sessions(*, actor: Actor, membership: Membership, but: str | None = None) -> int:
    """End the sessions of a member as far as the actor sees them; return how many ended.

    One's own all end; a manager ends those that act for the agency, and never those for another one.
    `but` is the key of one that goes on: that of whoever does it to themselves. Each ends with its
    next request. Account and memberships stay: whoever knows the password may sign in again.
    """
    demand(policy.can_end_sessions(actor, membership))
    person = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    found = policy.sessions_visible_to(actor).filter(user=person).exclude(session_key=but)
    ended, _by_model = BrowserSession.objects.filter(pk__in=found.values("pk")).delete()
    log_write(
        actor.who,
        "account.end_sessions",
        "user",
        person.pk,
        ended=ended,
        kept_one=but is not None,
    )
    return ended
