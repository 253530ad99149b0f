"""Plants faults of one line each and tells which the suite finds: `python -m launch.planted_faults`.

Options: `SEED=1`, `COUNT=60`, `FROM=FOLDER`. A fault is a comparison turned round, a condition
dropped, a call of a rule left out. It stands in `policy`, `states`, `actions` or `selectors` of a
room. A seed chooses the same faults each time. They are planted one after the other in a copy of the
tree, never in the tree itself. The tests of the room run first, then those of all other rooms; the
first that fails ends the run.

`FROM` is the folder of an earlier state with its packages installed. With it only lines that stand
in it word for word are chosen, and what this suite misses is asked of the suite there as well. It
takes hours: a minute or two for a fault that is found, the whole suite for one that is not.
"""

import ast
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launch.environment import servers_for_tests
from launch.output import run_as_program
from launch.paths import PROJECT, logs_folder
from launch.supervisor import StopRequested
from launch.test import SETTINGS, template

PLACES = ("policy", "states", "actions", "selectors")
#: What a copy of the tree does without.
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".carenet", "__pycache__", ".*_cache")
TURNED = {
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.In: (" in ", " not in "),
    ast.NotIn: (" not in ", " in "), ast.Is: (" is ", " is not "), ast.IsNot: (" is not ", " is "),
}  # fmt: skip
#: Calls that guard or record something: without one of them a promise of the docs is broken.
GUARDS = re.compile(r"^\s*(demand\w*|check_\w+|refuse_\w+|log_\w+|notify\w*|cancel_\w+)\(.*\)$")


@dataclass(frozen=True)
class Fault:
    """One line of a file, `number` counted from one, and what stands there instead."""

    path: Path
    number: int
    line: str
    instead: str


def main() -> int:
    """Print a line for each fault, and how many were found; returns 0 whatever was found."""
    options = {"SEED": "1", "COUNT": "60", "FROM": ""}
    options |= dict(each.partition("=")[::2] for each in sys.argv[1:])
    earlier = Path(options["FROM"]).resolve() if options["FROM"] else None
    faults = choose(PROJECT, int(options["SEED"]), int(options["COUNT"]), earlier)
    try:
        with servers_for_tests() as servers, tempfile.TemporaryDirectory() as folder:
            environment = {**servers.environment, **SETTINGS}
            environment |= template(servers, environment, logs_folder() / "faults-migrate.log")
            outcome = Counter(report(each, Path(folder), environment, earlier) for each in faults)
    except StopRequested as request:
        return 128 + request.number
    print(", ".join(f"{number} {name}" for name, number in sorted(outcome.items())))
    return 0


def choose(tree: Path, seed: int, count: int, earlier: Path | None) -> list[Fault]:
    """Return `count` faults chosen by a seed, at most one a line."""
    known = None if earlier is None else Counter(_lines(earlier))
    ours = Counter(_lines(tree))
    possible = [
        fault
        for path in _files(tree)
        for fault in faults_of(path.relative_to(tree), path.read_text())
        if ours[fault.line.strip()] == 1 and (known is None or known[fault.line.strip()] == 1)
    ]
    return random.Random(seed).sample(possible, min(count, len(possible)))  # noqa: S311


def faults_of(path: Path, source: str) -> Iterator[Fault]:
    """Yield the faults that can be planted in a file, one for each line that takes one."""
    lines = source.splitlines()
    seen: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        number = getattr(node, "lineno", 0)
        if not number or number in seen:
            continue
        line = lines[number - 1]
        instead = _instead(node, line)
        if instead is not None and instead != line:
            seen.add(number)
            yield Fault(path, number, line, instead)


def _instead(node: ast.AST, line: str) -> str | None:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        old, new = TURNED[type(node.ops[0])]
        return line.replace(old, new, 1) if line.count(old) == 1 else None
    if isinstance(node, ast.BoolOp):
        old, new = (" and ", " or ") if isinstance(node.op, ast.And) else (" or ", " and ")
        return line.replace(old, new, 1) if line.count(old) == 1 else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return line.replace("not ", "", 1) if line.count("not ") == 1 else None
    if isinstance(node, ast.Expr) and GUARDS.match(line):
        return re.sub(r"\S.*", "pass", line, count=1)
    return None


def report(fault: Fault, folder: Path, environment: dict[str, str], earlier: Path | None) -> str:
    """Plant a fault, print what became of it, and return `found`, `missed` or `found before`."""
    by = first_failure(fault, PROJECT, folder / "now", environment)
    outcome = "found" if by else "missed"
    if not by and earlier is not None:
        there = _in_tree(fault, earlier)
        # Its migrations are others: the template is of no use to it.
        without = {key: value for key, value in environment.items() if key != "TEST_TEMPLATE"}
        by = first_failure(there, earlier, folder / "before", without)
        outcome = "found before" if by else "missed"
    print(f"{outcome:<13}{fault.path}:{fault.number} {fault.instead.strip()} | {by}", flush=True)
    return outcome


def first_failure(fault: Fault, tree: Path, copy: Path, environment: dict[str, str]) -> str:
    """Return the name of the first test that a planted fault lets fail; empty without one.

    What fails without the fault, too, has not found it.
    """
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(tree, copy, ignore=LEFT_OUT)
    (copy / ".venv").symlink_to(tree / ".venv")
    file = copy / fault.path
    whole = file.read_text()
    lines = whole.splitlines(keepends=True)
    lines[fault.number - 1] = fault.instead + "\n"
    room = f"tests/{fault.path.parts[1]}"
    own = [room] if (copy / room).is_dir() else []
    for arguments in (own, ["tests", *(f"--ignore={each}" for each in own)]):
        file.write_text("".join(lines))
        found = _run(arguments, copy, environment) if arguments else ""
        file.write_text(whole)
        if found and not _run([found], copy, environment):
            return found
    return ""


def _run(arguments: list[str], copy: Path, environment: dict[str, str]) -> str:
    pytest = (
        str(copy / ".venv" / "bin" / "python"), "-m", "pytest", "-x", "-q", "--no-header", "--tb=no",
        "--numprocesses=2", "--dist=loadfile", "--create-db", *arguments,
    )  # fmt: skip
    done = subprocess.run(
        pytest, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    return failed[1] if failed else arguments[0]


def _in_tree(fault: Fault, tree: Path) -> Fault:
    """Return the same fault where its line stands in another tree."""
    for path in _files(tree):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if line.strip() == fault.line.strip():
                indent = line[: len(line) - len(line.lstrip())]
                return Fault(path.relative_to(tree), number, line, indent + fault.instead.strip())
    raise LookupError(fault.line)


def _files(tree: Path) -> list[Path]:
    found = [
        path
        for room in sorted((tree / "carenet").iterdir())
        for place in PLACES
        for path in (room / f"{place}.py", *sorted((room / place).rglob("*.py")))
    ]
    return [path for path in found if path.is_file()]


def _lines(tree: Path) -> list[str]:
    return [line.strip() for path in _files(tree) for line in path.read_text().splitlines()]


if __name__ == "__main__":
    run_as_program(main)
