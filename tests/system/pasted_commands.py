"""Runs what a page of the docs tells a newcomer to paste, and compares what it prints.

The page says it itself: `# → sent` behind a line is what that line prints; `…` stands for anything,
and a comma parts what is printed one below the other.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)
TOLD = re.compile(r"# → (.*)$", re.MULTILINE)
TIMEOUT_SECONDS = 180


def paste(*pages: Path, folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run the bash blocks of the pages as one script in `folder`; fail where a page is wrong.

    `environment` leads what is pasted to the suite's own database.
    """
    script = "".join(block for page in pages for block in BLOCK.findall(page.read_text("utf-8")))
    done = subprocess.run(
        ["bash", "-c", f"set -u\n{script}"],
        cwd=folder,
        env={**os.environ, "PATH": _path(), **(environment or {})},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    told = [part for line in TOLD.findall(script) for part in line.split(", ")]
    printed = [line for line in done.stdout.splitlines() if line]
    differing = [
        (said, seen) for said, seen in zip(told, printed, strict=False) if not _fits(said, seen)
    ]
    assert not differing, f"{differing}\n{done.stderr}"
    assert len(printed) == len(told), (printed[len(told) :], told[len(printed) :], done.stderr)


def _path() -> str:
    """Return where commands are looked for: `python3` is this one, without the way round by a shim."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def _fits(said: str, seen: str) -> bool:
    return fnmatchcase(seen, said.replace("[", "[[]").replace("…", "*"))
