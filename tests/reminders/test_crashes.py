"""Real workers that are killed, a Redis that forgets, two beats: none lost, none doubled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from carenet.agencies.models import Agency, User
from carenet.reminders import registry
from carenet.reminders.actions import schedule_reminder
from carenet.reminders.models import Delivery, InboxEntry, Pulse, Reminder
from carenet.reminders.states import DeliveryState, EngineReason
from tests.reminders.blocked_console import a_full_pipe, drain
from tests.reminders.celery_processes import Crew
from tests.reminders.locks import nobody_writes_to
from tests.reminders.people import a_member
from tests.reminders.sample_app.hooks import Chore
from tests.reminders.smtp_server import a_post_office

pytestmark = pytest.mark.django_db(transaction=True)
State = DeliveryState


@pytest.fixture
def crew(tmp_path: Path, console: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    monkeypatch.setitem(registry._kinds, Chore.name, Chore())
    crew = Crew(tmp_path, {"REMINDER_CONSOLE": str(console)})
    yield crew
    crew.disband()


def a_chore(agency: Agency) -> Reminder:
    with transaction.atomic():
        return schedule_reminder(
            kind=Chore.name,
            subject_id=uuid4(),
            subject_code=f"C-26-{Reminder.objects.count():06}",
            agency=agency,
            due_at=timezone.now(),
        )


def test_a_worker_killed_in_mid_delivery_loses_and_doubles_nothing(
    crew: Crew, agency: Agency, person: User
) -> None:
    crew.environment["REMINDER_CONSOLE"] = ""
    a_chore(agency)
    crew.beat()
    with nobody_writes_to(InboxEntry):
        kill_in_mid_call(crew, Delivery.objects.all())
    assert not InboxEntry.objects.exists()
    crew.worker()
    crew.until(Delivery.objects.filter(recipient=person, state=State.SENT).exists)
    assert InboxEntry.objects.filter(user=person).count() == 1
    assert Delivery.objects.filter(attempts__gte=2).exists(), "one broke off and was tried again"


def test_where_no_key_is_taken_a_kill_in_mid_call_ends_in_unknown_and_in_the_inbox(
    crew: Crew, agency: Agency, person: User, console: Path
) -> None:
    with a_full_pipe(console) as pipe:
        a_chore(agency)
        crew.beat()
        ringing = Delivery.objects.filter(channel="console")
        kill_in_mid_call(crew, ringing)
        tries = ringing.get().attempts
        drain(pipe)
        crew.worker()
        crew.until(ringing.filter(state=State.UNKNOWN, reason=EngineReason.LEASE_EXPIRED).exists)
        crew.until(InboxEntry.objects.filter(user=person).exists)
        known_at = timezone.now()
        crew.until(Pulse.objects.filter(at__gt=known_at).exists)
        assert drain(pipe) == b"", "it was sent again"
    assert ringing.get().attempts == tries
    client = Client()
    client.force_login(person)
    (entry,) = client.get("/api/v1/reminders/").json()["results"]
    assert {"channel": "console", "state": "unknown"} in entry["deliveries"]


def test_a_kill_while_the_mail_server_has_the_content_ends_in_unknown_and_in_the_inbox(
    crew: Crew, agency: Agency, person: User
) -> None:
    person.email = "hanako@plaza.example.jp"
    person.save()
    with a_post_office() as office:
        office.hangs = True
        crew.environment |= {
            "REMINDER_CONSOLE": "",
            "EMAIL_URL": office.url,
            "EMAIL_FROM": "no-reply@carenet.example.jp",
            "PUBLIC_URL": "https://carenet.example.jp",
        }
        a_chore(agency)
        crew.beat()
        worker = crew.worker()
        crew.until(lambda: office.contents)
        crew.kill(worker)
        crew.worker()
        mails = Delivery.objects.filter(channel="email")
        crew.until(mails.filter(state=State.UNKNOWN).exists)
        crew.until(InboxEntry.objects.filter(user=person).exists)
        known_at = timezone.now()
        crew.until(Pulse.objects.filter(at__gt=known_at).exists)
        assert len(office.contents) == 1, "it was sent again"


def test_kills_a_flushed_redis_and_two_beats_lose_and_double_nothing(
    crew: Crew, agency: Agency, person: User, console: Path
) -> None:
    people = {person.pk, a_member(agency).pk}
    workers = [crew.worker(), crew.worker()]
    crew.beat()
    crew.beat()
    harms: list[Callable[[], None]] = [
        lambda: crew.kill(workers.pop(0)),
        crew.flush_redis,
        lambda: crew.kill(workers.pop(0)),
    ]
    for harm in harms:
        chores = [a_chore(agency) for _ in range(25)]
        crew.until(Delivery.objects.filter(reminder__in=chores, finished_at__isnull=False).exists)
        harm()
        workers.append(crew.worker())
    crew.until(everything_is_finished)

    expected = {(pk, user) for pk in all_chores().values_list("pk", flat=True) for user in people}
    arrived = Counter(InboxEntry.objects.filter(user__isnull=False).values_list("reminder", "user"))
    assert arrived == Counter(expected), "each told once in the inbox"

    rang = Counter((line["reminder"], line["user"]) for line in map(json.loads, lines(console)))
    outcomes = {
        (str(reminder), str(user)): state
        for reminder, user, state in Delivery.objects.filter(channel="console").values_list(
            "reminder", "recipient", "state"
        )
    }
    assert set(outcomes.values()) <= {State.SENT, State.UNKNOWN}
    assert len(outcomes) == len(expected)
    assert max(rang.values()) == 1, "nothing rang twice"
    assert {key for key, state in outcomes.items() if state == State.SENT} <= set(rang)


def test_health_is_good_with_a_worker_and_a_beat_and_names_what_is_missing(crew: Crew) -> None:
    crew.prefix = ""
    worker = crew.worker()
    crew.until(lambda: health() == "beat")
    beat = crew.beat()
    crew.until(lambda: health() == "")
    crew.kill(beat)
    crew.kill(worker)
    assert health() == "worker"


def kill_in_mid_call(crew: Crew, messages: QuerySet[Delivery]) -> None:
    """Kill a worker that is just sending; one that gave up meanwhile was not, so once more."""
    sending = messages.filter(state=State.ATTEMPTING)
    while not sending.exists():
        worker = crew.worker()
        crew.until(sending.exists)
        crew.kill(worker)


def health() -> str:
    """Return the part that /healthz names, nothing when all is well."""
    answer = Client().get("/healthz")
    part: str = answer.json().get("part", "")
    assert (answer.status_code == 200) == (part == "")
    return part


def everything_is_finished() -> bool:
    """Ask for what is due first: what falls due between the two questions is then a delivery."""
    due = all_chores().exclude(due_at=None).exists()
    return not due and not Delivery.objects.filter(finished_at=None).exists()


def all_chores() -> QuerySet[Reminder]:
    """Without what managers are told of a message that may not have arrived."""
    return Reminder.objects.filter(kind=Chore.name)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()
