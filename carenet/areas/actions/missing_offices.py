"""Agencies that the Ministry's file no longer names are suggested for closing, never closed by that.

- One is missing when the file covers it: it names other offices of the municipality, and every service
  that is known of it. So a file of one service says nothing of an office that offers others besides.
- A file with a line whose office cannot be told says nothing of anybody.
- Where more are missing than could have closed since the last file, the file is taken for incomplete.
- What the file names again is withdrawn. What a person has withdrawn is not suggested again for a year.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import DirectoryKeeper
from carenet.agencies.models import Agency, AgencyClosure, AgencyKind
from carenet.agencies.registry import closure_has_moved
from carenet.agencies.states import CLOSURE_OPEN, ClosureState
from carenet.areas.open_data import OpenData
from carenet.audit.actions import log_write
from carenet.core import clock

#: Of a municipality so many may be missing at once, or this part of it.
MOST_MISSING, MOST_PART = 5, 0.2
_AGAIN_AFTER = timedelta(days=365)


def suggest_closures(*, actor: DirectoryKeeper, data: OpenData) -> list[Agency]:
    """Suggest the closure of whoever is missing, withdraw what is named again; return the former.

    Part of the import, in its transaction.
    """
    _withdraw_named(actor, data)
    if data.unnamed_lines:
        return []
    missing = [agency for agency in _missing(data) if not _has_closure(agency)]
    for agency in missing:
        closure = AgencyClosure.objects.create(
            agency=agency, state=ClosureState.SUGGESTED, suggested_at=clock.now(),
            reason=_("The Ministry's file no longer names it."),
        )  # fmt: skip
        log_write(
            who_of(actor), "agency.suggest_closure", "agencyclosure", closure.pk,
            agency=str(agency.pk),
        )  # fmt: skip
        closure_has_moved(closure)
    return missing


def _missing(data: OpenData) -> list[Agency]:
    """Return the agencies that the file covers and does not name, by municipality."""
    covered: dict[str, set[str]] = defaultdict(set)
    for office in data.offices:
        covered[office.municipality_code] |= {service.name for service in office.services}
    known = _known(covered)
    missing: dict[str, list[Agency]] = defaultdict(list)
    number: dict[str, int] = defaultdict(int)
    for agency in known:
        services = {service.name for service in agency.services.all()}
        if not services or not services <= covered[agency.municipality_code]:
            continue
        number[agency.municipality_code] += 1
        if agency.office_number not in data.named:
            missing[agency.municipality_code].append(agency)
    return [
        agency
        for code, agencies in sorted(missing.items())
        if len(agencies) <= max(MOST_MISSING, number[code] * MOST_PART)
        for agency in agencies
    ]


def _known(covered: dict[str, set[str]]) -> QuerySet[Agency]:
    found = Agency.objects.filter(
        active=True, office_number__isnull=False, municipality_code__in=list(covered)
    )
    return found.exclude(kind=AgencyKind.WARD_OFFICE).prefetch_related("services").order_by("id")


def _has_closure(agency: Agency) -> bool:
    """Whether one is open, or somebody has said within a year that it does not close."""
    closures = AgencyClosure.objects.filter(agency=agency)
    lately = closures.filter(
        state=ClosureState.WITHDRAWN,
        suggested_at__isnull=False,
        named_again=False,
        ended_at__gt=clock.now() - _AGAIN_AFTER,
    )
    return closures.filter(state__in=sorted(CLOSURE_OPEN)).exists() or lately.exists()


def _withdraw_named(actor: DirectoryKeeper, data: OpenData) -> None:
    suggested = AgencyClosure.objects.filter(
        state=ClosureState.SUGGESTED, agency__office_number__in=list(data.named)
    )
    for closure in suggested.select_for_update(of=("self",)).select_related("agency"):
        closure.state, closure.ended_at = ClosureState.WITHDRAWN, clock.now()
        closure.named_again = True
        closure.save_version()
        log_write(
            who_of(actor), "agency.withdraw_closure", "agencyclosure", closure.pk,
            agency=str(closure.agency_id),
        )  # fmt: skip
        closure_has_moved(closure)
