"""Chromium and Japanese fonts for the tests of the pages: found, or installed where that may be done.

The standard library alone. It may be done as root on a Linux with apt-get. Whatever goes wrong is said
and no more: without Chromium those tests are skipped, or fail where `CI=true` says that all must run.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from launch.output import say
from launch.paths import PROJECT, logs_folder

PROGRAMS = ("chromium", "chromium-browser")
PACKAGES = ("chromium", "fonts-noto-cjk")
APT = (
    "apt-get", "-q", "-y", "--no-install-recommends",
    "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20",
    "-o", "Acquire::Retries=1", "-o", "DPkg::Lock::Timeout=30",
)  # fmt: skip
#: Each of the steps ends by then. Only the last one changes the system, and it needs no network.
LISTS_SECONDS, FETCH_SECONDS, UNPACK_SECONDS, LOOK_SECONDS = 90, 240, 240, 20


def chromium() -> str | None:
    """Return the path of a Chromium that starts, None without one.

    Some systems have a program of that name that only says how to get the real one.
    """
    found = (shutil.which(name) for name in PROGRAMS)
    return next((path for path in found if path and _answers(path, "--version")), None)


def prepare_chromium() -> None:
    """Make sure of Chromium and of fonts with Japanese; quick when both are there. Never raises."""
    browser = chromium()
    if browser and _japanese_fonts():
        return
    if not may_install():
        if browser is None:
            _say_missing(
                "インストールには root と apt-get が必要です", "installing needs root and apt-get"
            )
        return
    say(
        "Chromium と日本語フォントをインストールしています(最長数分)",
        "installing Chromium and Japanese fonts, some minutes at most",
    )
    log = logs_folder() / "chromium.log"
    log.unlink(missing_ok=True)
    if not (_fetched(log) and _runs("install", log, UNPACK_SECONDS) and chromium()):
        shown = log.relative_to(PROJECT) if log.is_relative_to(PROJECT) else log
        _say_missing(
            f"インストールできませんでした。詳細: {shown}", f"not installed, details: {shown}"
        )


def may_install() -> bool:
    """Whether this is a Linux whose packages are ours to install."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _fetched(log: Path) -> bool:
    """Download the packages; with new lists if the ones that are there lead nowhere."""
    if _runs("fetch", log, FETCH_SECONDS):
        return True
    return _runs("update", log, LISTS_SECONDS) and _runs("fetch", log, FETCH_SECONDS)


def _runs(step: str, log: Path, seconds: float) -> bool:
    what = {
        "update": ("update",),
        "fetch": ("install", "--download-only", *PACKAGES),
        "install": ("install", "--no-download", *PACKAGES),
    }[step]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with log.open("ab") as stream:
        return _succeeds(
            lambda: subprocess.run(
                (*APT, *what), env=environment, stdin=subprocess.DEVNULL,
                stdout=stream, stderr=subprocess.STDOUT, timeout=seconds, check=False,
            ).returncode == 0
        )  # fmt: skip


def _answers(*argv: str) -> bool:
    """Whether a program runs, and says something."""
    return _succeeds(
        lambda: subprocess.run(
            argv, capture_output=True, timeout=LOOK_SECONDS, check=True
        ).stdout.strip() != b""
    )  # fmt: skip


def _japanese_fonts() -> bool:
    """Whether a font has Japanese; where nobody can be asked, they are taken to be there."""
    asked = shutil.which("fc-list")
    return asked is None or _answers(asked, ":lang=ja", "family")


def _succeeds(attempt: Callable[[], bool]) -> bool:
    try:
        return attempt()
    except (OSError, subprocess.SubprocessError):
        return False


def _say_missing(japanese: str, english: str) -> None:
    say(
        f"Chromium がないため、画面のテストは実行されません({japanese})",
        f"no Chromium, so no tests of the pages ({english})",
    )
