"""Whatever somebody is told of can be opened from where they are told, by whoever is told."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db.models import F
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.models import WardSection
from carenet.agencies.selectors import actor_of
from carenet.core import clock
from carenet.reminders.actions import schedule_reminder
from carenet.reminders.hooks.sections import SECTION_WITHOUT_PEOPLE
from carenet.reminders.models import Delivery, Reminder
from carenet.reminders.registry import ReminderKind, kind_named, kinds
from carenet.reminders.states import DIGEST, UNDELIVERED
from carenet.staff.pages import inbox
from tests.access.scene import Scene
from tests.agencies.sections import a_section
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db
#: As many steps as the longest escalation policy has, and one that comes again.
MOST_STEPS = 6
#: As many reminders of a kind as are walked.
MOST = 2
#: It comes by mail alone and stands in no inbox: its link leads to Today.
BY_MAIL_ALONE = {DIGEST}
#: Lines of Today that no reminder writes.
LINES_OF_THEIR_OWN = {"consultation", "referral", "offered referral"}


def test_every_kind_of_reminder_and_of_line_has_a_page() -> None:
    about = {kind.subject_kind for kind in kinds() if kind.name not in BY_MAIL_ALONE}
    lines = about | LINES_OF_THEIR_OWN
    some = "018f0000-0000-7000-8000-000000000000"
    without = {kind for kind in lines if not inbox.address_of(kind, some)}  # type: ignore[arg-type]
    assert not without
    assert set(inbox.PAGES) == lines


@pytest.mark.parametrize(
    "name", sorted(kind.name for kind in kinds() if kind.name not in BY_MAIL_ALONE)
)
def test_whoever_is_told_can_open_it(scene: Scene, name: str) -> None:
    kind, opened = kind_named(name), set()
    for reminder in reminders_of(scene, kind):
        for reader in readers_of(kind, reminder):
            known = kind.subject_kind
            if not reminder.subject_code:
                known = f"offered {known}"
            client = Client()
            client.cookies["sessionid"] = session_of(reader)
            answer = client.get(inbox.address_of(known, reminder.subject_id), follow=True)
            assert answer.status_code == 200, (reader.roles, answer.redirect_chain)
            opened.add(reader.user_id)
    assert opened


def readers_of(kind: ReminderKind, reminder: Reminder) -> Iterator[Actor]:
    """Return whom the steps of a reminder reach.

    Each once, as they act for the agency they are told for.
    """
    found: dict[tuple[UUID, UUID], Actor] = {}
    for step in range(MOST_STEPS):
        occurrence = reminder.occurrence(step)
        for each in kind.recipients(occurrence):
            actor = actor_of(each.user, each.agency)
            if actor and kind.may_see(actor, occurrence):
                found[each.user.pk, each.agency.pk] = actor
        if kind.next_due(occurrence, clock.now()) is None:
            break
    yield from found.values()


def reminders_of(scene: Scene, kind: ReminderKind) -> list[Reminder]:
    """Return the reminders of a kind in the scene; where nothing causes one there, one of its like."""
    rows = Reminder.objects.filter(kind=kind.name).select_related("agency", "person")
    found = list(rows.order_by(F("settled_at").asc(nulls_first=True), "pk"))
    if found:
        return found[:MOST]
    if kind.name == UNDELIVERED:
        return [undelivered(scene)]
    if kind.name == SECTION_WITHOUT_PEOPLE:
        return [of_empty_section(scene)]
    of = scene.targets[SUBJECTS[kind.subject_kind]].ids["id"]
    return [written(kind.name, of, scene)]


def undelivered(scene: Scene) -> Reminder:
    message = Delivery.objects.filter(recipient=scene.user("own staff")).earliest("id")
    return written(UNDELIVERED, message.pk, scene)


def of_empty_section(scene: Scene) -> Reminder:
    """Return the reminder that nobody works in a section: its office is told."""
    office = scene.agencies["ward"]
    return schedule_reminder(
        kind=SECTION_WITHOUT_PEOPLE,
        subject_id=a_section(office, WardSection.CHILDREN).pk,
        subject_code="こども家庭支援課",
        agency=office,
        due_at=clock.now(),
    )


def written(kind: str, subject: UUID, scene: Scene) -> Reminder:
    return schedule_reminder(
        kind=kind,
        subject_id=subject,
        subject_code="X-26-000001",
        agency=scene.agencies["own"],
        due_at=clock.now(),
    )


#: What stands in for the subject of a kind of which the scene has no reminder.
SUBJECTS = {
    "abuse_report": "abuse",
    "basis": "grant",
    "watchpause": "pause",
    "operatorchange": "change",
    "agencyclosure": "closure",
    "alert": "alert",
    "case": "case",
    "concern": "concern",
    "consent": "consent",
    "danger": "case",
    "goal": "goal",
    "grant": "grant",
    "referral": "sent",
    "resident": "resident",
    "task": "task",
    "watchassignment": "watch",
    "watchend": "watch",
    "watchlist": "watch_list",
}
