"""The timeline of a case: what the rooms tell of it, each as far as the actor may read it.

All of it is asked in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carenet.access.actor_queries import ActorQuery, Rows
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases import policy, selectors
from carenet.cases.models import Case, CaseHandover, NoteKind, ProgressNote, Topic
from carenet.referrals.models import ReferralEvent
from carenet.referrals.policy import visible_to as visible_referrals
from carenet.referrals.states import Verb
from carenet.staff.pages.pagination import Lists
from carenet.tasks.models import Task
from carenet.watchover import selectors as watchover
from carenet.watchover.states import CheckInOutcome

#: As far back as the timeline of one page goes, in each of its strands.
LATEST = 30
_NOTHING = Value("")
#: The timeline, of all its strands together.
STORY = "story"


class Told(NamedTuple):
    """What happened, as the database tells it: a code for what, words, an agency, and a name."""

    id: UUID
    at: datetime
    code: str
    words: str
    agency: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the timeline, whatever room it comes from."""

    at: datetime
    kind: str
    heading: str
    words: str = ""
    by: str = ""


def _calls(actor: Actor, *, case: UUID, consultation: UUID) -> QuerySet[Any, Any]:
    of_case = Q(pk=consultation) | Q(joined_case=case)
    found = policy.consultations_visible_to(actor).filter(of_case).order_by("-received_at")
    return found.values_list("pk", "received_at", "main_topic", "content", _NOTHING, _NOTHING)


def _events(actor: Actor, *, case: UUID) -> QuerySet[Any, Any]:
    shown = visible_referrals(actor).filter(case=case).values("pk")
    found = ReferralEvent.objects.filter(referral__in=shown).order_by("-id")
    return found.values_list("referral", "at", "verb", "reason", "by_agency__name", _NOTHING)


def _handovers(_actor: Actor, *, case: UUID) -> QuerySet[Any, Any]:
    found = CaseHandover.objects.filter(case=case).order_by("-id")
    return found.values_list("pk", "at", _NOTHING, "reason", _NOTHING, "to_person__name")


def _visits(actor: Actor, *, resident: UUID) -> QuerySet[Any, Any]:
    found = watchover.check_ins(actor).filter(assignment__resident=resident)
    words = models.Case(When(kept=True, then=F("note")), default=_NOTHING)
    return found.order_by("-observed_at").values_list(
        "pk", "observed_at", "outcome", words, "by_agency__name", _NOTHING
    )


_CALL, _EVENT, _HANDOVER, _VISIT = (
    ActorQuery(_calls, "case", "consultation"),
    ActorQuery(_events, "case"),
    ActorQuery(_handovers, "case"),
    ActorQuery(_visits, "resident"),
)


class Story:
    """The timeline of a visible case; `rows` are what `ask_together` asks for."""

    def __init__(self, actor: Actor, case: Case, lists: Lists) -> None:
        self.lists, seen = lists, policy.can_view(actor, case)
        of_case, of_person = {"case": case.pk}, {"resident": case.resident_id}
        strands: dict[str, Rows[Any]] = {
            "note": selectors.current_notes(actor, case),
            "call": _CALL(actor, **of_case, consultation=case.consultation_id),
            "event": _EVENT(actor, **of_case),
            "handover": _HANDOVER(actor, **of_case),
            "visit": _VISIT(actor, **of_person),
        }
        self.strands = {
            name: lists.rows(rows, LATEST).only_if(seen) for name, rows in strands.items()
        }

    @property
    def rows(self) -> Iterable[Rows[Any]]:
        """What it asks for."""
        return self.strands.values()

    def entries(self, codes: Mapping[UUID, str], tasks: Iterable[Task]) -> list[Entry]:
        """Return what has happened, the latest first, and note what of it is shown.

        `codes` are those of the visible referrals of the case, `tasks` its tasks.
        """
        found = [
            _of_note(row) if name == "note" else _entry(name, Told(*row), codes)
            for name, rows in self.strands.items()
            for row in self.lists.first(STORY, rows, LATEST)
        ]
        found += [_of_task(each) for each in tasks if not each.is_open]
        return sorted(found, key=attrgetter("at"), reverse=True)


#: What the trail calls a row of a strand; the others hang on what it has noted already.
_NOTED = {"call": "consultation", "visit": "checkin"}


def _of_note(note: ProgressNote) -> Entry:
    log_read("note", note.pk)
    by = " ".join([note.author_agency.name, note.author.name if note.author else ""])
    kind = str(NoteKind(note.kind).label)
    heading = f"{kind} ({note.contact})" if note.contact else kind
    return Entry(note.happened_at, _("Record"), heading, note.text, by.strip())


def _of_task(task: Task) -> Entry:
    words = _("The case has ended.") if task.with_case else task.reason
    by = task.settled_by.name if task.settled_by else ""
    heading = f"{task.get_status_display()}: {task.what}"
    return Entry(task.settled_at or task.created_at, _("Task"), heading, words, by)


def _entry(strand: str, told: Told, codes: Mapping[UUID, str]) -> Entry:
    if strand in _NOTED:
        log_read(_NOTED[strand], told.id)
    agency, name = told.agency or "", told.name or ""
    match strand:
        case "call":
            return Entry(told.at, _("Consultation"), str(Topic(told.code).label), told.words)
        case "event":
            heading = f"{codes[told.id]} {Verb(told.code).label}"
            return Entry(told.at, _("Referral"), heading, told.words, agency)
        case "handover":
            to = name or pgettext("in charge", "nobody")
            return Entry(told.at, _("Handover"), f"→ {to}", told.words)
    outcome = str(CheckInOutcome(told.code).label)
    return Entry(told.at, _("Watch-over"), outcome, told.words, agency)
