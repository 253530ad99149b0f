"""The lint of templates, scripts and stylesheets: `python -m launch.web_lint`; `--write` mends.

Templates are formatted and linted by djangofmt (`pyproject.toml`), the rest by Biome (`biome.jsonc`).
"""

import platform
import subprocess
import sys
from pathlib import Path

from launch.output import run_as_program, say
from launch.paths import PROJECT

PROGRAMS = Path(sys.executable).parent
ROOM = "carenet"
#: The kind of machine for which Biome has a wheel.
BIOME_RUNS_ON = ("Linux", "x86_64")


def main() -> int:
    """Return 1 if any of them finds something that it does not mend."""
    write = "--write" in sys.argv[1:]
    form, fix = ((), ("--fix",)) if write else (("--check",), ())
    biome = ("check", "--error-on-warnings", *(("--write",) if write else ()))
    passed = [
        _passes("djangofmt", "check", *fix, ROOM),
        _passes("djangofmt", *form, ROOM),
        _passes("biome", *biome) if _biome_is_here() else True,
    ]
    return 0 if all(passed) else 1


def _passes(name: str, *arguments: str) -> bool:
    return subprocess.run((PROGRAMS / name, *arguments), cwd=PROJECT, check=False).returncode == 0


def _biome_is_here() -> bool:
    """Say so where there is no such program."""
    machine = (platform.system(), platform.machine())
    if machine == BIOME_RUNS_ON:
        return True
    say(
        f"JavaScript と CSS の検査は省略しました: Biome は {' '.join(machine)} では使えません。",
        f"left out: scripts and stylesheets, for there is no Biome for {' '.join(machine)}",
    )
    return False


if __name__ == "__main__":
    run_as_program(main)
