"""What this room hangs into lower rooms: a way to a resident, what ends, imports and exports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from carenet.abuse.registry import reporter_texts
from carenet.agencies.registry import (
    HeldKind,
    add_closure_kinds,
    add_held_kinds,
    member_left,
    stays_with_agency,
)
from carenet.jobs import registry as jobs
from carenet.reminders import registry as reminders
from carenet.residents.registry import (
    ResidentVisibility,
    disclosures,
    pointers_at_residents,
    resident_ended,
    resident_visibilities,
)
from carenet.watchlists import policy, selectors
from carenet.watchlists.actions.basis_review import EndlessLists, SentVisits
from carenet.watchlists.actions.reporter_redaction import ReporterTextInLists
from carenet.watchlists.actions.sync import (
    EntriesOfResident,
    release_list_entries,
    screen_out_ended,
    visits_held,
)
from carenet.watchlists.hooks.agency_closure import CLOSURE_KINDS, COLUMNS_THAT_STAY
from carenet.watchlists.hooks.ends import ENDS, ListEnding, ListOver
from carenet.watchlists.hooks.files import ListExport, ListImport
from carenet.watchlists.hooks.steps import ListSteps
from carenet.watchlists.models import ListEntry
from carenet.watchover.registry import PeopleWithoutWatch, people_without_watch


def register() -> None:
    """Called once, when the apps are ready."""
    disclosures.append(EndlessLists())
    disclosures.append(SentVisits())
    resident_visibilities.append(ResidentVisibility(policy.sees_listed_resident, policy.reaches))
    resident_ended.register(screen_out_ended)
    pointers_at_residents.append(EntriesOfResident(ListEntry, "resident", versioned=True))
    member_left.register(release_list_entries)
    people_without_watch.append(PeopleWithoutWatch(selectors.unwatched, selectors.refused))
    reporter_texts.append(ReporterTextInLists())
    reminders.register(ListEnding())
    reminders.register(ListOver(), once=True)
    reminders.open_matters.extend(ENDS)
    jobs.register(ListImport())
    jobs.register(ListExport())
    jobs.register(ListSteps())
    add_closure_kinds(*CLOSURE_KINDS)
    add_held_kinds(
        HeldKind(
            name="first_visits",
            label=_("first visits of a list"),
            otherwise=_("whoever keeps the list sends somebody else"),
            found=visits_held,
        )
    )
    stays_with_agency(*COLUMNS_THAT_STAY)
