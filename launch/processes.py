"""One child process: its own group, its own log, and it never outlives the launcher."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from launch.paths import Account

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Service:
    """How to start and how to end one child."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    # Sent when the launcher has died without stopping anything.
    orphan_signal: signal.Signals = signal.SIGKILL
    patience: float = 15.0
    # Started again when it ends by itself.
    kept: bool = False


class Child:
    """A started service. Its process group has the number of its first process."""

    def __init__(self, service: Service, *, again: bool = False) -> None:
        self.service = service
        self.started = time.monotonic()
        account = service.account if service.account and service.account.name else None
        with service.log.open("ab" if again else "wb") as log:
            self.process = subprocess.Popen(
                service.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(service.environment),
                cwd=service.folder,
                process_group=0,
                # Safe here: the launcher has a single thread when it forks.
                preexec_fn=die_with_parent(service.orphan_signal),  # noqa: PLW1509
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    @property
    def group(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """Ask, wait, then kill; nothing of the group is left afterwards."""
        if self.alive():
            # Only the first process is asked: it ends its own children in order.
            self.process.send_signal(self.service.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.service.patience)
        kill_group(self.group)
        self.process.wait()


def die_with_parent(orphan_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what a child runs between fork and exec so that Linux ends it together with us.

    Python changes the account before it calls this; the other order would clear the setting.
    Elsewhere than on Linux there is no such setting, and `launch.reaper` does it alone.
    """
    if sys.platform != "linux":
        return None
    # Loaded before the fork: after it, hardly anything is safe to do.
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def between_fork_and_exec() -> None:
        prctl(PR_SET_PDEATHSIG, int(orphan_signal))
        if os.getppid() != parent:  # it died before we asked to be told
            os._exit(1)

    return between_fork_and_exec


def kill_group(group: int) -> None:
    """SIGKILL whatever is left of a process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def wait_for(done: Callable[[], bool], seconds: float) -> bool:
    """Poll until `done`, at most so many seconds; tells whether it came true."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
