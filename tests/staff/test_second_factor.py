"""Nobody acts on half a sign-in: the second factor, codes that work once, tries that are counted."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from carenet.accounts.actions.sign_in import (
    accept_code,
    count_try,
    hand_out_code,
    reset_password,
    set_password,
)
from carenet.accounts.api.sign_in import DEVICE_COOKIE
from carenet.accounts.models import CodePurpose, SignInTry
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.models import User
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core import clock
from carenet.core.errors import Forbidden, Invalid, TooManyTries
from carenet.rest.throttles import network_of
from tests.access.addresses import addresses
from tests.factories import NOWHERE, PASSWORD, a_member, a_user, an_agency, api
from tests.staff.browser import session_of
from tests.staff.sign_in import an_authenticator, code_of, confirmed, signed_in

pytestmark = pytest.mark.django_db
TODAY, ME, ENROL, FORGOTTEN = "/desk/", "/api/v1/me/", "/account/code/", "/sign-in/forgotten/"
NEW = "もっと長い合言葉です-2"
TOKEN = "/oauth/token/"


@pytest.fixture
def person() -> User:
    user = a_user()
    a_member(an_agency(name="港北プラザ"), user=user)
    return user


@pytest.fixture
def _required(settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR = True


def status(client: Client, path: str = TODAY) -> int:
    return client.get(path).status_code


def try_password(user: User, password: str, client: Client | None = None, **extra: Any) -> bool:
    """Type a password; say whether it opened something."""
    client = client or Client()
    typed = {"login": user.username, "password": password}
    return client.post("/sign-in/", typed, **extra).status_code == 302


# No Actor without the factor.


@pytest.mark.usefixtures("_required")
def test_the_password_alone_opens_nothing_of_the_api(person: User) -> None:
    client = signed_in(person)
    answers = {}
    for route, address in addresses().items():
        if address.view and issubclass(address.view, ActorViewSet):
            path = address.path(**dict.fromkeys(address.names, NOWHERE))
            for method in address.methods:
                answer = client.generic(method, path, "{}", content_type="application/json")
                answers[f"{method} {route}"] = answer.json()["code"]
    assert len(answers) > 100
    assert set(answers.values()) == {"second_factor_missing"}


@pytest.mark.usefixtures("_required")
def test_a_session_from_before_the_authenticator_is_asked_for_its_code(person: User) -> None:
    client = signed_in(person)
    secret, _codes = an_authenticator(person)
    assert client.get(TODAY)["Location"] == "/sign-in/again/code/"
    client.post("/sign-in/again/code/", {"code": code_of(secret)})
    assert (status(client), status(client, ME)) == (200, 200)


# Setting one up.


@pytest.mark.usefixtures("_required")
def test_an_authenticator_is_set_up_with_a_code_that_was_handed_out_once(person: User) -> None:
    client = confirmed(signed_in(person))
    client.get(ENROL)
    secret = client.session["mfa.totp.secret"]
    assert client.post(ENROL, {"code": code_of(secret)}).status_code == 200
    assert not Authenticator.objects.filter(user=person).exists()
    invitation = hand_out_code(actor=None, user=person, purpose=CodePurpose.SECOND_FACTOR)
    typed = {"code": code_of(secret), "invitation": invitation}
    assert client.post(ENROL, typed).status_code == 302
    assert (status(client), status(client, ME)) == (200, 200)


@pytest.mark.usefixtures("_required")
def test_a_wrong_invitation_sets_nothing_up(person: User) -> None:
    hand_out_code(actor=None, user=person, purpose=CodePurpose.SECOND_FACTOR)
    client = confirmed(signed_in(person))
    client.get(ENROL)
    typed = {"code": code_of(client.session["mfa.totp.secret"]), "invitation": "BBBB-BBBB-BBBB"}
    assert (
        "not valid" in client.post(ENROL, typed, headers={"accept-language": "en"}).content.decode()
    )
    assert not Authenticator.objects.filter(user=person).exists()


def test_the_operator_takes_a_lost_authenticator_away_by_a_command(person: User) -> None:
    secret, _codes = an_authenticator(person)
    client = signed_in(person, code_of(secret))
    call_command("remove_second_factor", person.username)
    assert status(client) == 303
    assert not Authenticator.objects.filter(user=person).exists()
    assert AuditEntry.objects.filter(action="account.remove_second_factor").exists()


def test_an_older_secret_key_still_opens_what_it_has_sealed(
    person: User, settings: Settings
) -> None:
    secret, _codes = an_authenticator(person)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new" * 20
    assert accept_code(user=person, code=code_of(secret))


def test_what_is_sealed_again_needs_the_older_key_no_more(person: User, settings: Settings) -> None:
    secret, codes = an_authenticator(person)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new" * 20
    call_command("seal_again")
    settings.SECRET_KEY_FALLBACKS = []
    assert accept_code(user=person, code=code_of(secret))
    assert accept_code(user=person, code=codes[0])
    assert AuditEntry.objects.get(action="account.seal_again").detail["done"] == 2


def test_a_secret_whose_key_is_gone_takes_no_code_and_breaks_nothing(
    person: User, settings: Settings
) -> None:
    secret, _codes = an_authenticator(person)
    settings.SECRET_KEY = "new" * 20
    assert accept_code(user=person, code=code_of(secret)) is None


def test_a_code_that_was_handed_out_outlives_its_key(person: User, settings: Settings) -> None:
    code = hand_out_code(actor=None, user=person, purpose=CodePurpose.PASSWORD)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new" * 20
    reset_password(username=person.username, code=code, password=NEW)
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_a_password_that_a_command_sets_is_in_the_trail_and_changed_first(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NEW}\n"))
    call_command("changepassword", person.username)
    person.refresh_from_db()
    assert (person.check_password(NEW), person.password_is_first) == (True, True)
    entry = AuditEntry.objects.get(action="account.set_password")
    assert (entry.actor_kind, entry.object_ids) == ("system", [person.pk])


@pytest.mark.parametrize("active", [True, False])
def test_a_failed_sign_in_names_the_account_in_the_trail_alone(person: User, active: bool) -> None:
    User.objects.filter(pk=person.pk).update(is_active=active)
    answers = [
        Client().post("/sign-in/", {"login": name, "password": "違う"}).content.decode()
        for name in (person.username.upper(), "nobody")
    ]
    known, unknown = AuditEntry.objects.filter(detail__code="sign_in_failed").order_by("id")
    assert known.object_ids == [person.pk]
    assert (unknown.object_ids, "user" in unknown.detail) == ([], False)
    assert "違う" not in str([known.detail, unknown.detail])
    told = [re.findall(r"errorlist.*?</ul>", each, re.DOTALL) for each in answers]
    assert told[0] == told[1]


@pytest.mark.operation("agencies_members_hand_out_code_create")
def test_a_manager_hands_a_member_a_code_and_nobody_elsewhere(person: User) -> None:
    agency = person.memberships.get().agency
    manager = a_member(agency, Role.MANAGER)
    place = f"/api/v1/agencies/{agency.pk}/members/{person.memberships.get().pk}/hand-out-code/"
    given = api(manager).post(place, {"purpose": "password"})
    assert given.status_code == 201
    reset_password(username=person.username, code=given.json()["code"], password=NEW)
    assert api(manager).post(place, {"purpose": "email"}).status_code == 400
    desk = Client(headers={"accept-language": "en"})
    desk.cookies["sessionid"] = session_of(manager)
    page = f"/desk/devices/{person.memberships.get().pk}/code/"
    assert desk.post(page, {"purpose": "second_factor"})["Location"] == page
    assert "not shown again" in desk.get(page).content.decode()
    assert desk.get(page).status_code == 303
    a_member(an_agency(), user=person)
    assert api(manager).post(place, {"purpose": "password"}).json()["code"] == "acts_elsewhere"


# A code is taken once.


def test_a_code_is_taken_once_however_long_it_is_shown(person: User) -> None:
    secret, _codes = an_authenticator(person)
    code = code_of(secret)
    assert accept_code(user=person, code=code)
    for seconds in (0, 31, 59):
        with time_machine.travel(clock.now() + timedelta(seconds=seconds)):
            assert accept_code(user=person, code=code) is None


def test_an_older_code_is_not_taken_after_a_newer_one(person: User) -> None:
    secret, _codes = an_authenticator(person)
    with time_machine.travel(clock.now() - timedelta(seconds=30)):
        older = code_of(secret)
    assert accept_code(user=person, code=code_of(secret))
    assert accept_code(user=person, code=older) is None


def test_a_code_of_other_letters_is_only_wrong(person: User) -> None:
    an_authenticator(person)
    assert accept_code(user=person, code="１２３４５６七") is None


# Tries are counted, with Redis away too.


def test_the_sixth_wrong_password_is_not_judged(person: User) -> None:
    for _again in range(5):
        try_password(person, "違う")
        for cache in caches.all():
            cache.clear()
    assert not try_password(person, PASSWORD)


def test_another_case_of_the_name_gives_no_more_tries(person: User) -> None:
    for _again in range(5):
        Client().post("/sign-in/", {"login": person.username.upper(), "password": "違う"})
    assert not try_password(person, PASSWORD)


def test_after_a_while_the_password_is_judged_again(person: User) -> None:
    for _again in range(5):
        try_password(person, "違う")
    with time_machine.travel(clock.now() + timedelta(seconds=301)):
        assert try_password(person, PASSWORD)


def test_strangers_keep_nobody_out_on_a_device_where_they_have_signed_in(person: User) -> None:
    known = Client()
    assert try_password(person, PASSWORD, known)
    assert known.cookies[DEVICE_COOKIE]["httponly"]
    known.post("/sign-out/")
    for _again in range(6):
        try_password(person, "違う")
    assert try_password(person, PASSWORD, known)


def test_a_known_device_helps_with_no_other_account(person: User) -> None:
    known, other = Client(), a_user()
    try_password(other, PASSWORD, known)
    known.post("/sign-out/")
    for _again in range(5):
        try_password(person, "違う", known)
    assert not try_password(person, PASSWORD, known)


def test_six_wrong_codes_end_the_guessing(person: User) -> None:
    secret, _codes = an_authenticator(person)
    for number in range(5):
        accept_code(user=person, code=f"{number:06}")
    with pytest.raises(TooManyTries):
        accept_code(user=person, code=code_of(secret))


def test_a_network_of_ipv6_counts_as_one(settings: Settings) -> None:
    settings.TOKEN_TRIES_OF_ADDRESS = 3
    answers = [
        Client().post(TOKEN, {}, REMOTE_ADDR=f"2001:db8:1:2::{number}").status_code
        for number in range(5)
    ]
    assert answers[-2:] == [429, 429]
    assert Client().post(TOKEN, {}, REMOTE_ADDR="2001:db8:1:3::1").status_code != 429


def test_an_address_of_ipv4_is_one_however_it_is_written() -> None:
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") == "192.0.2.1"


def test_a_try_does_not_keep_whose_it_was(person: User) -> None:
    count_try("password", person.username, most=5)
    assert person.username not in str(list(SignInTry.objects.values()))


def test_a_failed_sign_in_names_the_account_in_the_trail_and_nothing_that_was_typed(
    person: User,
) -> None:
    try_password(person, "違う合言葉")
    Client().post("/sign-in/", {"login": "とても長い合言葉です-9", "password": "x"})
    details = list(
        AuditEntry.objects.filter(detail__code="sign_in_failed").values_list("detail", flat=True)
    )
    assert [each.get("user") for each in details] == [str(person.pk), None]
    assert "合言葉" not in str(details)


# The first password, and one that was forgotten.


def test_a_password_of_somebody_else_opens_the_page_to_change_it_alone(person: User) -> None:
    set_password(user=person, password=PASSWORD, first=True)
    client = signed_in(person)
    assert client.get(TODAY)["Location"] == "/account/password/"
    assert client.get(ME).json()["code"] == "password_is_first"
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    client.post("/sign-in/", {"login": person.username, "password": NEW})
    assert (status(client), status(client, ME)) == (200, 200)


def a_reset(person: User, code: str, password: str = NEW) -> int:
    typed = {"username": person.username, "code": code, "password": password}
    return Client().post(FORGOTTEN, {**typed, "password_again": password}).status_code


def test_a_forgotten_password_is_set_anew_with_a_code_and_ends_every_session(person: User) -> None:
    client = signed_in(person)
    code = hand_out_code(actor=None, user=person, purpose=CodePurpose.PASSWORD)
    assert a_reset(person, code) == 302
    assert (status(client), a_reset(person, code, "さらに長い合言葉です-3")) == (303, 422)
    assert try_password(person, NEW)


def test_a_weak_password_does_not_use_the_code_up(person: User) -> None:
    code = hand_out_code(actor=None, user=person, purpose=CodePurpose.PASSWORD)
    assert (a_reset(person, code, "123456789012"), a_reset(person, code)) == (422, 302)


def test_an_unknown_name_gets_the_words_of_a_wrong_code(person: User) -> None:
    typed = {"code": "BBBB-BBBB-BBBB", "password": NEW, "password_again": NEW}
    known = Client().post(FORGOTTEN, {**typed, "username": person.username}).content.decode()
    unknown = Client().post(FORGOTTEN, {**typed, "username": "nobody"}).content.decode()
    assert (
        known.replace(person.username, "nobody").split("<form")[1].split("csrf")[-1][99:]
        == (unknown.split("<form")[1].split("csrf")[-1][99:])
    )


def test_a_code_ends_after_its_days(person: User) -> None:
    code = hand_out_code(actor=None, user=person, purpose=CodePurpose.PASSWORD)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert a_reset(person, code) == 422


def test_the_operator_hands_a_code_out_by_a_command(
    person: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("hand_out_code", person.username, "--purpose", "password")
    assert a_reset(person, capsys.readouterr().out.split()[0]) == 302


def test_a_manager_hands_none_to_whoever_acts_for_another_agency_too(person: User) -> None:
    manager = a_member(an_agency(), Role.MANAGER)
    guest = a_member(manager.agency, user=person)
    membership = guest.user.memberships.get(agency=manager.agency) if guest.user else None
    with pytest.raises(Forbidden):
        hand_out_code(
            actor=manager, user=person, purpose=CodePurpose.PASSWORD, membership=membership
        )


# Passwords that are guessed.


@pytest.mark.parametrize(
    "password",
    ["123456789012", "carenet20261129", "Password123456!", "kohoku-kohoku-1", "qwertyuiop12", "aaaaaaaaaaaaaaaa",
     "港北区ケアプラザ2026年", "yokohama12345678", "abcabcabcabcabc"],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_not_taken(person: User, password: str) -> None:
    with pytest.raises(Invalid):
        set_password(user=person, password=password)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "ゆきだるまと鉛筆と南風に", "tR7-pfx0-qqLm-zz"]
)
def test_words_that_have_nothing_to_do_with_each_other_are_taken(
    person: User, password: str
) -> None:
    set_password(user=person, password=password)
    assert person.check_password(password)
