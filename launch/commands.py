"""The commands of `run.py`, before the packages are there: the standard library alone."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from launch import clean, lock
from launch.chromium import prepare_chromium
from launch.demo_checks import demo_can_start
from launch.faketime import prepare_faketime
from launch.installation import PYTHON, install
from launch.output import run_as_program
from launch.paths import PROJECT


@dataclass(frozen=True)
class Installed:
    """A command that runs inside `.venv`: the packages it needs, the module it is."""

    requirements: str
    module: str
    preflight: Callable[[], None] | None = None
    first: tuple[str, ...] = ()


INSTALLED = {
    "demo": Installed("demo", "launch.demo", demo_can_start),
    "test": Installed("dev", "launch.test", prepare_chromium),
    "moments": Installed("dev", "launch.moments", prepare_faketime),
    "check": Installed("dev", "launch.check"),
    "manage": Installed("demo", "launch.manage"),
    "backup": Installed("demo", "launch.backup", first=("save",)),
    "restore": Installed("demo", "launch.backup", first=("restore",)),
    "messages": Installed("dev", "launch.messages"),
    "diagrams": Installed("dev", "launch.diagrams"),
    "screenshots": Installed("dev", "launch.screenshots", prepare_chromium),
    "bench": Installed("dev", "launch.bench", prepare_chromium),
    "storm": Installed("demo", "launch.storm"),
    "upgrade": Installed("demo", "launch.upgrade"),
    "faults": Installed("dev", "launch.planted_faults", prepare_chromium),
}


def main(arguments: list[str], usage: str) -> None:
    """Run the command that the arguments name; an unknown one shows the usage."""
    name, *rest = arguments or [""]
    if name in INSTALLED:
        run_as_program(lambda: _run_installed(INSTALLED[name], rest))
    elif name == "lock":
        run_as_program(lambda: lock.main(rest))
    elif name == "clean":
        run_as_program(clean.main)
    else:
        print(usage)
        sys.exit(0 if name in ("help", "-h", "--help") else 2)


def _run_installed(command: Installed, arguments: list[str]) -> int:
    if command.preflight is not None:
        command.preflight()
    install(command.requirements)
    sys.stdout.flush()
    os.chdir(PROJECT)
    # Some systems forbid bytecode, and every start would then compile everything anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Replaced, not called: whoever ends this process ends the supervisor itself.
    os.execv(PYTHON, (str(PYTHON), "-m", command.module, *command.first, *arguments))  # noqa: S606
