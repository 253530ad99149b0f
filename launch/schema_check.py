"""Compares the API's schema with the committed one: `python -m launch.schema_check [--write]`."""

import difflib
import subprocess
import sys
from pathlib import Path

from launch.paths import PROJECT

COMMITTED = PROJECT / "docs" / "openapi.json"
HINT = (
    "意図した変更なら更新してください: python3 run.py check --write-schema\n"
    "If the change is meant, refresh it: python3 run.py check --write-schema"
)


def main(arguments: list[str]) -> int:
    """Warnings of the generator count as failures, a difference is shown line by line."""
    generate = ("manage.py", "spectacular", "--lang", "en", "--validate", "--fail-on-warn")
    result = subprocess.run(
        (sys.executable, *generate, "--format", "openapi-json"),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if result.returncode != 0:
        return result.returncode
    if "--write" in arguments:
        COMMITTED.write_text(result.stdout, encoding="utf-8")
        return 0
    return compare(COMMITTED, result.stdout)


def compare(committed: Path, generated: str) -> int:
    """Print the difference as a diff; 0 when there is none."""
    before = committed.read_text(encoding="utf-8") if committed.exists() else ""
    if before == generated:
        return 0
    lines = difflib.unified_diff(
        before.splitlines(), generated.splitlines(), str(committed.name), "generated", lineterm=""
    )
    print("\n".join(lines))
    print(HINT)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
