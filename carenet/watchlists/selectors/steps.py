"""What is next with the lines of a list: each waits for one step, or for nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.watchlists import policy
from carenet.watchlists.models import ListEntry
from carenet.watchlists.selectors.funnel import entries
from carenet.watchlists.states import ListState
from carenet.watchover.states import WatchStatus

_S, _W = ListState, WatchStatus


class ListStep(models.TextChoices):
    """Where a line stands, by what is to be done with it next; the last ones wait for nothing."""

    UNCLEAR = "unclear", _("unclear who is meant")
    TO_SEND = "to_send", _("to be given a visitor")
    TO_VISIT = "to_visit", _("to be visited")
    TO_ASK = "to_ask", _("visited, no answer yet")
    TO_ASSIGN = "to_assign", _("wants it, nobody named yet")
    TO_BEGIN = "to_begin", _("watch proposed, to begin")
    WATCHED = "watched", _("watched over")
    OVER = "over", _("the watch is over")
    REFUSED = "refused", _("does not want it")
    SCREENED = "screened", _("screened out")


#: The steps at which somebody has still to do something.
WAITING = (
    ListStep.UNCLEAR,
    ListStep.TO_SEND,
    ListStep.TO_VISIT,
    ListStep.TO_ASK,
    ListStep.TO_ASSIGN,
    ListStep.TO_BEGIN,
)
_BEGUN = [_W.ACTIVE, _W.SUSPENDED]
_NOT_BEGUN = [_W.PROPOSED, _W.CONSENTED]
_KNOWN = Q(resident__isnull=False)
#: Every line meets one of them: nothing lies between two heads, and nothing is counted twice.
CONDITIONS: Mapping[ListStep, Q] = {
    ListStep.UNCLEAR: Q(state=_S.LISTED, resident=None),
    ListStep.TO_SEND: Q(state=_S.LISTED, visitor=None) & _KNOWN,
    ListStep.TO_VISIT: Q(state=_S.LISTED, visitor__isnull=False) & _KNOWN,
    ListStep.TO_ASK: Q(state=_S.VISITED),
    ListStep.TO_ASSIGN: Q(state=_S.WANTS, assignment=None),
    ListStep.TO_BEGIN: Q(state=_S.WANTS, assignment__status__in=_NOT_BEGUN),
    ListStep.WATCHED: Q(state=_S.WANTS, assignment__status__in=_BEGUN),
    ListStep.OVER: Q(state=_S.WANTS, assignment__status=_W.ENDED),
    ListStep.REFUSED: Q(state=_S.REFUSED),
    ListStep.SCREENED: Q(state=_S.SCREENED),
}


def step_of(entry: ListEntry) -> ListStep:
    """Return where a line stands; `assignment` has been read with it."""
    if entry.state == _S.SCREENED:
        return ListStep.SCREENED
    if entry.resident_id is None:
        return ListStep.UNCLEAR
    if entry.state == _S.LISTED:
        return ListStep.TO_VISIT if entry.visitor_id else ListStep.TO_SEND
    if entry.state == _S.WANTS:
        return _step_of_wish(entry)
    return {_S.VISITED: ListStep.TO_ASK, _S.REFUSED: ListStep.REFUSED}[ListState(entry.state)]


def at_step(
    actor: Actor, step: ListStep | None = None, watch_list: UUID | None = None
) -> QuerySet[ListEntry]:
    """Return the lines at a step, of a list or of all, in the order in which they were taken in."""
    rows = entries(actor).select_related("assignment")
    if step is not None:
        rows = rows.filter(CONDITIONS[step])
    if watch_list is not None:
        rows = rows.filter(watch_list=watch_list)
    return rows.order_by("pk")


def count_by_list(actor: Actor, watch_list: UUID | None = None) -> dict[UUID, dict[ListStep, int]]:
    """Return for each list how many of its visible lines stand at each step, in one statement."""
    rows = policy.entries_visible_to(actor)
    if watch_list is not None:
        rows = rows.filter(watch_list=watch_list)
    heads: dict[str, Any] = {
        step.value: Count("pk", filter=condition) for step, condition in CONDITIONS.items()
    }
    found: Any = rows.order_by().values("watch_list").annotate(**heads)
    return {each["watch_list"]: {step: each[step.value] for step in ListStep} for each in found}


def _step_of_wish(entry: ListEntry) -> ListStep:
    watch = entry.assignment
    if watch is None:
        return ListStep.TO_ASSIGN
    if watch.status == _W.ENDED:
        return ListStep.OVER
    return ListStep.WATCHED if watch.status in _BEGUN else ListStep.TO_BEGIN
