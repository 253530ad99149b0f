"""What this room hangs into lower rooms: its guarded model, a way to a resident, reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.access.registry import Guarded, guard
from carenet.agencies.registry import (
    add_closure_kinds,
    on_member_leaving,
    on_member_unavailable,
    stays_with_agency,
)
from carenet.cases.registry import on_case_ending, on_reporter_hidden
from carenet.jobs import registry as jobs
from carenet.reminders import registry as reminders
from carenet.residents.registry import (
    PointsAtResident,
    ResidentVisibility,
    add_disclosures,
    add_resident_visibility,
    on_consent_withdrawn,
    on_merging,
    on_resident_ending,
)
from carenet.watchover import policy
from carenet.watchover.actions.basis_review import OpenWatches
from carenet.watchover.actions.case_end import ask_on_case_end
from carenet.watchover.actions.list_sync import (
    EntriesOfResident,
    release_list_entries,
    screen_out_ended,
)
from carenet.watchover.actions.locks import KIND
from carenet.watchover.actions.member_left import release_watches
from carenet.watchover.actions.released_alerts import release_alerts
from carenet.watchover.actions.reporter_redaction import ReporterTextInWatchOver
from carenet.watchover.actions.residents import (
    PausesOfResident,
    WatchesOfResident,
    end_watches,
    end_watches_of_consent,
    limit_watches_to_case,
)
from carenet.watchover.actions.review_lists import EndlessLists, SentVisits
from carenet.watchover.hooks.agency_closure import CLOSURE_KINDS, COLUMNS_THAT_STAY
from carenet.watchover.hooks.alerts import AlertEscalation, ExpectsNobody, WithoutWatcher
from carenet.watchover.hooks.cases import BasisEnded, CaseEnded
from carenet.watchover.hooks.concerns import GatheredConcerns, UntriagedConcern
from carenet.watchover.hooks.health import silent_watches, watches_are_swept
from carenet.watchover.hooks.lists import ListExport, ListImport
from carenet.watchover.hooks.unattended import MATTERS, PauseLasts, WatchAtRest
from carenet.watchover.hooks.visits import VisitsExport
from carenet.watchover.models import Concern, ListEntry, Pause, WatchAssignment
from carenet.watchover.policy import lists as list_policy
from carenet.watchover.states import AlertKind

if TYPE_CHECKING:
    from uuid import UUID


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded(KIND, WatchAssignment, None, policy.decide, _has_no_index))
    add_resident_visibility(ResidentVisibility(policy.sees_resident))
    add_disclosures(OpenWatches())
    add_disclosures(EndlessLists())
    add_disclosures(SentVisits())
    add_resident_visibility(ResidentVisibility(list_policy.sees_listed_resident))
    on_resident_ending(end_watches)
    on_resident_ending(screen_out_ended)
    on_merging(WatchesOfResident(WatchAssignment, "resident", versioned=True))
    on_merging(PausesOfResident(Pause, "resident"))
    on_merging(PointsAtResident(Concern, "resident", versioned=True))
    on_merging(EntriesOfResident(ListEntry, "resident", versioned=True))
    on_member_leaving(release_watches)
    on_case_ending(ask_on_case_end)
    on_case_ending(limit_watches_to_case)
    on_consent_withdrawn(end_watches_of_consent)
    on_member_leaving(release_list_entries)
    on_reporter_hidden(ReporterTextInWatchOver())
    on_member_leaving(release_alerts)
    on_member_unavailable(release_alerts)
    for kind in AlertKind:
        reminders.register(AlertEscalation(kind), answered_at_subject=True)
    reminders.register(WithoutWatcher())
    reminders.register(ExpectsNobody())
    reminders.register(WatchAtRest())
    reminders.register(PauseLasts())
    for matter in MATTERS:
        reminders.add_open_matter(matter)
    reminders.register(UntriagedConcern(), answered_at_subject=True)
    reminders.register(GatheredConcerns(), answered_at_subject=True)
    reminders.register(CaseEnded(), notice=True)
    reminders.register(BasisEnded(), notice=True)
    reminders.add_health_part("watchover", watches_are_swept)
    reminders.add_health_figure("silent_watches", silent_watches)
    jobs.register(ListImport())
    jobs.register(ListExport())
    jobs.register(VisitsExport())
    add_closure_kinds(*CLOSURE_KINDS)
    stays_with_agency(*COLUMNS_THAT_STAY)


def _has_no_index(assignment_id: UUID) -> None:
    """It is never shared by itself, and its lists are read from its own table."""
