"""Where one's mails go changes after a fresh sign-in, by a code that went to the new address."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPConnectError, SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from pytest_django import Settings

from carenet.accounts.actions.email import ask_for_email, prove_email, waiting_email
from carenet.accounts.models import SignInCode
from carenet.accounts.tasks import forget_sign_ins
from carenet.agencies.models import User
from carenet.audit.actions import Who
from carenet.audit.models import AuditEntry
from carenet.core import clock
from carenet.core.errors import CarenetError, Conflict, Invalid
from tests.factories import PASSWORD, a_member, an_agency, api

pytestmark = pytest.mark.django_db
EMAIL, OLD, NEW = "/api/v1/me/email/", "old@plaza.example.jp", "new@plaza.example.jp"


@pytest.fixture(autouse=True)
def _sends_mail(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_FROM = "mail.example.jp", "carenet@example.jp"
    settings.PUBLIC_URL = "https://carenet.example.jp"


@pytest.fixture
def person() -> User:
    user = a_member(an_agency()).user
    assert user
    user.email, user.language = OLD, "en"
    user.save()
    return user


def ask(person: User, address: str = NEW) -> None:
    ask_for_email(who=Who("user", str(person.pk)), user=person, address=address)


def prove(person: User, code: str) -> None:
    prove_email(who=Who("user", str(person.pk)), user=person, code=code)
    person.refresh_from_db()


def code_in(message: mail.EmailMessage) -> str:
    found = re.search(r"^[A-Z0-9-]{12,}$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[0]


def test_a_new_address_counts_once_its_code_has_come_back(person: User) -> None:
    ask(person)
    (letter,) = mail.outbox
    assert (letter.to, waiting_email(person)) == ([NEW], NEW)
    assert "https://carenet.example.jp/account/email/" in letter.body
    person.refresh_from_db()
    assert person.email == OLD
    prove(person, code_in(letter))
    assert (person.email, waiting_email(person)) == (NEW, "")
    assert mail.outbox[1].to == [OLD]
    assert NEW not in mail.outbox[1].body


def test_a_code_works_once_and_in_time(person: User) -> None:
    ask(person)
    code = code_in(mail.outbox[0])
    with time_machine.travel(clock.now() + timedelta(hours=25)), pytest.raises(Invalid):
        prove(person, code)
    prove(person, code)
    with pytest.raises(Invalid):
        prove(person, code)
    with pytest.raises(Invalid):
        prove(person, "WRONG")


def test_whoever_takes_the_address_away_tells_the_old_one(person: User) -> None:
    ask(person, "")
    person.refresh_from_db()
    assert (person.email, mail.outbox[0].to) == ("", [OLD])


def test_without_a_mail_server_no_address_is_proved(person: User, settings: Settings) -> None:
    settings.EMAIL_HOST = ""
    with pytest.raises(Conflict) as refused:
        ask(person)
    assert refused.value.reason_code == "mail_off"


def test_nothing_changes_when_the_old_address_cannot_be_told(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(person)
    code = code_in(mail.outbox[0])
    failures = iter([SMTPConnectError(421, "busy"), SMTPRecipientsRefused({OLD: (550, b"gone")})])

    def fail(*_args: object) -> int:
        raise next(failures)

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    with pytest.raises(Conflict) as refused:
        prove(person, code)
    assert refused.value.reason_code == "mail_not_sent"
    prove(person, code)
    assert person.email == NEW, "a mailbox that is gone keeps nobody there"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (SMTPRecipientsRefused({NEW: (550, b"no such user")}), Invalid),
        (SMTPDataError(554, b"not this one"), Invalid),
        (SMTPNotSupportedError("SMTPUTF8"), Invalid),
        (SMTPRecipientsRefused({NEW: (450, b"later")}), Conflict),
        (SMTPDataError(451, b"later"), Conflict),
    ],
)
def test_an_address_that_takes_no_mail_is_refused_and_a_busy_server_said(
    person: User, monkeypatch: pytest.MonkeyPatch, answer: OSError, error: type[CarenetError]
) -> None:
    def fail(*_args: object) -> int:
        raise answer

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    with pytest.raises(error):
        ask(person)


def test_no_address_is_in_the_trail_or_kept_without_need(person: User) -> None:
    ask(person)
    prove(person, code_in(mail.outbox[0]))
    told = str(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert NEW not in told
    assert OLD not in told
    ask(person, "third@plaza.example.jp")
    with time_machine.travel(clock.now() + timedelta(days=2)):
        forget_sign_ins()
    assert not SignInCode.objects.exclude(address="").exists()


def test_over_the_api_it_takes_a_sign_in_of_just_now(person: User) -> None:
    stale = api(a_member(an_agency(), user=person))
    assert stale.put(EMAIL, {"email": NEW}).json()["code"] == "sign_in_again"
    assert not mail.outbox
    fresh = Client()
    typed = {"username": person.username, "password": PASSWORD}
    fresh.post("/auth/browser/v1/auth/login", typed, content_type="application/json")
    headers = {"Carenet-Agency": str(person.memberships.latest("since").agency_id)}
    put = {"content_type": "application/json", "headers": headers}
    shown = fresh.put(EMAIL, {"email": NEW}, **put).json()  # type: ignore[arg-type]
    assert shown == {"email": OLD, "waiting": NEW}
    code = {"code": code_in(mail.outbox[0])}
    shown = fresh.post(f"{EMAIL}prove/", code, **put).json()  # type: ignore[arg-type]
    assert shown == {"email": NEW, "waiting": ""}


def test_wrong_codes_are_counted_over_the_api_too(person: User, settings: Settings) -> None:
    settings.SIGN_IN_TRIES = 2
    ask(person)
    client, right = api(a_member(an_agency(), user=person)), code_in(mail.outbox[0])
    answers = [client.post(f"{EMAIL}prove/", {"code": code}) for code in ("A1", "A2", right)]
    assert [each.status_code for each in answers] == [400, 400, 429]
    person.refresh_from_db()
    assert person.email == OLD


@pytest.mark.operation("me_email_update", "me_email_prove_create")
def test_on_the_page_one_says_once_more_who_one_is(person: User) -> None:
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    page = "/account/email/"
    assert client.post(page, {"email": NEW})["Location"].startswith("/sign-in/again/")
    assert not mail.outbox
    client.post("/sign-in/again/", {"password": PASSWORD})
    client.post(page, {"email": NEW})
    assert NEW in client.get(page).content.decode()
    refused = client.post(page, {"code": "WRONG"})
    assert refused.status_code == 422
    client.post(page, {"code": code_in(mail.outbox[0])})
    person.refresh_from_db()
    assert person.email == NEW
