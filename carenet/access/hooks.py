"""What of the ledger hangs on an agency that closes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from carenet.access.actions import end_received
from carenet.access.models import Grant
from carenet.access.registry import guarded_kind
from carenet.access.rules import SharingBasis
from carenet.agencies.models import Agency
from carenet.agencies.registry import (
    ClosureBatch,
    ClosureKind,
    Review,
    add_closure_kinds,
    stays_with_agency,
)
from carenet.agencies.states import ClosureOutcome


def register() -> None:
    """Called once, when the apps are ready.

    A grant names its receiver by the group, and who gave it as history. What the agency gave stays in
    force: it hangs on a record that goes to a successor.
    """
    add_closure_kinds(
        ClosureKind(
            name="grants_received",
            label=_("grants that others have given it"),
            fate=ClosureOutcome.ENDS,
            found=_received,
            settle=end_received,
            review=Review("given_at", _described),
        ),
        at_last=True,
    )
    add_closure_kinds(
        ClosureKind(
            name="grants_given",
            label=_("grants that it has given others"),
            fate=ClosureOutcome.FOLLOWS,
            follows="cases",
            found=_given,
        )
    )
    stays_with_agency("access.AccessEntry.agency", "access.Grant.given_by_agency")


def _received(agency: Agency) -> QuerySet[Grant]:
    return Grant.objects.live().filter(group=agency.group_id)


def _given(agency: Agency) -> QuerySet[Grant]:
    return Grant.objects.live().filter(given_by_agency=agency).exclude(group=agency.group_id)


def _described(batch: ClosureBatch) -> dict[UUID, str]:
    """Say of each grant on what it is, by the human code where that has one, and who gave it when."""
    by_kind: dict[str, set[UUID]] = {}
    for grant in batch.rows:
        by_kind.setdefault(grant.subject_kind, set()).add(grant.subject_id)
    codes: dict[UUID, str] = {}
    for kind, ids in by_kind.items():
        manager = guarded_kind(kind).model._meta.default_manager
        if manager and hasattr(manager.model, "code"):
            codes |= {pk: str(subject) for pk, subject in manager.in_bulk(ids).items()}
    givers = Agency.objects.in_bulk({grant.given_by_agency_id for grant in batch.rows})
    return {
        grant.pk: " ".join(
            (
                codes.get(grant.subject_id, ""),
                str(SharingBasis(grant.basis).label),
                givers[grant.given_by_agency_id].name,
                date_format(timezone.localtime(grant.given_at), "SHORT_DATE_FORMAT"),
            )
        ).strip()
        for grant in batch.rows
    }
