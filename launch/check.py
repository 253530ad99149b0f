"""Everything that guards the code, one step after the other, all of them each time."""

import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from launch.environment import servers_for_tests
from launch.output import run_as_program
from launch.paths import PROJECT
from launch.supervisor import StopRequested, Supervisor

# The program behind `lint-imports`, whose script holds a path that breaks when .venv moves.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"
SETTINGS = "DJANGO_SETTINGS_MODULE"


@dataclass(frozen=True)
class Step:
    """One guard: arguments to Python, and what its environment has beside the common one."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def steps(*, write_schema: bool) -> tuple[Step, ...]:
    """All guards in the order they run: the quick ones first."""
    deploy = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    return (
        Step("ruff check", ("-m", "ruff", "check")),
        Step("ruff format", ("-m", "ruff", "format", "--check")),
        Step("templates, scripts, stylesheets", ("-m", "launch.web_lint")),
        Step("import contracts", ("-c", LINT_IMPORTS)),
        Step("mypy", ("-m", "mypy")),
        Step("missing migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
        Step("migration lint", ("-m", "launch.migration_lint")),
        Step("production settings", deploy, production()),
        Step("slowest tests", ("-m", "launch.slowest_tests")),
        Step("API schema", ("-m", "launch.schema_check", *(("--write",) if write_schema else ()))),
    )


def production() -> dict[str, str]:
    """Invent what a real installation would set."""
    return {
        SETTINGS: "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "carenet.example",
        "CSRF_TRUSTED_ORIGINS": "https://carenet.example",
        "NUM_PROXIES": "1",
    }


def main() -> int:
    """Return 1 if any step failed."""
    chosen = steps(write_schema="--write-schema" in sys.argv[1:])
    try:
        # The migration linter asks the database for its SQL, so there has to be one.
        with servers_for_tests() as servers:
            common = {**servers.environment, SETTINGS: "config.settings.test"}
            failed = [step.name for step in chosen if not _passes(servers.supervisor, step, common)]
    except StopRequested as request:
        return 128 + request.number
    print("\n== まとめ / summary ==")
    for step in chosen:
        print(f"{'失敗 / FAILED' if step.name in failed else 'OK':<8} {step.name}")
    return 1 if failed else 0


def _passes(supervisor: Supervisor, step: Step, common: Mapping[str, str]) -> bool:
    print(f"\n== {step.name} ==", flush=True)
    started = time.monotonic()
    environment = {**common, **step.environment}
    status = supervisor.run_in_foreground((sys.executable, *step.arguments), environment, PROJECT)
    print(f"-- {time.monotonic() - started:.1f} s", flush=True)
    return status == 0


if __name__ == "__main__":
    run_as_program(main)
