"""What this room hangs into lower rooms: its guarded model, a way to a resident, reminders."""

from __future__ import annotations

from uuid import UUID

from carenet.abuse.registry import reporter_texts
from carenet.access.registry import Guarded, guard
from carenet.agencies.registry import (
    add_closure_kinds,
    add_held_kinds,
    member_left,
    member_unavailable,
    stays_with_agency,
)
from carenet.cases.registry import case_ended
from carenet.jobs import registry as jobs
from carenet.reminders import registry as reminders
from carenet.residents.registry import (
    PointsAtResident,
    ResidentVisibility,
    consent_withdrawn,
    disclosures,
    pointers_at_residents,
    resident_ended,
    resident_visibilities,
)
from carenet.watchover import policy
from carenet.watchover.actions.basis_review import OpenWatches
from carenet.watchover.actions.case_end import ask_on_case_end
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
from carenet.watchover.actions.worker import PULSE
from carenet.watchover.hooks.agency_closure import CLOSURE_KINDS, COLUMNS_THAT_STAY
from carenet.watchover.hooks.concerns import GatheredConcerns, UntriagedConcern
from carenet.watchover.hooks.ends import ENDS, BasisEnded, CaseEnded, TermEnded, WatchEnding
from carenet.watchover.hooks.held_work import HELD_KINDS
from carenet.watchover.hooks.idle_watches import ExpectsNobody, WithoutWatcher
from carenet.watchover.hooks.unattended import (
    MATTERS,
    WAITING,
    PauseLasts,
    WatchAtRest,
    silent_watches,
    watches_are_swept,
)
from carenet.watchover.hooks.visits import VisitsExport
from carenet.watchover.models import Concern, Pause, WatchAssignment
from carenet.watchover.selectors.escalation import AlertEscalation
from carenet.watchover.states import AlertKind


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded(KIND, WatchAssignment, None, policy.decide, _has_no_index))
    resident_visibilities.append(ResidentVisibility(policy.sees_resident, policy.reaches))
    disclosures.append(OpenWatches())
    resident_ended.register(end_watches)
    pointers_at_residents.append(WatchesOfResident(WatchAssignment, "resident", versioned=True))
    pointers_at_residents.append(PausesOfResident(Pause, "resident"))
    pointers_at_residents.append(PointsAtResident(Concern, "resident", versioned=True))
    member_left.register(release_watches)
    case_ended.register(ask_on_case_end)
    case_ended.register(limit_watches_to_case)
    consent_withdrawn.register(end_watches_of_consent)
    reporter_texts.append(ReporterTextInWatchOver())
    member_left.register(release_alerts)
    member_unavailable.register(release_alerts)
    for kind in AlertKind:
        reminders.register(AlertEscalation(kind), answered_at_subject=True)
    reminders.register(WithoutWatcher())
    reminders.register(ExpectsNobody())
    reminders.register(WatchAtRest())
    reminders.register(PauseLasts())
    reminders.register(WatchEnding())
    for matter in (*MATTERS, *ENDS):
        reminders.open_matters.append(matter)
    reminders.register(UntriagedConcern(), answered_at_subject=True)
    reminders.register(GatheredConcerns(), answered_at_subject=True)
    reminders.register(CaseEnded(), notice=True)
    reminders.register(BasisEnded(), notice=True)
    reminders.register(TermEnded(), notice=True)
    reminders.health_parts["watchover"] = watches_are_swept
    reminders.health_figures["silent_watches"] = silent_watches
    reminders.sweeps.append(PULSE)
    reminders.waiting_rows.extend(WAITING)
    jobs.register(VisitsExport())
    add_closure_kinds(*CLOSURE_KINDS)
    add_held_kinds(*HELD_KINDS)
    stays_with_agency(*COLUMNS_THAT_STAY)


def _has_no_index(assignment_id: UUID) -> None:
    """It is never shared by itself, and its lists are read from its own table."""
