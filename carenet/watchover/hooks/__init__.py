"""What this room hangs into lower rooms: its guarded model, a way to a resident, reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.access.registry import Guarded, guard
from carenet.agencies.registry import (
    add_closure_kinds,
    on_member_leaving,
    on_stepping_back,
    stays_with_agency,
)
from carenet.cases.registry import on_case_ending, on_reporter_hidden
from carenet.jobs import registry as jobs
from carenet.reminders import registry as reminders
from carenet.residents.registry import (
    PointsAtResident,
    WayToResident,
    add_disclosures,
    add_way_to_see_a_resident,
    on_consent_withdrawn,
    on_merging,
    on_resident_ending,
)
from carenet.watchover import policy
from carenet.watchover.actions.asking import ask_on
from carenet.watchover.actions.hands import put_alerts_down
from carenet.watchover.actions.holding import KIND
from carenet.watchover.actions.leaving import leave_watches
from carenet.watchover.actions.lists_following import (
    EntriesOfResident,
    leave_lists,
    screen_out_ended,
)
from carenet.watchover.actions.reporters import WordsInWatchOver
from carenet.watchover.actions.residents import (
    PausesOfResident,
    WatchesOfResident,
    end_watches,
    end_watches_of_consent,
    limit_watches_to_case,
)
from carenet.watchover.actions.review import OpenWatches
from carenet.watchover.actions.review_lists import EndlessLists, SentVisits
from carenet.watchover.hooks.alerts import AlertChase, ExpectsNobody, WithoutWatcher
from carenet.watchover.hooks.cases import BasisEnded, CaseEnded
from carenet.watchover.hooks.closures import CLOSURE_KINDS, COLUMNS_THAT_STAY
from carenet.watchover.hooks.concerns import GatheredConcerns, UntriagedConcern
from carenet.watchover.hooks.health import silent_watches, watches_are_swept
from carenet.watchover.hooks.lists import ListExport, ListImport
from carenet.watchover.hooks.silence import MATTERS, PauseLasts, WatchAtRest
from carenet.watchover.hooks.visits import VisitsExport
from carenet.watchover.models import Concern, ListEntry, Pause, WatchAssignment
from carenet.watchover.policy import lists as list_policy
from carenet.watchover.states import AlertKind

if TYPE_CHECKING:
    from uuid import UUID


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded(KIND, WatchAssignment, None, policy.decide, _has_no_index))
    add_way_to_see_a_resident(WayToResident(policy.sees_resident))
    add_disclosures(OpenWatches())
    add_disclosures(EndlessLists())
    add_disclosures(SentVisits())
    add_way_to_see_a_resident(WayToResident(list_policy.sees_listed_resident))
    on_resident_ending(end_watches)
    on_resident_ending(screen_out_ended)
    on_merging(WatchesOfResident(WatchAssignment, "resident", versioned=True))
    on_merging(PausesOfResident(Pause, "resident"))
    on_merging(PointsAtResident(Concern, "resident", versioned=True))
    on_merging(EntriesOfResident(ListEntry, "resident", versioned=True))
    on_member_leaving(leave_watches)
    on_case_ending(ask_on)
    on_case_ending(limit_watches_to_case)
    on_consent_withdrawn(end_watches_of_consent)
    on_member_leaving(leave_lists)
    on_reporter_hidden(WordsInWatchOver())
    on_member_leaving(put_alerts_down)
    on_stepping_back(put_alerts_down)
    for kind in AlertKind:
        reminders.register(AlertChase(kind), answered_at_subject=True)
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
