"""The browser of the tests.

Found, installed where that may be done, never in the way of anything else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from launch import chromium
from tests.staff.browser import needs_chromium

STARTS = "echo Chromium 156"
DOES_NOT_START = "echo 'install the real one' >&2; exit 1"
FETCH, INSTALL = "install --download-only", "install --no-download"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """A machine without programs, whose user is root; returns what puts one there."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(chromium, "logs_folder", lambda: tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "asked").touch()

    def put(name: str, script: str) -> None:
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)

    return put


@pytest.fixture
def apt_get(tmp_path: Path, programs: Callable[[str, str], None]) -> Callable[[str], None]:
    """Put an apt-get there that notes what it is asked, then runs a script of sh."""

    def put(script: str) -> None:
        programs("apt-get", f'echo "$*" >> {tmp_path}/asked\n{script}')

    return put


def asked(folder: Path) -> list[str]:
    """Return what apt-get was asked to do, one step after the other."""
    lines = (folder / "asked").read_text(encoding="utf-8").splitlines()
    return [
        next(step for step in (FETCH, INSTALL, "update") if step in line) for line in lines
    ]  # fmt: skip


def installs(folder: Path) -> str:
    """Return a script that puts Chromium there when it comes to that."""
    there = folder / "bin" / "chromium"
    return f"""case "$*" in *--no-download*)
        printf '#!/bin/sh\n{STARTS}\n' > {there}; /bin/chmod 755 {there};; esac"""


def test_what_is_there_is_not_installed_again(
    tmp_path: Path, programs: Callable[[str, str], None], apt_get: Callable[[str], None]
) -> None:
    programs("chromium", STARTS)
    apt_get("exit 1")
    chromium.prepare_chromium()

    assert asked(tmp_path) == []


def test_what_is_missing_is_fetched_and_installed(
    tmp_path: Path, apt_get: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    apt_get(installs(tmp_path))
    chromium.prepare_chromium()

    assert asked(tmp_path) == [FETCH, INSTALL]
    assert chromium.chromium() == str(tmp_path / "bin" / "chromium")
    said = capsys.readouterr().out
    assert "インストールしています" in said
    assert "installing Chromium" in said
    assert "no Chromium" not in said


def test_a_system_without_lists_of_packages_gets_them_first(
    tmp_path: Path, apt_get: Callable[[str], None]
) -> None:
    lists = tmp_path / "lists"
    apt_get(f'case "$*" in *update*) : > {lists};; esac; [ -e {lists} ] || exit 100')
    chromium.prepare_chromium()

    assert asked(tmp_path) == [FETCH, "update", FETCH, INSTALL]


def test_fonts_that_are_missing_are_installed_too(
    tmp_path: Path, programs: Callable[[str, str], None], apt_get: Callable[[str], None]
) -> None:
    programs("chromium", STARTS)
    programs("fc-list", "exit 0")
    apt_get("exit 0")
    chromium.prepare_chromium()

    assert asked(tmp_path) == [FETCH, INSTALL]


def test_without_the_right_nothing_is_installed_and_that_is_said(
    tmp_path: Path,
    apt_get: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    apt_get(installs(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    chromium.prepare_chromium()

    assert asked(tmp_path) == []
    said = capsys.readouterr().out
    assert "画面のテストは実行されません" in said
    assert "no tests of the pages (installing needs root and apt-get)" in said


def test_packages_out_of_reach_stop_nothing(
    tmp_path: Path, apt_get: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    apt_get("echo 'no route to the archive'; exit 100")
    chromium.prepare_chromium()

    assert asked(tmp_path) == [FETCH, "update"]
    assert "no Chromium, so no tests of the pages (not installed" in capsys.readouterr().out
    assert "no route to the archive" in (tmp_path / "chromium.log").read_text(encoding="utf-8")


@pytest.mark.usefixtures("programs")
def test_a_download_that_hangs_is_given_up(
    tmp_path: Path, apt_get: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "FETCH_SECONDS", 0.2)
    apt_get('case "$*" in *update*) exit 1;; esac; exec /bin/sleep 300')
    chromium.prepare_chromium()

    assert asked(tmp_path) == [FETCH, "update"]


def test_a_program_that_only_has_the_name_is_no_browser(
    programs: Callable[[str, str], None],
) -> None:
    programs("chromium", DOES_NOT_START)
    programs("chromium-browser", STARTS)

    assert str(chromium.chromium()).endswith("/chromium-browser")


@pytest.mark.usefixtures("programs")
def test_without_it_a_test_is_skipped_saying_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium fonts-noto-cjk"):
        needs_chromium()


@pytest.mark.usefixtures("programs")
def test_where_everything_must_run_a_skip_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Chromium is not installed"):
        needs_chromium()
