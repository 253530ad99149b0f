"""(f) Due reminders to inboxes and the console, by one worker; beside one Celery task each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from uuid import UUID

from celery import current_app
from django.db.models import F, Max, Min, QuerySet, Value
from django.db.models.functions import Concat

from benchmarks.celery_workers import a_queue, a_worker
from benchmarks.database import address
from benchmarks.figures import Figure
from benchmarks.mail_sink import a_mail_sink
from benchmarks.stock_reminders import app as stock
from benchmarks.stock_reminders import tell
from benchmarks.ward import a_ward, fill
from benchmarks.worker_processes import wait_for
from carenet.agencies.models import Agency, CalendarException, User
from carenet.core import clock
from carenet.reminders.actions import release
from carenet.reminders.channels import EMAIL
from carenet.reminders.models import Delivery, InboxEntry, Reminder
from carenet.reminders.states import DeliveryState
from carenet.reminders.tasks import sweep

LEAST_RATIO, ROUNDS = 3.0, 3
#: More wake-ups than a round uses up: beat sends the next as soon as none waits.
WAKE_UPS = 50
#: One of so many reminders goes out by mail besides.
MAILS_OF = 4
#: Of ten cases five have a next action, and two more have one and a referral.
REMINDERS, CASES = 9, 10
SPARE_CASES = 20
CONSOLE = "console"
#: So many tasks share a connection in the last of the ways; Celery closes it after each by default.
TASKS_PER_CONNECTION = 1000


@dataclass
class Rates:
    """How many reminders a second came in each way, round by round."""

    ours: list[float] = field(default_factory=list)
    stock: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)


def measure(number: int, environment: Mapping[str, str] | None = None) -> Iterator[Figure]:
    """Yield how many times as many reminders a second one worker brings as one Celery task each.

    Each is a Celery worker of one process. A task reads its message, writes it into the inbox and its
    line, and asks nothing. Last come the same with a mail besides.
    """
    mails = max(number // MAILS_OF, 1)
    _open_reminders(ROUNDS * (number + mails))
    told = {**(environment or os.environ), "DATABASE_URL": address(), "REMINDER_CONSOLE": "-"}
    rates = _in_turn(number, told)
    yield _figure("due reminders a second, ours / one Celery task each", rates.ours, rates.stock,
                  number, LEAST_RATIO)  # fmt: skip
    yield _figure("the same / tasks that keep their connection", rates.ours, rates.kept, number)
    with a_mail_sink() as url:
        _let_mails_reach()
        rates = _in_turn(mails, {**told, **_mail_settings(url)}, by_mail=True)
    yield _figure("due reminders by mail as well, ours / one Celery task each", rates.ours,
                  rates.stock, mails)  # fmt: skip


def _figure(
    name: str, ours: Sequence[float], other: Sequence[float], number: int, goal: float | None = None
) -> Figure:
    one, each = median(ours), median(other)
    base = f"{number:,} reminders; {one:.0f} a second, one task each {each:.0f}"
    return Figure(name, one / each, goal, least=True, base=base)


def _open_reminders(number: int) -> None:
    """Fill a ward in which so many reminders are open, each agency open today."""
    fill(a_ward(), number * CASES // REMINDERS + SPARE_CASES)
    today = clock.today()
    CalendarException.objects.bulk_create(
        CalendarException(agency=agency, on=today + timedelta(days=ahead), is_open=True)
        for agency in Agency.objects.all()
        for ahead in (0, 1)
    )
    release()  # a copy of a database sends nothing until a person lets it


def _in_turn(number: int, environment: Mapping[str, str], *, by_mail: bool = False) -> Rates:
    found, kept = Rates(), {"STOCK_TASKS_PER_CONNECTION": str(TASKS_PER_CONNECTION)}
    for _round in range(ROUNDS):
        due = _fall_due(number)
        found.ours.append(_ours(due, environment, by_mail=by_mail))
        found.stock.append(_stock(due, environment, by_mail=by_mail))
        if not by_mail:
            found.kept.append(_stock(due, {**environment, **kept}))
    return found


def _fall_due(number: int) -> list[UUID]:
    """Let as many reminders fall due as their time would, those of every kind."""
    waiting = Reminder.objects.filter(step=0, settled_at=None, due_at__gt=clock.now())
    chosen = list(waiting.order_by("subject_code").values_list("pk", flat=True)[:number])
    if len(chosen) < number:
        raise RuntimeError(f"{len(chosen)} instead of {number} reminders are open.")
    Reminder.objects.filter(pk__in=chosen).update(due_at=clock.now())
    return chosen


def _ours(due: Sequence[UUID], environment: Mapping[str, str], *, by_mail: bool) -> float:
    """Return how many a second came, from the first message that was written to the last outcome."""
    messages = Delivery.objects.filter(reminder__in=due)
    went = messages.filter(channel=EMAIL if by_mail else CONSOLE, state=DeliveryState.SENT)
    with a_queue(current_app) as queue:
        for _wake_up in range(WAKE_UPS):
            sweep.apply_async(queue=queue)
        with a_worker("config", queue, environment):
            wait_for(lambda: went.count() >= len(due))
            wait_for(lambda: not messages.filter(finished_at=None).exists())
    _demand_each_once(due, went)
    took = messages.aggregate(took=Max("finished_at") - Min("created_at"))["took"]
    return len(due) / float(took.total_seconds())


def _stock(due: Sequence[UUID], environment: Mapping[str, str], *, by_mail: bool = False) -> float:
    """Bring the same messages again as tasks; return how many a second came after the first."""
    told, arrived = list(_arrived(due).values_list("delivery", flat=True)), _arrived(due)
    arrived.delete()
    with a_queue(stock) as queue:
        for each in told:
            tell.apply_async((str(each),), {"by_mail": by_mail}, queue=queue)
        with a_worker("benchmarks.stock_reminders", queue, environment):
            wait_for(lambda: arrived.count() >= len(due))
    took = arrived.aggregate(took=Max("arrived_at") - Min("arrived_at"))["took"]
    return (len(due) - 1) / float(took.total_seconds())


def _arrived(due: Sequence[UUID]) -> QuerySet[InboxEntry]:
    """Return what has reached a person."""
    return InboxEntry.objects.filter(reminder__in=due, user__isnull=False)


def _demand_each_once(due: Sequence[UUID], went: QuerySet[Delivery]) -> None:
    """Raise `RuntimeError` unless each was told one person once, through each channel."""
    for found in (went, _arrived(due)):
        told = list(found.values_list("reminder", flat=True))
        if sorted(told) != sorted(due):
            raise RuntimeError(f"{len(told)} messages of {len(due)} reminders went out.")


def _let_mails_reach() -> None:
    User.objects.update(email=Concat(F("username"), Value("@bench.example.jp")))


def _mail_settings(url: str) -> dict[str, str]:
    return {
        "EMAIL_URL": url,
        "EMAIL_FROM": "no-reply@bench.example.jp",
        "PUBLIC_URL": "https://bench.example.jp",
    }
