"""On whose behalf something is written, and the order in which rows are locked."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from carenet.agencies.actors import DirectoryKeeper
from carenet.agencies.models import Agency, Membership, User
from carenet.audit.actions import Who
from carenet.core.errors import Invalid
from carenet.core.models import check_version

#: The operator at the command line, and the service's own jobs.
SYSTEM = Who("system")


def who_of(actor: DirectoryKeeper) -> Who:
    """Return the actor as the trail writes it down; None is the operator's command line."""
    return actor.who if actor else SYSTEM


def lock_agency(agency: Agency, version: int | None = None) -> Agency:
    """Lock an agency until the transaction ends, before anything that belongs to it.

    Raises `PreconditionFailed` when `version` is stale.
    """
    held = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    check_version(held, version)
    return held


def lock_membership(user: User, agency: Agency) -> Membership | None:
    """Lock a person's membership, before anything that is put into their hands; None without one.

    Whoever ends it waits, and then finds what was put there.
    """
    found = Membership.objects.filter(user=user, agency=agency)
    return found.select_for_update(of=("self",), no_key=True).first()


def demand_valid(row: Model, *, exclude: tuple[str, ...] = ()) -> None:
    """Raise `Invalid` naming each field that the model itself refuses."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        raise Invalid(
            {
                "" if name == NON_FIELD_ERRORS else name: " ".join(messages)
                for name, messages in error.message_dict.items()
            }
        ) from error
