"""E-mail through a real SMTP server: taken, refused, put off, or nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.reminders.actions import fall_due, mark_read
from carenet.reminders.models import Delivery, InboxEntry, Reminder
from carenet.reminders.states import UNDELIVERED, DeliveryState, EngineReason
from tests.reminders.conftest import NOW, Asked, later, sweep_at
from tests.reminders.fake_kinds import Errand
from tests.reminders.people import a_member, acting
from tests.reminders.smtp_server import PostOffice, a_free_port, a_mute_server, a_post_office

pytestmark = pytest.mark.django_db
State = DeliveryState


@pytest.fixture
def office(settings: Settings, person: User) -> Iterator[PostOffice]:
    """A mail server that the settings name, and a person with an address."""
    settings.EMAIL_FROM = "carenet <no-reply@carenet.example.jp>"
    settings.PUBLIC_URL = "https://carenet.example.jp"
    person.email = "hanako@plaza.example.jp"
    person.save()
    with a_post_office() as office:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office


def mail() -> Delivery:
    return Delivery.objects.get(channel="email", step=0)


def outcome() -> tuple[str, str]:
    return mail().state, mail().reason


def test_it_goes_out_beside_the_inbox(office: PostOffice, asked: Asked, person: User) -> None:
    asked()
    sweep_at(NOW)
    (letter,) = office.letters
    assert letter["To"] == "hanako@plaza.example.jp"
    assert mail().state == State.SENT
    assert InboxEntry.objects.filter(user=person).exists()


def test_it_says_the_code_and_where_to_sign_in_and_nothing_about_a_person(
    office: PostOffice, asked: Asked, person: User
) -> None:
    asked()
    sweep_at(NOW)
    (letter,) = office.letters
    text = letter.get_content()
    assert letter["Subject"] == "E-26-000001 is waiting"
    assert "https://carenet.example.jp/api/v1/reminders/" in text
    assert person.name not in office.contents[0].decode() + text
    assert Client().get("/api/v1/reminders/").status_code == 401


def test_it_is_in_its_readers_language(office: PostOffice, asked: Asked, person: User) -> None:
    asked()
    sweep_at(NOW)
    assert "ログイン" in office.letters[0].get_content()
    person.language = "en"
    person.save()
    sweep_at(later(days=1))
    assert "Sign in" in office.letters[1].get_content()


def test_its_id_comes_from_the_key_and_machines_are_asked_not_to_answer(
    office: PostOffice, asked: Asked
) -> None:
    office.at_data = "451 later"
    asked()
    sweep_at(NOW)
    office.at_data = "250 OK"
    sweep_at(later(minutes=1))
    first, second = office.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@carenet.example.jp>")
    assert first["Auto-Submitted"] == "auto-generated"


@pytest.mark.usefixtures("agency")
def test_who_has_no_address_or_wants_no_mail_gets_none(
    office: PostOffice,
    asked: Asked,
    person: User,
) -> None:
    person.by_email = False
    person.save()
    asked()
    sweep_at(NOW)
    assert not office.contents
    assert not Delivery.objects.filter(channel="email").exists()


def test_an_agency_may_switch_mails_off(office: PostOffice, asked: Asked, agency: Agency) -> None:
    asked()
    fall_due(now=NOW)
    agency.by_email = False
    agency.save()
    sweep_at(NOW)
    assert outcome() == (State.CANCELLED, EngineReason.CHANNEL_OFF)
    assert not office.contents


@pytest.mark.parametrize("at", ["at_mail", "at_rcpt", "at_data"])
def test_a_refusal_is_a_visible_failure(office: PostOffice, asked: Asked, at: str) -> None:
    setattr(office, at, "550 no such mailbox")
    asked()
    sweep_at(NOW)
    assert outcome() == (State.FAILED, "smtp_550")


@pytest.mark.parametrize("at", ["at_mail", "at_rcpt", "at_data"])
def test_a_deferral_is_tried_again(office: PostOffice, asked: Asked, at: str) -> None:
    setattr(office, at, "451 greylisted")
    asked()
    sweep_at(NOW)
    assert outcome() == (State.PENDING, "smtp_451")
    setattr(office, at, "250 OK")
    sweep_at(later(minutes=1))
    assert mail().state == State.SENT


@pytest.mark.usefixtures("office")
def test_no_server_is_tried_again(asked: Asked, settings: Settings) -> None:
    settings.EMAIL_PORT = a_free_port()
    asked()
    sweep_at(NOW)
    assert outcome() == (State.PENDING, "smtp_no_server")


@pytest.mark.usefixtures("office")
def test_a_server_that_says_nothing_holds_nobody(asked: Asked, settings: Settings) -> None:
    settings.REMINDER_LEASE_SECONDS = 0.6
    with a_mute_server() as settings.EMAIL_PORT:
        asked()
        sweep_at(NOW)
    assert outcome() == (State.PENDING, "smtp_no_server")


def test_a_server_that_wants_encryption_first_is_tried_again(
    office: PostOffice, asked: Asked, settings: Settings
) -> None:
    settings.EMAIL_USE_TLS = True
    asked()
    sweep_at(NOW)
    assert outcome() == (State.PENDING, "smtp_not_let_in")
    assert not office.contents


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("given", "expected"),
    [("open sesame", (State.SENT, "")), ("wrong", (State.PENDING, "smtp_not_let_in"))],
)
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_asks_who_we_are(
    asked: Asked, settings: Settings, given: str, expected: tuple[str, str]
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "carenet", given
    with a_post_office("open sesame") as office:
        settings.EMAIL_PORT = office.port
        asked()
        sweep_at(NOW)
    assert outcome() == expected


def test_silence_after_the_content_is_unknown_and_never_sent_again(
    office: PostOffice, asked: Asked, settings: Settings
) -> None:
    settings.REMINDER_LEASE_SECONDS = 0.9
    office.hangs = True
    asked()
    sweep_at(NOW)
    office.hangs = False
    sweep_at(later(hours=2))
    assert mail().state == State.UNKNOWN
    assert len(office.contents) == 1


def test_a_line_that_breaks_after_the_content_is_unknown(office: PostOffice, asked: Asked) -> None:
    office.hangs_up = True
    asked()
    sweep_at(NOW)
    assert mail().state == State.UNKNOWN
    assert len(office.contents) == 1


def test_what_is_unknown_shows_in_the_readers_inbox(
    office: PostOffice, asked: Asked, person: User
) -> None:
    office.hangs_up = True
    asked()
    sweep_at(NOW)
    client = Client()
    client.force_login(person)
    (entry,) = client.get("/api/v1/reminders/").json()["results"]
    assert {"channel": "email", "state": "unknown"} in entry["deliveries"]


def test_a_manager_hears_of_it_when_nobody_reads_it_there(
    office: PostOffice, asked: Asked, agency: Agency
) -> None:
    manager = a_member(agency, Role.MANAGER)
    office.hangs_up = True
    asked()
    sweep_at(NOW)
    about = Reminder.objects.get(kind=UNDELIVERED)
    assert not InboxEntry.objects.filter(user=manager).exists()
    assert about.due_at
    sweep_at(about.due_at)
    assert InboxEntry.objects.get(user=manager).reminder == about


def test_nobody_else_hears_of_what_was_read(
    office: PostOffice, asked: Asked, person: User, agency: Agency
) -> None:
    office.at_rcpt = "550 no such mailbox"
    asked()
    sweep_at(NOW)
    mark_read(actor=acting(person, agency), entry=InboxEntry.objects.get(user=person))
    assert Reminder.objects.get(kind=UNDELIVERED).settled_because == EngineReason.READ


def test_nobody_else_hears_of_what_is_settled(
    office: PostOffice, asked: Asked, errand: Errand
) -> None:
    office.at_rcpt = "550 no such mailbox"
    asked()
    sweep_at(NOW)
    errand.holds = False
    sweep_at(later(days=1))
    assert not Reminder.objects.filter(settled_at=None).exists()


@pytest.mark.usefixtures("office")
def test_an_error_before_anybody_was_called_is_no_unknown(
    asked: Asked, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(errand), "text", lambda *_: 1 / 0)
    asked()
    sweep_at(NOW)
    assert outcome() == (State.PENDING, "not_written_ZeroDivisionError")
