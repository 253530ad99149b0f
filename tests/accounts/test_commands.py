"""The operator's command line, where it lets people and systems in."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from carenet.agencies.models import ApiClient, User
from carenet.agencies.roles import Role
from tests.factories import PASSWORD, a_user, an_agency

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture
def _typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


@pytest.mark.usefixtures("_typed")
def test_a_new_member_gets_an_account_with_the_password_that_was_typed() -> None:
    agency = an_agency()
    run("create_member", "hanako", "--name", "山田 花子", "--agency", str(agency.pk),
        "--roles", "staff", "manager")  # fmt: skip
    user = User.objects.get(username="hanako")
    assert user.check_password(PASSWORD)
    assert user.memberships.get().role_set == {Role.STAFF, Role.MANAGER}


def test_a_person_with_an_account_is_not_asked_for_a_password() -> None:
    a_user(username="hanako")
    an_agency(name="みほんプラザ")
    said = run("create_member", "hanako", "--agency", "みほんプラザ", "--roles", "watcher")
    assert said == "hanako @ みほんプラザ: watcher\n"


@pytest.mark.usefixtures("_typed")
def test_a_member_who_cannot_be_added_leaves_no_account() -> None:
    with pytest.raises(CommandError, match="no agency"):
        run("create_member", "hanako", "--name", "花子", "--agency", "x", "--roles", "staff")
    assert not User.objects.exists()


def test_a_weak_password_is_told_by_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hanako\n"))
    an_agency(name="甲")
    with pytest.raises(CommandError, match="password: "):
        run("create_member", "hanako", "--name", "花子", "--agency", "甲", "--roles", "staff")


def test_a_clients_secret_is_shown_once_and_kept_as_a_hash() -> None:
    agency = an_agency(office_number="1479900019")
    said = run("create_api_client", "--agency", "1479900019", "--name", "記録システム",
               "--scopes", "cases:read", "referrals:write")  # fmt: skip
    shown = dict(line.split("=", 1) for line in said.splitlines())
    client = ApiClient.objects.get(client_id=shown["client_id"])
    assert client.agency == agency
    assert shown["client_secret"] not in client.client_secret
