"""Where somebody is to look in today: the list of a commissioner or watcher, and nothing of the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.core import clock
from carenet.watchover import policy
from carenet.watchover.models import CheckIn, Expectation, Pause, WatchAssignment
from carenet.watchover.states import ExpectationState, WatchStatus

_S = ExpectationState
#: As many people as one look takes in.
MOST = 200


@dataclass(frozen=True, slots=True)
class Visit:
    """One person on whom to look in today, by the most urgent of what is expected.

    `late`: a window has closed and nobody has looked in. `done`: somebody has, nothing more is due.
    `stands_by`: the actor is the backup, somebody else looks in. `alert_id`: the open alert that says
    that nobody has looked in, and that a visit ends. `recorded`: the last check-in of today.
    """

    watch: WatchAssignment
    expectation: Expectation
    late: bool
    done: bool
    stands_by: bool
    alert_id: UUID | None
    recorded: CheckIn | None


def looked_in_on(actor: Actor) -> QuerySet[WatchAssignment]:
    """Return the watches in which the actor looks in or stands by, of people who are not paused."""
    now = clock.now()
    paused = Pause.objects.touching(now, now).filter(resident=OuterRef("resident"))
    if not actor.may("watch.check_in"):
        return WatchAssignment.objects.none()
    return (
        WatchAssignment.objects.filter(
            policy.watched_by(actor), ~Exists(paused), status=WatchStatus.ACTIVE
        )
        .select_related("resident")
        .annotate(shows_address=policy.shows_address(actor))
    )


def visits_today(actor: Actor) -> list[Visit]:
    """Return today's visits, each person once: late ones first, done ones last, by time; three queries.

    Today is that of Japan. What was missed stays on the list until somebody has looked in after all.
    """
    now = clock.now()
    begin = clock.midnight(clock.today())
    end = begin + timedelta(days=1)
    answered = Q(check_ins__isnull=False)
    missed = Q(state=_S.MISSED, alert__resolved_at=None, alert__isnull=False) & ~answered
    due = Q(state=_S.EXPECTED, window_start__lt=end)
    met = Q(state=_S.MET, due_at__gte=begin, window_start__lt=end)
    late = Expectation.objects.late(now).filter(pk=OuterRef("pk"))
    watches = {watch.pk: watch for watch in looked_in_on(actor).order_by("number")[:MOST]}
    rows = (
        Expectation.objects.filter(missed | due | met, assignment__in=list(watches))
        .annotate(late=Exists(late))
        .order_by("window_start")
    )
    urgent = _most_urgent(rows)
    told = CheckIn.objects.filter(assignment__in=list(urgent), observed_at__gte=begin)
    recorded = {each.assignment_id: each for each in told.order_by("observed_at", "pk")}
    found = [
        _visit(watches[watch_id], most_urgent, actor.user, recorded.get(watch_id))
        for watch_id, most_urgent in urgent.items()
    ]
    return sorted(
        found,
        key=lambda each: (
            each.done, not each.late, each.stands_by, each.expectation.due_at, each.watch.number,
        ),
    )  # fmt: skip


def visit_to(actor: Actor, assignment_id: UUID) -> WatchAssignment | None:
    """Return one of the watches in which the actor looks in or stands by; None for any other."""
    return looked_in_on(actor).filter(pk=assignment_id).first()


def without_backup(actor: Actor) -> int:
    """Return on how many people the actor looks in for whom nobody stands by."""
    return looked_in_on(actor).filter(watcher=actor.user_id, backup=None).count()


def _most_urgent(rows: Iterable[Expectation]) -> dict[UUID, Expectation]:
    """What is open comes before what was met; of what is open the first counts."""
    found: dict[UUID, Expectation] = {}
    for row in rows:
        kept = found.get(row.assignment_id)
        if kept is None or kept.state == _S.MET:
            found[row.assignment_id] = row
    return found


def _visit(
    watch: WatchAssignment, row: Expectation, user: User | None, recorded: CheckIn | None
) -> Visit:
    late: bool = row.late  # type: ignore[attr-defined]
    return Visit(
        watch=watch,
        expectation=row,
        late=late or row.state == _S.MISSED,
        done=row.state == _S.MET,
        stands_by=user is not None and watch.watcher_id != user.pk,
        alert_id=row.alert_id if row.state == _S.MISSED else None,
        recorded=recorded,
    )
