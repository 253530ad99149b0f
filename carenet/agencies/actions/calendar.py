"""When an agency works: its rule, and the days that are exceptions to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.locks import demand_valid, lock_agency, who_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, CalendarException
from carenet.audit.actions import log_write
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid, NotFound

WEEK = frozenset(range(7))


@transaction.atomic
def set_calendar(
    *,
    actor: Actor | None,
    agency: Agency,
    version: int | None = None,
    closed_weekdays: Iterable[int] | None = None,
    closed_on_holidays: bool | None = None,
    closed_at_new_year: bool | None = None,
) -> Agency:
    """Change the parts of the rule that are given. Weekdays count from Monday = 0.

    Raises `Invalid` for a week without an open day, `PreconditionFailed` when `version` is stale.
    """
    demand(policy.can_manage_calendar(actor, agency))
    held = lock_agency(agency, version)
    if closed_weekdays is not None:
        held.closed_weekdays = _weekdays(closed_weekdays)
    if closed_on_holidays is not None:
        held.closed_on_holidays = closed_on_holidays
    if closed_at_new_year is not None:
        held.closed_at_new_year = closed_at_new_year
    held.save_version()
    log_write(who_of(actor), "agency.set_calendar", "agency", held.pk)
    return held


@transaction.atomic
def add_calendar_exception(
    *,
    actor: Actor | None,
    agency: Agency,
    on: date,
    is_open: bool = False,
    reason: str = "",
    version: int | None = None,
) -> CalendarException:
    """Close (or open) the agency on one day, against its rule.

    Raises `Conflict` for a day that has an exception, `PreconditionFailed` when `version` (of the
    agency) is stale.
    """
    demand(policy.can_manage_calendar(actor, agency))
    held = lock_agency(agency, version)
    if held.calendar_exceptions.filter(on=on).exists():
        raise Conflict(
            _("There is an exception for this day already. Remove it first."),
            code="exception_exists",
        )
    exception = CalendarException(agency=held, on=on, is_open=is_open, reason=reason)
    demand_valid(exception)
    exception.save(force_insert=True)
    held.save_version()
    log_write(who_of(actor), "agency.add_exception", "agency", held.pk, on=str(on), is_open=is_open)
    return exception


@transaction.atomic
def remove_calendar_exception(
    *, actor: Actor | None, exception: CalendarException, version: int | None = None
) -> Agency:
    """Let the rule hold again on that day; returns the agency under its next version.

    Raises `NotFound` when it is gone, `PreconditionFailed` when `version` (of the agency) is stale.
    """
    demand(policy.can_manage_calendar(actor, exception.agency))
    held = lock_agency(exception.agency, version)
    deleted, _rows = held.calendar_exceptions.filter(pk=exception.pk).delete()
    if not deleted:
        raise NotFound
    held.save_version()
    log_write(who_of(actor), "agency.remove_exception", "agency", held.pk, on=str(exception.on))
    return held


def _weekdays(days: Iterable[int]) -> list[int]:
    wanted = set(days)
    if not wanted <= WEEK:
        raise Invalid({"closed_weekdays": _("Weekdays are numbers from 0 (Monday) to 6 (Sunday).")})
    if wanted == WEEK:
        raise Invalid({"closed_weekdays": _("An agency is open on one weekday at least.")})
    return sorted(wanted)
