"""What a coordinator goes through: coverage, load, and what rests on one person or grows weak.

Every figure is of the watches that the reader keeps, and costs a fixed number of queries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, Value, When

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.areas.address_table import AddressTable
from carenet.areas.models import AgencyArea
from carenet.core import clock
from carenet.core.models import not_ended
from carenet.watchover import policy, selectors
from carenet.watchover.models import Alert, Pause, WatchAssignment
from carenet.watchover.registry import people_without_watch
from carenet.watchover.rules import LOOKED_AT, ReviewRule, weakening
from carenet.watchover.selectors.idle_watches import running_out, runs_out
from carenet.watchover.selectors.small_counts import by_area, too_small
from carenet.watchover.states import (
    AGREED,
    OPEN,
    WELL,
    CheckInOutcome,
    WatchEndReason,
    WatchStatus,
)

Rules = dict[UUID, list[ReviewRule]]


_ACTIVE = WatchStatus.ACTIVE
#: The condition on watches "one person looks in, and nobody stands by".
ALONE = Q(status=_ACTIVE, backup=None)
#: Hours up to which an open alert counts as so old; what is older comes last.
AGES = (1, 4, 24, 72)
MOST_WATCHERS = 200


def coverage(
    actor: Actor, *, everywhere: bool = False, table: AddressTable | None = None
) -> tuple[list[dict[str, Any]], bool]:
    """Return for each area how many people are watched, wait for it, are on a list, and refused.

    With it comes whether that is all. A person counts once, by the best of their watches and of their
    entries on the city's list. An address that may not be shown lies in no area here. Small counts are
    left out for readers who may not see persons, in every row. `everywhere`: with the areas in which
    nobody is counted. `table`: that of the reader's municipality, where it was read already.
    """
    watches = policy.counted(actor).annotate(rank=_RANK).filter(rank__gt=0)
    others = [
        rows.annotate(rank=Value(rank))
        for people in people_without_watch
        for rows, rank in ((people.unwatched(actor), _ON_LIST), (people.refused(actor), _REFUSED))
    ]
    people: dict[UUID, tuple[int, str]] = {}
    complete = True
    for rows in (watches, *others):
        shown_rows: QuerySet[Any] = rows.annotate(shows_address=policy.shows_address(actor))
        read = _read(
            shown_rows.order_by("-id"),
            "resident", "rank", "shows_address", "resident__address", more=1,
        )  # fmt: skip
        complete &= len(read) <= settings.WATCH_REVIEW_MOST_READ
        for person, rank, shown, address in read[: settings.WATCH_REVIEW_MOST_READ]:
            best = max(rank, people.get(person, (0, ""))[0])
            people[person] = (best, address if shown else "")
    table = table or AddressTable.on(clock.today(), actor.agency.municipality_code)
    counted: dict[frozenset[Any], Counter[int]] = defaultdict(Counter)
    for rank, address in people.values():
        counted[frozenset(table.areas_of(address))][rank] += 1
    counts = by_area(counted)
    hides = not actor.may("watch.review")
    hidden = too_small(_HEADS.values(), counted) if hides else set()
    known = {row.area for rows in table.lines.values() for row in rows} if everywhere else set()
    areas = sorted(
        (each for each in known | counts.keys() if each), key=lambda each: (each.kind, each.name)
    )
    places = [*areas, *([None] if None in counts else [])]
    return [_row(place, counts.get(place, Counter()), hidden) for place in places], complete


def out_of_view(actor: Actor, rows: list[dict[str, Any]]) -> set[UUID]:
    """Return the areas of `coverage` of which the reader counts nobody because others answer there.

    Whoever does not count the whole ward has the areas in which their agency has a part, and those
    where they count somebody.
    """
    if policy.counts_ward(actor):
        return set()
    parts = AgencyArea.objects.on(clock.today()).filter(agency=actor.agency_id)
    own = set(parts.values_list("area", flat=True))
    empty = {row["area"].pk for row in rows if row["area"] and not any(row[h] for h in _HEADS)}
    return empty - own


_WATCHED, _WAITING, _ON_LIST, _REFUSED = 4, 3, 2, 1
_RANK = Case(
    When(status=_ACTIVE, watcher__isnull=False, then=Value(_WATCHED)),
    When(status__in=sorted(OPEN), then=Value(_WAITING)),
    When(end_reason=WatchEndReason.REFUSED, then=Value(_REFUSED)),
    default=Value(0),
    output_field=IntegerField(),
)


_HEADS = {
    "watched": _WATCHED, "waiting": _WAITING, "unwatched_on_list": _ON_LIST, "refused": _REFUSED,
}  # fmt: skip


def _row(area: Any, counts: Counter[int], hidden: set[int]) -> dict[str, Any]:
    shown = {name: None if rank in hidden else counts[rank] for name, rank in _HEADS.items()}
    return {"area": area, **shown, "hidden": bool(hidden)}


def load(actor: Actor) -> list[dict[str, Any]]:
    """Return who looks in on how many, the most burdened first, and for how many they stand by."""
    kept = _responsible_for(actor).filter(status__in=sorted(AGREED))
    watching = _numbers(kept, "watcher")
    standing_by = _numbers(kept, "backup")
    most = sorted(watching, key=lambda pk: (-watching[pk], str(pk)))[:MOST_WATCHERS]
    people = User.objects.in_bulk(most)
    return [
        {
            "watcher": people[pk],
            "watches": watching[pk],
            "stands_by": standing_by.get(pk, 0),
            "overloaded": watching[pk] > settings.WATCH_REVIEW_MOST_WATCHES,
        }
        for pk in most
    ]


def ages(actor: Actor) -> list[dict[str, Any]]:
    """Return how many alerts are unresolved for how long, by kind; how old in hours."""
    return [{"kind": row["kind"], "ages": _by_age(row)} for row in _aged(actor, "kind")]


def ages_by_agency(actor: Actor) -> list[dict[str, Any]]:
    """Return the same by the agency that answers: its id and name, the longest list first."""
    of = "assignment__responsible_agency"
    rows = [
        {"agency": row[of], "name": row[f"{of}__name"], "ages": _by_age(row)}
        for row in _aged(actor, of, f"{of}__name")
    ]
    return sorted(rows, key=lambda row: -sum(each["alerts"] for each in row["ages"]))


def _aged(actor: Actor, *columns: str) -> Any:
    now = clock.now()
    limits = [now - timedelta(hours=hours) for hours in AGES]
    bounds = list(zip(AGES, limits, [None, *limits], strict=False))
    given: dict[str, Any] = {
        f"up_to_{hours}": Count("id", filter=Q(opened_at__gt=since) & _before(until))
        for hours, since, until in bounds
    }
    given["older"] = Count("id", filter=Q(opened_at__lte=limits[-1]))
    open_ones = Alert.objects.filter(resolved_at=None, assignment__in=_responsible_for(actor))
    return open_ones.order_by(*columns).values(*columns).annotate(**given)


def _by_age(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        *({"up_to_hours": hours, "alerts": row[f"up_to_{hours}"]} for hours in AGES),
        {"up_to_hours": None, "alerts": row["older"]},
    ]


def _before(until: Any) -> Q:
    return Q(opened_at__lte=until) if until else Q()


def alerts(actor: Actor) -> QuerySet[Alert]:
    """Return the alerts of kept watches, with who looks in and who stands by."""
    found = selectors.alerts(actor).filter(assignment__in=_responsible_for(actor))
    return found.select_related(
        "assignment__resident", "assignment__responsible_agency", "assignment__watcher",
        "assignment__backup", "acknowledged_by", "resolved_by",
    )  # fmt: skip


def open_alerts(actor: Actor) -> QuerySet[Alert]:
    """Return those that are unresolved: the worst first, then the oldest."""
    return alerts(actor).filter(resolved_at=None).order_by("-level", "opened_at", "pk")


def watches(actor: Actor) -> QuerySet[WatchAssignment]:
    """Return the watches that the reader keeps, newest first."""
    return selectors.assignments(actor).filter(policy.watches_of(actor)).order_by("-pk")


def single_points(actor: Actor) -> tuple[QuerySet[WatchAssignment], Rules]:
    """Return the watches that rest on one person, or on one who has too many, and why each."""
    kept, many = _responsible_for(actor).filter(status=_ACTIVE), overloaded(actor)
    rules: Rules = {}
    rows = kept.filter(Q(backup=None) | Q(watcher__in=many)).order_by("-id")
    for pk, watcher, backup in _read(rows, "id", "watcher", "backup"):
        rules[pk] = [ReviewRule.NO_BACKUP] if backup is None else []
        rules[pk] += [ReviewRule.OVERLOADED] if watcher in many else []
    held_up = watches(actor).filter(Q(backup=None) | Q(watcher__in=many), status=_ACTIVE)
    return held_up, rules


def overloaded(actor: Actor) -> set[UUID]:
    """Return who looks in on more people than one person can look after."""
    numbers = _numbers(_responsible_for(actor).filter(status=_ACTIVE), "watcher")
    return {pk for pk, number in numbers.items() if _too_many(number)}


def ending(actor: Actor) -> tuple[QuerySet[WatchAssignment], Rules]:
    """Return the watches whose term, basis or rhythm ends before long, or that are paused for long."""
    last = _last_day()
    kept = _responsible_for(actor)
    rows = kept.filter(_dated_end(), status__in=sorted(OPEN))
    rules: Rules = {}
    for pk, term, basis in _read(rows.order_by("-id"), "id", "term_until", "basis_until"):
        rules[pk] = [ReviewRule.TERM_ENDS] if term and term <= last else []
        rules[pk] += [ReviewRule.BASIS_ENDS] if basis and basis <= last else []
    for (pk,) in _read(running_out(kept).order_by("-id"), "id"):
        rules.setdefault(pk, []).append(ReviewRule.EXPECTS_NOBODY)
    for (pk,) in _read(kept.filter(_paused_long()).order_by("-id"), "id"):
        rules.setdefault(pk, []).append(ReviewRule.PAUSED_LONG)
    return _shown(actor, rules), rules


def ending_before_long() -> Q:
    """Return the condition on watches that `ending` shows."""
    return (_dated_end() & Q(status__in=sorted(OPEN))) | runs_out() | _paused_long()


def _last_day() -> date:
    return clock.today() + timedelta(days=settings.WATCH_REVIEW_TERM_DAYS)


def _dated_end() -> Q:
    last = _last_day()
    return Q(term_until__lte=last) | Q(basis_until__lte=last)


#: The last check-ins of each of these watches, latest first, where they might give reason to look
#: closer: the last one was indirect, twice there was no answer, or the last of three gaps is twice the
#: first. Which rule fires, if any, is for `weakening` to say. Rows come to the aggregates in the order
#: of the subquery: each index scan ends after a few of them, and nothing is sorted.
_LAST_SIGNS = """
    SELECT watched.id, signs.outcomes, signs.moments
    FROM ({watched}) AS watched, LATERAL (
        SELECT array_agg(sign.outcome) AS outcomes, array_agg(sign.observed_at) AS moments,
               array_agg(sign.observed_at) FILTER (WHERE sign.outcome = ANY(%s)) AS alive,
               count(*) FILTER (WHERE sign.outcome = %s) AS silent
        FROM (
            SELECT outcome, observed_at FROM watchover_checkin
            WHERE assignment_id = watched.id ORDER BY observed_at DESC, id DESC LIMIT %s
        ) AS sign
    ) AS signs
    WHERE signs.outcomes[1] = %s OR signs.silent >= 2
       OR signs.alive[1] - signs.alive[2] >= 2 * (signs.alive[3] - signs.alive[4])
"""


def weak_signals(actor: Actor) -> tuple[QuerySet[WatchAssignment], Rules]:
    """Return the watches whose last check-ins give reason to look closer, and by which rule."""
    watched = _responsible_for(actor).filter(status=_ACTIVE).order_by("-id").values("id")
    rules: Rules = {}
    for pk, outcomes, moments in _last_signs(watched[: settings.WATCH_REVIEW_MOST_READ]):
        fired = weakening(
            list(zip(reversed(outcomes), reversed(moments), strict=True)),
            indirect_in_a_row=settings.WATCH_REVIEW_INDIRECT_IN_A_ROW,
        )
        if fired:
            rules[pk] = fired
    return _shown(actor, rules), rules


def _last_signs(
    watched: QuerySet[Any, Any],
) -> list[tuple[UUID, list[str], list[datetime]]]:
    try:
        sql, of_watched = watched.query.sql_with_params()
    except EmptyResultSet:
        return []
    outcome = CheckInOutcome
    asked = [*of_watched, sorted(WELL), outcome.NO_ANSWER, LOOKED_AT, outcome.INDIRECT]
    with connection.cursor() as cursor:
        cursor.execute(_LAST_SIGNS.format(watched=sql), asked)
        found: list[tuple[UUID, list[str], list[datetime]]] = cursor.fetchall()
    return found


def _paused_long() -> Q:
    """Say that by now nobody is to look in for longer than usual, or until further notice."""
    now, usual = clock.now(), timedelta(days=settings.WATCH_REVIEW_PAUSE_DAYS)
    pauses = Pause.objects.touching(now, now).filter(not_ended(F("since") + usual))
    return Q(status=_ACTIVE, resident__in=pauses.values("resident"))


def _responsible_for(actor: Actor) -> QuerySet[WatchAssignment]:
    return WatchAssignment.objects.filter(policy.watches_of(actor))


def _shown(actor: Actor, rules: Rules) -> QuerySet[WatchAssignment]:
    return watches(actor).filter(pk__in=list(rules))


def _read(rows: QuerySet[Any], *names: str, more: int = 0) -> list[Any]:
    return list(rows.values_list(*names)[: settings.WATCH_REVIEW_MOST_READ + more])


def _numbers(kept: QuerySet[WatchAssignment], role: str) -> dict[UUID, int]:
    rows = kept.filter(**{f"{role}__isnull": False}).order_by(role)
    return dict(rows.values(role).annotate(number=Count("id")).values_list(role, "number"))


def _too_many(number: int) -> bool:
    return number > int(settings.WATCH_REVIEW_MOST_WATCHES)


def open_with_others(actor: Actor) -> tuple[int, int, datetime | None]:
    """Return how many alerts and concerns others have open, as far as one sees them, and since when."""
    own = actor.agency_id
    alerts = policy.alerts_visible_to(actor).filter(resolved_at=None)
    concerns = policy.concerns_visible_to(actor).filter(triaged_at=None)
    # In one statement: an aggregate of each, one below the other.
    found = _counted("alerts", "opened_at", alerts.exclude(assignment__responsible_agency=own))
    worries = _counted("concerns", "received_at", concerns.exclude(agency=own))
    told = {what: (number, since) for what, number, since in found.union(worries, all=True)}
    since = min((since for _number, since in told.values() if since), default=None)
    return told.get("alerts", (0, None))[0], told.get("concerns", (0, None))[0], since


def _counted(what: str, at: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Return how many rows there are, and since when."""
    named = rows.order_by().annotate(counted=Value(what)).values("counted")
    found = named.annotate(how_many=Count("pk"), oldest=Min(at))
    counts: QuerySet[Any, Any] = found.values_list("counted", "how_many", "oldest")
    return counts
