"""The operator's command line."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import get_language

from carenet.agencies.management.output import in_both
from carenet.agencies.models import Agency, ApiClient, User
from carenet.agencies.roles import Role
from tests.areas.published import a_file, a_row
from tests.factories import PASSWORD, a_user, an_agency

pytestmark = pytest.mark.django_db


class Translated:
    def __str__(self) -> str:
        return {"ja": "はい", "en": "yes"}[get_language() or ""]


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "offices.csv"


@pytest.fixture
def _typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


def test_an_import_reports_what_became_of_each_line(file: Path) -> None:
    file.write_bytes(a_file(a_row(), a_row(サービスの種類="通所介護"), a_row(事業所名="")))
    said = run("import_agencies", str(file))
    assert "Created: 1 offices. (lines 2–3)" in said
    assert "Refused: 1 lines. (lines 4)" in said
    assert "Line 4: 事業所名 is empty." in said


def test_each_office_is_named_on_request(file: Path) -> None:
    file.write_bytes(a_file(a_row()))
    assert "2: 1479900019 みほん　港北" in run("import_agencies", str(file), "-v", "2")


def test_a_rehearsal_changes_nothing(file: Path) -> None:
    file.write_bytes(a_file(a_row()))
    assert "Created: 1" in run("import_agencies", str(file), "--dry-run")
    assert not Agency.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a,b\r\n1,2\r\n", a_file()])
def test_a_broken_file_changes_nothing_and_fails(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(CommandError, match="nothing was changed"):
        run("import_agencies", str(file))
    assert not Agency.objects.exists()


def test_a_file_that_breaks_late_changes_nothing_either(file: Path) -> None:
    file.write_bytes(a_file(a_row()) + b'"')
    with pytest.raises(CommandError, match="line 3"):
        run("import_agencies", str(file))
    assert not Agency.objects.exists()


def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(CommandError, match=re.escape(str(file))):
        run("import_agencies", str(file))


def test_a_file_without_a_usable_line_fails(file: Path) -> None:
    file.write_bytes(a_file(a_row(事業所番号="")))
    with pytest.raises(CommandError, match="No line"):
        run("import_agencies", str(file))


def test_commands_speak_japanese_first_and_english_second() -> None:
    assert in_both(Translated()) == "はい / yes"  # type: ignore[arg-type]
    assert in_both("1479900019") == "1479900019"


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


def test_two_agencies_of_one_name_must_be_told_apart() -> None:
    an_agency(name="甲")
    an_agency(name="甲")
    with pytest.raises(CommandError, match="Several agencies"):
        run("create_api_client", "--agency", "甲", "--name", "x", "--scopes", "cases:read")


def test_a_clients_secret_is_shown_once_and_kept_as_a_hash() -> None:
    agency = an_agency(office_number="1479900019")
    said = run("create_api_client", "--agency", "1479900019", "--name", "記録システム",
               "--scopes", "cases:read", "referrals:write")  # fmt: skip
    shown = dict(line.split("=", 1) for line in said.splitlines())
    client = ApiClient.objects.get(client_id=shown["client_id"])
    assert client.agency == agency
    assert shown["client_secret"] not in client.client_secret
