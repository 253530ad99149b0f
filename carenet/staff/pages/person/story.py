"""One timeline of a person over all cases, consultations, referrals and visits that one may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from carenet.access.actor_queries import ActorQuery, ask_together
from carenet.access.selectors import Key
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases import policy
from carenet.cases import selectors as cases
from carenet.referrals.selectors import lines_of_resident
from carenet.staff.pages import case_strands
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.case_story import Entry, entry_of
from carenet.staff.pages.case_strands import HANDOVER, START, TimelineRow
from carenet.staff.pages.pagination import page_of
from carenet.staff.pages.people import person_of
from carenet.staff.pages.person.base import crumbs_of

#: As many entries as a page tells.
MOST = 30
#: Of these an entry leads to its case, by whose code it is told.
_OF_CASE = frozenset({"note", HANDOVER})


def _page(
    actor: Actor, *, resident: UUID, moment: datetime, key: UUID, backwards: bool
) -> QuerySet[Any, Any]:
    """Return what lies behind a place of the timeline, as far as each room tells it to the actor."""
    seen = policy.visible_to(actor).filter(resident=resident)
    of_case: dict[str, Any] = {"about": F("case")}
    calls = Q(subject=resident) | Q(case__in=seen) | Q(joined_case__in=seen)
    strands = [
        case_strands.notes(actor, Q(case__in=seen), **of_case),
        case_strands.calls(actor, calls),
        case_strands.events(actor, Q(resident=resident)),
        case_strands.visits(actor, resident=resident),
        case_strands.tasks(actor, Q(case__in=seen)),
        case_strands.handovers(Q(case__in=seen), **of_case),
    ]
    return case_strands.behind(strands, moment=moment, key=key, backwards=backwards)


def _backwards(actor: Actor, **values: Any) -> QuerySet[Any, Any]:
    return _page(actor, **values, backwards=True)


def _forwards(actor: Actor, **values: Any) -> QuerySet[Any, Any]:
    return _page(actor, **values, backwards=False)


_PLACE = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
_LATER, _EARLIER = (
    ActorQuery[Any](build, "resident", "key", moment=_PLACE) for build in (_backwards, _forwards)
)


class PersonStoryView(StaffView):
    """The timeline of a person, page by page, the latest first."""

    abilities = {"get": "residents.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        person = person_of(self.actor, id)
        log_read("resident", person.pk)

        def fetch(
            *, after: Key | None, backwards: bool, limit: int
        ) -> tuple[list[TimelineRow], list[Key]]:
            moment, key = after or START
            query = _LATER if backwards else _EARLIER
            rows = query(self.actor, resident=person.pk, moment=moment, key=key).up_to(limit)
            found = [TimelineRow(*row) for row in rows]
            told = found[::-1] if backwards else found
            return told, [(each.moment, each.key) for each in told]

        of = {"resident": person.pk}
        named = (cases.of_resident(self.actor, **of), lines_of_resident(self.actor, **of))
        ask_together(*named)
        codes = {each.pk: each.code for rows in named for each in rows}
        page = page_of(request, fetch, most=MOST)
        context = {
            "person": person,
            "crumbs": crumbs_of(person),
            "timeline": list(_entries(page.rows, codes)),
            "next": page.next,
            "previous": page.previous,
        }
        return self.show("staff/people/story.html", context)


def _entries(rows: Iterable[TimelineRow], codes: Mapping[UUID, str]) -> Iterator[Entry]:
    """Return what the page tells; the codes are those of visible cases and referrals."""
    for told in rows:
        entry = entry_of(told, codes)
        if told.strand == "event" and told.about:
            log_read("referral", told.about)
        if told.strand in _OF_CASE and told.about:
            log_read("case", told.about)
            page = reverse("staff-case", args=[told.about])
            heading = f"{codes.get(told.about, '')} {entry.heading}"
            entry = replace(entry, heading=heading, page=page)
        yield entry
