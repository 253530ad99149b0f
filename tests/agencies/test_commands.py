"""The operator's command line."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import get_language

from carenet.agencies.management.output import in_both
from carenet.agencies.models import Agency
from tests.areas.published import a_file, a_row
from tests.factories import an_agency

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


def test_two_agencies_of_one_name_must_be_told_apart() -> None:
    an_agency(name="甲")
    an_agency(name="甲")
    with pytest.raises(CommandError, match="Several agencies"):
        run("create_api_client", "--agency", "甲", "--name", "x", "--scopes", "cases:read")
