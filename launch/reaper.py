"""Ends the children of a launcher that was killed with SIGKILL.

Linux tells a direct child of its parent's death, but not the grandchildren (the web server's
workers), and other systems tell nobody. The guard holds the reading end of a pipe whose other
end only the launcher has. Lines on it: `+GROUP SIGNAL` for a started process group, `-GROUP` for
one that ended. At the end of the pipe it signals the groups that are left, then kills them.

A program of the standard library alone, started by its path: it must be up at once.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

GRACE_SECONDS = 5.0
POLL_SECONDS = 0.05


def remaining_groups(lines: Iterable[str]) -> dict[int, int]:
    """Read until the pipe ends: the groups that were started and not ended, in order."""
    groups: dict[int, int] = {}
    for line in lines:
        if line.startswith("+"):
            group, number = line[1:].split()
            groups[int(group)] = int(number)
        else:
            groups.pop(int(line[1:]), None)
    return groups


def end_groups(groups: dict[int, int]) -> None:
    """Signal the groups, the last started first; kill what is still there after the grace."""
    for group, number in reversed(groups.items()):
        _signal(group, number)
    deadline = time.monotonic() + GRACE_SECONDS
    while any(map(_running, groups)) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    for group in groups:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


def _running(group: int) -> bool:
    """Whether the group is there and its first process is more than an entry in a table.

    Where nobody collects dead orphans, as in many containers, the entry stays for ever.
    """
    with suppress(OSError):
        state = Path(f"/proc/{group}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        if state.split()[0] == "Z":
            return False
    return _signal(group, 0)


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    end_groups(remaining_groups(sys.stdin))


if __name__ == "__main__":
    main()
