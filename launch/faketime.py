"""libfaketime, which moves the clocks of PostgreSQL and Valkey: found, or installed where it may be.

The clock of Python is moved by time-machine (`config/settings/test.py`): under libfaketime its
threads would wait for ever.
"""

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launch.chromium import APT, may_install
from launch.output import say
from launch.paths import logs_folder

PACKAGE = "faketime"
LIBRARY = "libfaketimeMT.so.1"
PLACES = (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib"))
LISTS_SECONDS, INSTALL_SECONDS = 90, 120
#: The servers look at the file no more often.
CACHE_SECONDS = 1


@dataclass(frozen=True)
class ServersClock:
    """The clock of servers that were started with `environment`: a file says how far ahead it is."""

    library: Path
    file: Path

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "LD_PRELOAD": str(self.library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": str(CACHE_SECONDS),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def move(self, ahead: int) -> None:
        """Be so many seconds ahead from now on; returns when the servers have seen it."""
        draft = self.file.with_suffix(".new")
        draft.write_text(f"+{ahead}s\n", encoding="utf-8")
        draft.chmod(0o644)  # PostgreSQL may run as another account
        draft.rename(self.file)
        time.sleep(2 * CACHE_SECONDS)


def library() -> Path | None:
    """Return where libfaketime is, None without it."""
    found = (path for place in PLACES for path in place.glob(f"**/faketime/{LIBRARY}"))
    return next(found, None)


def prepare_faketime() -> None:
    """Install it if it is missing and that may be done; says so where not. Never raises."""
    if library() is not None:
        return
    if not may_install():
        say(
            f"{PACKAGE} がありません(インストールには root と apt-get が必要です)",
            f"no {PACKAGE} (installing needs root and apt-get)",
        )
        return
    say(f"{PACKAGE} をインストールしています", f"installing {PACKAGE}")
    if not (_apt("install", PACKAGE) or (_apt("update") and _apt("install", PACKAGE))):
        say(f"{PACKAGE} をインストールできませんでした", f"{PACKAGE} was not installed")


def _apt(*what: str) -> bool:
    seconds = LISTS_SECONDS if what == ("update",) else INSTALL_SECONDS
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with (logs_folder() / "faketime.log").open("ab") as log:
        try:
            ended = subprocess.run(
                (*APT, *what), env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, timeout=seconds, check=False,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return False
    return ended.returncode == 0
