"""Starts children in order, watches them, and ends them in reverse order.

A child that ends by itself and is to be kept is started again, with growing pauses, and a line says
so each time. When any other ends, or one cannot be kept alive, everything ends, and the message names
the child and shows the end of its log. Ctrl-C and SIGTERM are requests that the waiting loops look at;
they never cut into the stopping itself.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from launch.output import LaunchError, say, show_lines
from launch.processes import (
    POLL_SECONDS,
    Child,
    Service,
    die_with_parent,
    kill_group,
    wait_for,
)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
#: A child that has lived so long did not die of its start.
SETTLED_SECONDS = 30.0
#: So many deaths in a row, each soon after its start, and it cannot be kept alive.
MOST_DEATHS = 7
STOP_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """Somebody asked the launcher to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Supervisor:
    """A context: children started inside it are gone when it ends, however it ends."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._request: int | None = None
        self._handlers: dict[int, object] = {}
        self._guard: subprocess.Popen[str] | None = None
        self._deaths: dict[str, int] = {}
        self._again_at: dict[Child, float] = {}

    def __enter__(self) -> Self:
        for number in STOP_REQUESTS:
            self._handlers[number] = signal.signal(number, self._note)
        self._guard = _start_guard()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is StopRequested:
            say("終了しています", "stopping")
        while self.children:
            self.stop(self.children[-1])
        if self._guard is not None:
            self._guard.communicate()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def start(self, service: Service) -> Child:
        """Start a child that is meant to stay."""
        self.look()
        child = Child(service)
        self.children.append(child)
        self._tell_guard(f"+{child.group} {int(service.orphan_signal)}")
        return child

    def stop(self, child: Child) -> None:
        child.stop()
        self._tell_guard(f"-{child.group}")
        self.children.remove(child)

    def look(self, *, may_end: Child | None = None) -> None:
        """Raise when a stop was requested or a child that should stay has ended."""
        if self._request is not None:
            raise StopRequested(self._request)
        for child in tuple(self.children):
            if child is may_end or child.alive():
                continue
            if not child.service.kept:
                raise _ended(child)
            self._keep(child)

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Wait for a condition while watching all children; tells whether it came true."""

        def looked_and_ready() -> bool:
            self.look()
            return ready()

        return wait_for(looked_and_ready, seconds)

    def run_step(self, service: Service, *, seconds: float, shown: bool = False) -> None:
        """Run a child that has to end well, such as a migration; `shown` with what it says meanwhile."""
        child, written = self.start(service), 0

        def ended() -> bool:
            nonlocal written
            self.look(may_end=child)
            over = not child.alive()
            if shown:
                written = show_lines(service.log, written)
            return over

        in_time = wait_for(ended, seconds)
        status = child.process.returncode
        self.stop(child)
        if not in_time or status != 0:
            raise _step_failed(service, status)

    def run_in_foreground(
        self, argv: tuple[str, ...], environment: Mapping[str, str], folder: Path
    ) -> int:
        """Run a program that owns the terminal, such as pytest, and return its exit status.

        It stays in our process group, so that it may read the keyboard (a debugger does), and so
        Ctrl-C reaches it directly: here the request only has to be passed on when it came alone.
        """
        process = subprocess.Popen(
            argv,
            env=dict(environment),
            cwd=folder,
            # Safe here: the launcher has a single thread when it forks.
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509
        )
        try:
            status = self._follow(process)
        finally:
            process.kill()
            process.wait()
        # As a shell tells it: a program that a signal ended has 128 and the signal's number.
        return status if status >= 0 else 128 - status

    def _follow(self, process: subprocess.Popen[bytes]) -> int:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(POLL_SECONDS)
            if self._request is not None:
                if self._request != signal.SIGINT or not sys.stdin.isatty():
                    process.send_signal(self._request)
                self._request = None
            self.look()

    def _keep(self, child: Child) -> None:
        """Start it again when its pause is over; raise if it has died too often in a row."""
        if child not in self._again_at:
            self._again_at[child] = time.monotonic() + self._bury(child)
        elif time.monotonic() >= self._again_at[child]:
            del self._again_at[child]
            after = Child(child.service, again=True)
            self.children[self.children.index(child)] = after
            self._tell_guard(f"+{after.group} {int(after.service.orphan_signal)}")

    def _bury(self, child: Child) -> float:
        """Leave nothing of it, and return how long the pause is."""
        name = child.service.name
        settled = time.monotonic() - child.started > SETTLED_SECONDS
        deaths = self._deaths[name] = 1 if settled else self._deaths.get(name, 0) + 1
        kill_group(child.group)
        self._tell_guard(f"-{child.group}")
        if deaths >= MOST_DEATHS:
            raise _ended(child)
        pause = min(FIRST_PAUSE * 2.0 ** (deaths - 1), LONGEST_PAUSE)
        status = child.process.returncode
        say(
            f"{name} が終了しました(終了コード {status})。{pause:.1f} 秒後にもう一度起動します",
            f"{name} ended (status {status}); it starts again in {pause:.1f} s",
        )
        return pause

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._request = number

    def _tell_guard(self, line: str) -> None:
        if self._guard is None or self._guard.stdin is None:
            return
        with suppress(BrokenPipeError):
            self._guard.stdin.write(f"{line}\n")
            self._guard.stdin.flush()


def _start_guard() -> subprocess.Popen[str]:
    return subprocess.Popen(
        (sys.executable, "-I", "-S", str(Path(__file__).with_name("reaper.py"))),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        process_group=0,
    )


def _ended(child: Child) -> LaunchError:
    status = child.process.returncode
    name = child.service.name
    return LaunchError(
        f"{name} が予期せず終了しました(終了コード {status})。",
        f"{name} ended unexpectedly (status {status}).",
        child.service.log,
    )


def _step_failed(service: Service, status: int | None) -> LaunchError:
    if status is None:
        return LaunchError(
            f"{service.name} が時間内に終わりませんでした。",
            f"{service.name} did not end in time.",
            service.log,
        )
    return LaunchError(
        f"{service.name} に失敗しました(終了コード {status})。",
        f"{service.name} failed (status {status}).",
        service.log,
    )
