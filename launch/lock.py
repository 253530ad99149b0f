"""Computes the requirement files anew from the ranges in `pyproject.toml`.

The files carry versions and hashes and nothing of the machine that made them: no index address,
no path. Each is held to the versions of the largest one, so that they cannot disagree.
"""

import subprocess
from dataclasses import dataclass

from launch.installation import REQUIREMENTS, find_uv, uv_environment
from launch.output import LaunchError, say
from launch.paths import PROJECT, logs_folder

HEADER = "# Made by `python3 run.py lock`; not edited by hand.\n"
LARGEST = "requirements/dev.txt"
FORM = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header")


@dataclass(frozen=True)
class Lock:
    """One requirement file: what it is computed from, and the file whose versions it takes."""

    name: str
    source: str = "pyproject.toml"
    extras: tuple[str, ...] = ()
    constraint: str | None = LARGEST

    def options(self) -> list[str]:
        limits = ["--constraint", self.constraint] if self.constraint else []
        return [self.source, *limits, *(f"--extra={extra}" for extra in self.extras)]


LOCKS = (
    Lock("dev", extras=("embedded", "demo", "dev"), constraint=None),
    Lock("demo", extras=("embedded", "demo")),
    Lock("runtime"),
    # uv alone: pip installs it before there is anything else.
    Lock("boot", source="requirements/boot.in", constraint=None),
)


def main(arguments: list[str]) -> int:
    """Write every file; what stands in them is kept unless `--upgrade` or its like is given."""
    uv = find_uv(logs_folder() / "install.log")
    if uv is None:
        raise LaunchError("uv が見つかりません。", "uv cannot be found.")
    for lock in LOCKS:
        say(f"requirements/{lock.name}.txt を計算しています", f"computing {lock.name}.txt")
        _compile(uv, lock, arguments)
    return 0


def _compile(uv: str, lock: Lock, arguments: list[str]) -> None:
    target = REQUIREMENTS / f"{lock.name}.txt"
    output = ("--annotation-style=line", "--quiet", f"--output-file=requirements/{target.name}")
    # Those with a constraint follow the largest file; asked to upgrade, they could not.
    own = arguments if lock.constraint is None else []
    argv = (uv, "pip", "compile", *FORM, *output, *lock.options(), *own)
    if subprocess.run(argv, cwd=PROJECT, env=uv_environment(), check=False).returncode != 0:
        raise LaunchError(f"{target.name} を計算できません。", f"{target.name} cannot be computed.")
    text = target.read_text(encoding="utf-8")
    if "://" in text or " /" in text:
        raise LaunchError(
            f"{target.name} にこのマシンのアドレスまたはパスが含まれています。",
            f"{target.name} contains an address or a path of this machine.",
        )
    target.write_text(HEADER + text, encoding="utf-8")
