"""How an agency and its people are told of what waits: quiet hours, e-mail, digest, language."""

from __future__ import annotations

from datetime import time
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.locks import demand_valid, lock_agency, who_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.audit.actions import Who, log_write
from carenet.core.decisions import demand
from carenet.core.errors import Invalid


class SettingsChanges(TypedDict, total=False):
    """The parts of an agency's settings that are to change; no quiet hours are two times None."""

    quiet_from: time | None
    quiet_until: time | None
    by_email: bool
    digest: bool
    digest_at: time


@transaction.atomic
def set_settings(
    *,
    actor: Actor | None,
    agency: Agency,
    version: int | None = None,
    **changes: Unpack[SettingsChanges],
) -> Agency:
    """Change how an agency is told; times are those of Tokyo, `quiet_until` may be the next day's.

    Raises `Invalid` for quiet hours without a beginning, an end or a length, `PreconditionFailed`
    when `version` (of the agency) is stale.
    """
    demand(policy.can_manage_settings(actor, agency))
    held = lock_agency(agency, version)
    for name, value in changes.items():
        setattr(held, name, value)
    _demand_quiet_hours(held)
    held.save_version()
    log_write(who_of(actor), "agency.set_settings", "agency", held.pk, fields=sorted(changes))
    return held


@transaction.atomic
def choose_notifications(
    *,
    who: Who,
    user: User,
    language: str,
    by_email: bool,
    digest: bool | None,
    email: str | None = None,
) -> User:
    """Let a person choose for themselves how they are told; `digest` None: as each agency does.

    Raises `Invalid` for a language that is none, and for another `email` than the present one: that is
    proved first (`carenet.accounts.actions.email`).
    """
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if email is not None and email != held.email:
        raise Invalid({"email": _("Ask for another address at /me/email/: it is proved first.")})
    held.language, held.by_email, held.digest = language, by_email, digest
    demand_valid(held, exclude=("password",))
    held.save(update_fields=["language", "by_email", "digest"])
    log_write(
        who, "account.choose_notifications", "user", held.pk, by_email=by_email, digest=digest
    )
    return held


def _demand_quiet_hours(agency: Agency) -> None:
    begin, end = agency.quiet_from, agency.quiet_until
    if (begin is None) != (end is None):
        missing = "quiet_from" if begin is None else "quiet_until"
        raise Invalid({missing: _("Quiet hours need a beginning and an end; null both for none.")})
    if begin is not None and begin == end:
        raise Invalid({"quiet_until": _("Quiet hours end at another time than they begin.")})
