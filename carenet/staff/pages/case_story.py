"""The timeline of a case, as its page tells it: a page of entries, what it can be narrowed to."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carenet.access.actor_queries import Rows
from carenet.access.selectors import Key, key_parts
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases import policy
from carenet.cases.models import Case, NoteKind, Topic
from carenet.cases.models.case import contact_in_words
from carenet.referrals.states import Verb
from carenet.rest.pagination import KeysetPage, read_page
from carenet.staff.pages.case_strands import (
    CONTACTS,
    COUNTS,
    EARLIER,
    HANDOVER,
    LATER,
    START,
    Strand,
    TimelineRow,
)
from carenet.staff.referral_words import DONE
from carenet.tasks.states import TaskStatus
from carenet.watchover.states import CheckInOutcome

#: As many entries as one page tells.
LATEST = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the timeline, whatever room it comes from; `corrected` where it is a correction."""

    key: UUID
    at: datetime
    kind: str
    heading: str
    words: str = ""
    by: str = ""
    page: str = ""
    whose: UUID | None = None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What the timeline can be narrowed to: how much there is of it, and whether it is shown."""

    code: str
    label: str
    in_all: int
    current: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for: a strand, those that hold some words, those behind a place."""

    show: str = ""
    words: str = ""
    after: Key | None = None
    backwards: bool = False
    whole: bool = False

    @property
    def needle(self) -> str:
        """What is looked for, as the database folds what it looks in."""
        return unicodedata.normalize("NFKC", self.words).lower().strip()


class Story:
    """The timeline of a visible case; `rows` are what `ask_together` asks for."""

    def __init__(self, actor: Actor, case: Case, wanted: Wanted | None = None) -> None:
        self.wanted, seen = wanted or Wanted(), policy.can_view(actor, case)
        wanted = self.wanted
        ids = {"case": case.pk, "resident": case.resident_id}
        of_all = ids | {"consultation": case.consultation_id, "needle": wanted.needle}
        moment, key = wanted.after or START
        query = LATER if wanted.backwards else EARLIER
        found = query(actor, **of_all, show=wanted.show, moment=moment, key=key)
        self.found = (found if wanted.whole else found.up_to(LATEST + 1)).only_if(seen)
        self.counted = COUNTS(actor, **of_all).only_if(seen)
        self.contacts = CONTACTS(actor, **ids).only_if(seen)

    @property
    def rows(self) -> Sequence[Rows[Any]]:
        """What it asks for."""
        return self.found, self.counted, self.contacts

    def entries(self, codes: Mapping[UUID, str]) -> list[Entry]:
        """Return the entries of the page, the latest first, and note what of it is shown.

        `codes` are those of the visible referrals of the case.
        """
        return [entry_of(told, codes) for told in self._page.rows]

    @cached_property
    def _page(self) -> KeysetPage[TimelineRow]:
        if self.wanted.whole:
            return KeysetPage([TimelineRow(*row) for row in self.found], next=None, previous=None)
        wanted = self.wanted
        return read_page(
            self._fetch,
            after=wanted.after,
            backwards=wanted.backwards,
            most=LATEST,
            write_key=key_parts,
        )

    def _fetch(
        self, *, after: Key | None, backwards: bool, limit: int
    ) -> tuple[list[TimelineRow], list[Key]]:
        found = [TimelineRow(*row) for row in self.found][:limit]
        told = found[::-1] if backwards else found
        return told, [(each.moment, each.key) for each in told]

    @property
    def turns(self) -> list[tuple[str, str, str]]:
        """Return where one can turn to: how an address says it, in words, and the place."""
        turns = [
            ("before", _("Newer entries"), self._page.previous),
            ("after", _("Older entries"), self._page.next),
        ]
        return [(name, label, "~".join(key)) for name, label, key in turns if key]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How much there is of each strand, and of all under ""."""
        counts = dict(self.counted)
        of_all = sum(number for name, number in counts.items() if name != Strand.MINE)
        return {**counts, "": of_all}

    @property
    def told(self) -> str:
        """How much there is of what is asked for, and how much of it the page tells: a sentence."""
        in_all, shown = self.counts.get(self.wanted.show, 0), len(self._page.rows)
        if self.wanted.words:
            return _("Found: %(in_all)s entries; %(shown)s are on this page.") % {
                "in_all": in_all,
                "shown": shown,
            }
        return _("%(in_all)s entries in all; %(shown)s are on this page.") % {
            "in_all": in_all,
            "shown": shown,
        }

    @property
    def choices(self) -> list[Choice]:
        """Return what the timeline can be narrowed to: what there is, and how much of each."""
        offered = [("", _("everything")), *Strand.choices]
        found = [
            Choice(code, str(label), self.counts.get(code, 0), code == self.wanted.show)
            for code, label in offered
        ]
        return [each for each in found if each.in_all or each.current or not each.code]

    @property
    def last_contact(self) -> datetime | None:
        """When somebody last was in touch, None where nothing tells."""
        return max((at for _of, at in self.contacts if at), default=None)


def entry_of(told: TimelineRow, codes: Mapping[UUID, str]) -> Entry:
    """Return an entry, and note for the trail what it shows; `codes` are those of visible referrals."""
    if told.strand in _NOTED:
        log_read(_NOTED[told.strand], told.key)
    return _ENTRIES[told.strand](told, codes)


def _of_note(told: TimelineRow, _codes: Mapping[UUID, str]) -> Entry:
    kind = str(NoteKind(told.code).label)
    contact = contact_in_words(told.channel, told.with_whom, told.minutes)
    return Entry(
        told.key,
        told.moment,
        _("Record of support"),
        _("%(kind)s (%(contact)s)") % {"kind": kind, "contact": contact} if contact else kind,
        told.words,
        " ".join(filter(None, [told.agency, told.name])),
        whose=told.whose,
        corrected=told.corrects is not None,
    )


def _of_call(told: TimelineRow, _codes: Mapping[UUID, str]) -> Entry:
    heading = str(Topic(told.code).label)
    return _linked(told, _("Consultation"), heading, "staff-consultation")


def _of_event(told: TimelineRow, codes: Mapping[UUID, str]) -> Entry:
    code = codes.get(told.about, "") if told.about else ""
    verb = Verb(told.code)
    heading = f"{code} {DONE.get(verb, verb.label)}".strip()
    return _linked(told, _("Referral"), heading, "staff-referral", told.agency)


def _of_visit(told: TimelineRow, _codes: Mapping[UUID, str]) -> Entry:
    heading = str(CheckInOutcome(told.code).label)
    return _linked(told, _("Watch-over"), heading, "staff-watch", told.agency)


def _of_task(told: TimelineRow, _codes: Mapping[UUID, str]) -> Entry:
    words = _("The case has ended.") if told.channel else told.words
    heading = f"{TaskStatus(told.code).label}: {told.title}"
    return _linked(told, _("Task"), heading, "staff-task", told.name, words)


def _of_handover(told: TimelineRow, _codes: Mapping[UUID, str]) -> Entry:
    to = told.name or pgettext("in charge", "nobody")
    return Entry(told.key, told.moment, _("Handover"), f"→ {to}", told.words)


def _linked(
    told: TimelineRow, kind: str, heading: str, page: str, by: str | None = "", words: str = ""
) -> Entry:
    """Return an entry that leads to what it tells of, where that may be opened."""
    about = told.about
    where = reverse(page, args=[about]) if about else ""
    return Entry(told.key, told.moment, kind, heading, words or told.words, by or "", where)


#: What the trail calls a row of a strand; an event hangs on its referral, which is noted with the page.
_NOTED = {"note": "note", "call": "consultation", "visit": "checkin", "task": "task"}
_ENTRIES: dict[str, Callable[[TimelineRow, Mapping[UUID, str]], Entry]] = {
    "note": _of_note,
    "call": _of_call,
    "event": _of_event,
    "visit": _of_visit,
    "task": _of_task,
    HANDOVER: _of_handover,
}
