"""Children of the launcher, with real processes: none is lost, none is left."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from launch.output import LaunchError
from launch.paths import PROJECT
from launch.processes import Service
from launch.supervisor import MOST_DEATHS, StopRequested, Supervisor

STAYS = "exec sleep 300"
# A launcher with one child that has a child itself; prints all their numbers.
LAUNCHER = """
import sys, time
from pathlib import Path
from launch.processes import Service
from launch.supervisor import StopRequested, Supervisor

folder = Path(sys.argv[1])
tree = ("sh", "-c", f"sleep 300 & echo $! > {folder}/grandchild; wait")
try:
    with Supervisor() as supervisor:
        service = Service("tree", tree, {"PATH": "/usr/bin:/bin"}, folder / "log", folder)
        child = supervisor.start(service)
        supervisor.wait_until((folder / "grandchild").exists, 5)
        time.sleep(0.1)
        grandchild = (folder / "grandchild").read_text().strip()
        print(child.group, grandchild, supervisor._guard.pid, flush=True)
        supervisor.wait_until(lambda: False, 60)
except StopRequested:
    print("asked to stop", flush=True)
"""


def service(folder: Path, name: str, script: str, *, patience: float = 5.0) -> Service:
    return Service(
        name=name,
        argv=("sh", "-c", script),
        environment={"PATH": os.defpath},
        log=folder / f"{name}.log",
        folder=folder,
        patience=patience,
    )


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def gone(pid: int) -> bool:
    """Not there, or only waiting to be reaped by its new parent."""
    state = subprocess.run(
        ("ps", "-o", "stat=", "-p", str(pid)), capture_output=True, text=True, check=False
    ).stdout.strip()
    return not state or state.startswith("Z")


def test_the_death_of_a_child_is_reported_with_its_name_and_log(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        supervisor.start(service(tmp_path, "stays", STAYS))
        supervisor.start(service(tmp_path, "fragile", "echo 'out of luck'; exit 7"))
        with pytest.raises(LaunchError) as caught:
            supervisor.wait_until(lambda: False, 5)

    assert caught.value.english == "fragile ended unexpectedly (status 7)."
    assert "out of luck" in caught.value.text()


def test_a_child_that_is_kept_is_started_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = replace(service(tmp_path, "kept", f"echo again; {STAYS}"), kept=True)
    with Supervisor() as supervisor:
        first = supervisor.start(kept)
        os.killpg(first.group, signal.SIGKILL)

        assert supervisor.wait_until(
            lambda: supervisor.children[0] is not first and supervisor.children[0].alive(), 10
        )

    assert "kept ended (status -9); it starts again in 0.5 s" in capsys.readouterr().out


def test_a_child_that_cannot_be_kept_alive_ends_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("launch.supervisor.FIRST_PAUSE", 0.01)
    hopeless = replace(service(tmp_path, "hopeless", "echo 'out of luck'; exit 7"), kept=True)

    with Supervisor() as supervisor:
        supervisor.start(hopeless)
        with pytest.raises(LaunchError) as caught:
            supervisor.wait_until(lambda: False, 30)

    assert caught.value.english == "hopeless ended unexpectedly (status 7)."
    assert "out of luck" in caught.value.text()
    said = re.findall(r"starts again in", capsys.readouterr().out)
    assert len(said) == MOST_DEATHS - 1


def test_children_are_stopped_in_reverse_order(tmp_path: Path) -> None:
    order = tmp_path / "order"
    script = f"trap 'echo NAME >> {order}; exit 0' TERM; echo up; while :; do sleep 0.02; done"

    with Supervisor() as supervisor:
        for name in ("first", "second", "third"):
            child = supervisor.start(service(tmp_path, name, script.replace("NAME", name)))
            assert supervisor.wait_until(lambda: child.service.log.read_text() != "", 5)  # noqa: B023

    assert order.read_text().split() == ["third", "second", "first"]


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        script = "trap '' TERM; echo up; while :; do sleep 1; done"
        deaf = supervisor.start(service(tmp_path, "deaf", script, patience=0.2))
        supervisor.wait_until(lambda: deaf.service.log.read_text() != "", 5)

    assert deaf.process.returncode == -signal.SIGKILL


def test_what_a_child_leaves_behind_is_killed_with_it(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        script = "sleep 300 & echo $!; wait"
        parent = supervisor.start(service(tmp_path, "parent", script))
        supervisor.wait_until(lambda: parent.service.log.read_text().endswith("\n"), 5)
        left = int(parent.service.log.read_text())

    assert eventually(lambda: gone(left))


def test_a_step_that_fails_shows_its_log(tmp_path: Path) -> None:
    with pytest.raises(LaunchError) as caught, Supervisor() as supervisor:
        supervisor.run_step(service(tmp_path, "migrate", "echo 'no such table'; exit 1"), seconds=5)

    assert caught.value.english == "migrate failed (status 1)."
    assert "no such table" in caught.value.text()


def test_a_step_that_is_shown_says_what_it_says_and_no_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says = "echo 'people'; echo '{}'; echo 'cases'"
    with Supervisor() as supervisor:
        supervisor.run_step(service(tmp_path, "load", says), seconds=5, shown=True)
        supervisor.run_step(service(tmp_path, "still", says), seconds=5)
    assert capsys.readouterr().out == "  people\n  cases\n"


def test_a_step_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(LaunchError) as caught, Supervisor() as supervisor:
        supervisor.run_step(service(tmp_path, "migrate", STAYS), seconds=0.2)

    assert caught.value.english == "migrate did not end in time."


def test_a_request_to_stop_ends_the_waiting(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        child = supervisor.start(service(tmp_path, "stays", STAYS))
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(StopRequested):
            supervisor.wait_until(lambda: False, 5)

    assert not child.alive()


def test_a_program_in_the_foreground_passes_its_status_on(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        assert (
            supervisor.run_in_foreground(("sh", "-c", "exit 3"), {"PATH": os.defpath}, tmp_path)
            == 3
        )


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        (sys.executable, "-c", LAUNCHER, str(tmp_path)),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def next_line(launcher: subprocess.Popen[str]) -> str:
    assert launcher.stdout is not None
    return str(launcher.stdout.readline())


def test_after_a_killed_launcher_no_process_is_left(launcher: subprocess.Popen[str]) -> None:
    pids = [int(pid) for pid in next_line(launcher).split()]

    launcher.kill()

    assert len(pids) == 3
    assert eventually(lambda: all(gone(pid) for pid in pids))


def test_after_a_terminated_launcher_no_process_is_left(launcher: subprocess.Popen[str]) -> None:
    pids = [int(pid) for pid in next_line(launcher).split()]

    launcher.terminate()

    rest, _ = launcher.communicate(timeout=5)
    assert rest.splitlines()[-1] == "asked to stop"
    assert launcher.returncode == 0
    assert eventually(lambda: all(gone(pid) for pid in pids))
