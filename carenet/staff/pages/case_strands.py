"""The strands of a case's timeline: what each room tells of it, as far as the actor may read it.

All of it is one list by time, put together in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Func, Max, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Lower, StrIndex
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from carenet.access.actor_queries import ActorQuery
from carenet.access.selectors import Key
from carenet.agencies.actors import Actor
from carenet.cases import policy
from carenet.cases.models import CaseHandover, NoteChannel, ProgressNote
from carenet.referrals.models import ReferralEvent
from carenet.referrals.policy import visible_to as visible_referrals
from carenet.tasks.policy import on_seen as tasks_on_seen
from carenet.tasks.states import TaskStatus
from carenet.watchover import selectors as watchover
from carenet.watchover.states import CheckInOutcome

#: Behind which everything lies: where the first page starts.
START: Key = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))


class Strand(models.TextChoices):
    """What the timeline can be narrowed to."""

    NOTE = "note", _("the record")
    MINE = "mine", _("what I wrote")
    EVENT = "event", _("referrals")
    VISIT = "visit", _("watch-over")
    CALL = "call", _("consultations")
    TASK = "task", _("tasks")


HANDOVER = "handover"


class TimelineRow(NamedTuple):
    """What happened, as the database tells it.

    `about` is what an entry leads to, `whose` the agency whose note it is.
    """

    strand: str
    key: UUID
    moment: datetime
    about: UUID | None
    code: str
    title: str
    words: str
    agency: str | None
    name: str | None
    whose: UUID | None
    corrects: UUID | None
    channel: str
    with_whom: list[str]
    minutes: int | None


_NOTHING, _NOBODY = Value(""), Value(None, output_field=models.UUIDField())
_NO_WORDS = Value([], output_field=ArrayField(models.CharField()))
_NO_NUMBER = Value(None, output_field=models.SmallIntegerField())


def _rows(found: QuerySet[Any], strand: str, *, moment: str, **told: Any) -> QuerySet[Any]:
    """Return rows of a strand under the names of `TimelineRow`."""
    given = {
        "strand": Value(strand), "key": F("pk"), "moment": F(moment), "about": F("pk"),
        "code": _NOTHING, "title": _NOTHING, "words": _NOTHING, "agency": _NOTHING,
        "name": _NOTHING, "whose": _NOBODY, "corrects": _NOBODY, "channel": _NOTHING,
        "with_whom": _NO_WORDS, "minutes": _NO_NUMBER,
    }  # fmt: skip
    columns = {f"told_{name}": value for name, value in {**given, **told}.items()}
    rows: QuerySet[Any] = found.order_by().annotate(**columns)
    return rows


# Each takes the condition by which its rows belong to the timeline: of a case, or of a person (where
# `Q(case__in=…)` names cases that the actor sees).


def notes(actor: Actor, of: Q, **told: Any) -> QuerySet[Any]:
    """Return the notes that the actor may read, of cases that are seen."""
    found = ProgressNote.objects.filter(policy.in_audience(actor), of, corrected_by=None)
    return _rows(
        found, "note", moment="happened_at", code=F("kind"), words=F("text"),
        agency=F("author_agency__name"), name=F("author__name"), whose=F("author_agency"),
        corrects=F("corrects"), channel=F("channel"), with_whom=F("with_whom"),
        minutes=F("minutes"), **told,
    )  # fmt: skip


def calls(actor: Actor, of: Q) -> QuerySet[Any]:
    """Return the consultations that the actor may read."""
    found = policy.consultations_visible_to(actor).filter(of)
    return _rows(found, "call", moment="received_at", code=F("main_topic"), words=F("content"))


def events(actor: Actor, of: Q) -> QuerySet[Any]:
    """Return what happened to the referrals that the actor sees."""
    shown = visible_referrals(actor).filter(of).values("pk")
    found = ReferralEvent.objects.filter(referral__in=shown)
    return _rows(
        found, "event", moment="at", about=F("referral"), code=F("verb"), words=F("reason"),
        agency=F("by_agency__name"),
    )  # fmt: skip


def visits(actor: Actor, *, resident: UUID) -> QuerySet[Any]:
    """Return the check-ins that the actor sees."""
    found = watchover.check_ins(actor).filter(assignment__resident=resident)
    return _rows(
        found, "visit", moment="observed_at", code=F("outcome"), agency=F("by_agency__name"),
        about=models.Case(When(kept=True, then=F("assignment")), default=_NOBODY),
        words=models.Case(When(kept=True, then=F("note")), default=_NOTHING),
    )  # fmt: skip


def tasks(actor: Actor, of: Q) -> QuerySet[Any]:
    """Return the tasks that were done or dropped, of cases that are seen."""
    settled = tasks_on_seen(actor).filter(of).exclude(status=TaskStatus.OPEN)
    ended = models.Case(When(with_case=True, then=Value("1")), default=_NOTHING)
    return _rows(
        settled, "task", moment="settled_at", code=F("status"), title=F("what"),
        words=F("reason"), name=F("settled_by__name"), channel=ended,
    )  # fmt: skip


def handovers(of: Q, **told: Any) -> QuerySet[Any]:
    """Return the handovers of cases that are seen."""
    found = CaseHandover.objects.filter(of)
    return _rows(found, HANDOVER, moment="at", words=F("reason"), name=F("to_person__name"), **told)


def _strands(
    actor: Actor, *, case: UUID, resident: UUID, consultation: UUID, needle: str
) -> dict[str, QuerySet[Any]]:
    """Return what there is on the timeline, as far as it holds the words; the typed one first."""
    text = Concat(F("told_title"), _NOTHING, F("told_words"), output_field=models.TextField())
    folded = Lower(Func(text, function="normalize", template="%(function)s(%(expressions)s, NFKC)"))
    holds = Q(Exact(Value(needle), Value(""))) | Q(told_found__gt=0)
    return {
        name: rows.alias(told_found=StrIndex(folded, Value(needle))).filter(holds)
        for name, rows in {
            "note": notes(actor, Q(case=case)),
            "call": calls(actor, Q(pk=consultation) | Q(joined_case=case)),
            "event": events(actor, Q(case=case)),
            "visit": visits(actor, resident=resident),
            "task": tasks(actor, Q(case=case)),
            HANDOVER: handovers(Q(case=case)),
        }.items()
    }


def _is(show: str, *codes: str) -> Q:
    """Return the condition "this is what is to be shown", the same for every row."""
    return Q(*(Exact(Value(show), Value(code)) for code in codes), _connector=Q.OR)


def _mine(actor: Actor) -> Q:
    return Q(author=actor.user_id) if actor.user_id else Q(pk__in=[])


def _page(
    actor: Actor, *, show: str, moment: datetime, key: UUID, backwards: bool, **of: Any
) -> QuerySet[Any, Any]:
    """Return a page of the timeline of a case, narrowed to what is to be shown."""
    strands = []
    for name, rows in _strands(actor, **of).items():
        shown = _is(show, "", name)
        if name == "note":
            shown |= _is(show, "mine") & _mine(actor)
        elif name == HANDOVER:
            shown = _is(show, "")
        strands.append(rows.filter(shown))
    return behind(strands, moment=moment, key=key, backwards=backwards)


def behind(
    strands: Iterable[QuerySet[Any]], *, moment: datetime, key: UUID, backwards: bool
) -> QuerySet[Any, Any]:
    """Return what lies behind a place, the latest first; with `backwards` what lies in front of it."""
    past = "gt" if backwards else "lt"
    there = Q(**{f"told_moment__{past}": moment}) | Q(
        told_moment=moment, **{f"told_key__{past}": key}
    )
    names = [f"told_{each}" for each in TimelineRow._fields]
    first, *others = (rows.filter(there).values_list(*names) for rows in strands)
    order = ("told_moment", "told_key") if backwards else ("-told_moment", "-told_key")
    return first.union(*others, all=True).order_by(*order)


def _counts(actor: Actor, **of: Any) -> QuerySet[Any, Any]:
    """Return how much there is of each strand."""
    strands = _strands(actor, **of)
    parts = [_aggregate(rows, Value(name), Count("pk")) for name, rows in strands.items()]
    mine = _aggregate(strands["note"].filter(_mine(actor)), Value("mine"), Count("pk"))
    return mine.union(*parts, all=True)


def _contacts(actor: Actor, *, case: UUID, resident: UUID) -> QuerySet[Any, Any]:
    """Return when somebody last was in touch, by the record and by watch-over."""
    notes = ProgressNote.objects.filter(policy.in_audience(actor), case=case, corrected_by=None)
    notes = notes.exclude(channel__in=["", NoteChannel.NONE])
    seen = [CheckInOutcome.MET, CheckInOutcome.HEARD, CheckInOutcome.CONCERN]
    visits = watchover.check_ins(actor).filter(
        assignment__resident=resident, outcome__in=[each.value for each in seen]
    )
    told = _aggregate(notes, Value("note"), Max("happened_at"))
    return told.union(_aggregate(visits, Value("visit"), Max("observed_at")), all=True)


def _aggregate(rows: QuerySet[Any], name: Value, figure: Any) -> QuerySet[Any, Any]:
    """Return one row: the name, and a figure over all rows."""
    of_all = rows.order_by().annotate(told_of=name).values("told_of")
    told: QuerySet[Any, Any] = of_all.annotate(told_figure=figure).values_list(
        "told_of", "told_figure"
    )
    return told


_IDS = ("case", "resident", "consultation")
#: Not everybody sees watch-over and consultations.
_SOME_SEE = ("resident", "consultation")
_SHOW, _NEEDLE = "one of the strands", "some words"
_PLACE: dict[str, Any] = {"moment": datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)}


def _backwards(actor: Actor, **values: Any) -> QuerySet[Any, Any]:
    return _page(actor, **values, backwards=True)


def _forwards(actor: Actor, **values: Any) -> QuerySet[Any, Any]:
    return _page(actor, **values, backwards=False)


LATER, EARLIER = (
    ActorQuery[Any](build, *_IDS, "key", optional=_SOME_SEE, show=_SHOW, needle=_NEEDLE, **_PLACE)
    for build in (_backwards, _forwards)
)
COUNTS: ActorQuery[Any] = ActorQuery(_counts, *_IDS, optional=_SOME_SEE, needle=_NEEDLE)
CONTACTS: ActorQuery[Any] = ActorQuery(_contacts, "case", "resident", optional=("resident",))
