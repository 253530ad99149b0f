"""What of the watch-over hangs on an agency that closes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency, WardSection
from carenet.agencies.registry import ClosureKind, SectionRule, Suggestion
from carenet.agencies.states import ClosureOutcome, SectionGround
from carenet.watchover.actions.agency_closure import (
    call_handovers_off,
    pass_concerns,
    pass_watches,
    release_alerts_for_closure,
    release_watchers,
)
from carenet.watchover.models import Alert, Concern, WatchAssignment, WatchHandover
from carenet.watchover.states import OPEN, HandoverStatus


def _watches(agency: Agency) -> QuerySet[WatchAssignment]:
    return WatchAssignment.objects.filter(responsible_agency=agency)


def _watchers(agency: Agency) -> QuerySet[WatchAssignment]:
    theirs = Q(watcher_agency=agency) | Q(backup_agency=agency)
    return WatchAssignment.objects.filter(theirs, status__in=sorted(OPEN))


def _taken_on(agency: Agency) -> QuerySet[Alert]:
    return Alert.objects.filter(acknowledged_agency=agency, resolved_at=None)


def _handovers(agency: Agency) -> QuerySet[WatchHandover]:
    undone = [HandoverStatus.DRAFT, HandoverStatus.SCHEDULED]
    return WatchHandover.objects.filter(agency=agency, status__in=undone)


def _concerns(agency: Agency) -> QuerySet[Concern]:
    return Concern.objects.filter(agency=agency)


def _suggest(watches: list[WatchAssignment]) -> dict[UUID, Suggestion]:
    section = WardSection.OLDER_AND_DISABILITY
    return {each.pk: Suggestion(each.code, section, SectionGround.WATCH) for each in watches}


def _alerts_of(watches: list[UUID]) -> Iterable[UUID]:
    return Alert.objects.filter(assignment__in=watches).values_list("pk", flat=True)


CLOSURE_KINDS = (
    ClosureKind(
        name="watch_handovers",
        label=_("handovers of watches that are not carried out yet"),
        fate=ClosureOutcome.ENDS,
        found=_handovers,
        settle=call_handovers_off,
        columns=("watchover.WatchHandover.agency", "watchover.HandoverPair.agency"),
    ),
    ClosureKind(
        name="watchers",
        label=_("watches that its people see to"),
        fate=ClosureOutcome.ENDS,
        found=_watchers,
        settle=release_watchers,
        columns=(
            "watchover.WatchAssignment.watcher_agency",
            "watchover.WatchAssignment.backup_agency",
        ),
    ),
    ClosureKind(
        name="alerts",
        label=_("alerts that its people have taken on"),
        fate=ClosureOutcome.ENDS,
        found=_taken_on,
        settle=release_alerts_for_closure,
        columns=("watchover.Alert.acknowledged_agency",),
    ),
    ClosureKind(
        name="watches",
        label=_("watches that it answers for"),
        fate=ClosureOutcome.PASSES,
        found=_watches,
        settle=pass_watches,
        to_section=SectionRule(_watches, _suggest, _alerts_of),
        columns=("watchover.WatchAssignment.responsible_agency",),
    ),
    ClosureKind(
        name="concerns",
        label=_("concerns that reached it"),
        fate=ClosureOutcome.PASSES,
        found=_concerns,
        settle=pass_concerns,
        columns=("watchover.Concern.agency",),
    ),
)
#: Events are history, an agency's own escalation stays its own. A link opens nothing for whoever is
#: no member any more; a handover of another agency says itself who cannot take a watch over.
COLUMNS_THAT_STAY = (
    "watchover.CheckIn.by_agency",
    "watchover.Concern.from_agency",
    "watchover.EscalationPolicy.agency",
    "watchover.HandoverLine.backup_agency",
    "watchover.HandoverLine.watcher_agency",
    "watchover.HandoverPair.outgoing_agency",
    "watchover.HandoverPair.successor_agency",
    "watchover.OneTapLink.agency",
    "watchover.Pause.by_agency",
    "watchover.WatchEvent.by_agency",
)
