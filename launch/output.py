"""What the launcher says to a person: Japanese first, English second."""

import sys
from collections.abc import Callable
from pathlib import Path

LOG_TAIL_LINES = 20


class LaunchError(Exception):
    """Something that the person at the keyboard can understand and mend."""

    def __init__(self, japanese: str, english: str, log: Path | None = None) -> None:
        super().__init__(english)
        self.japanese = japanese
        self.english = english
        # Read now: by the time this is shown, the log may be gone with its server.
        self.log_end = log_end(log) if log else ""

    def text(self) -> str:
        """Both languages, and the end of the log if there is one."""
        return "\n".join(part for part in (self.japanese, self.english, self.log_end) if part)


def say(japanese: str, english: str) -> None:
    """Print one line of progress at once, even into a pipe."""
    print(f"{japanese} / {english}", flush=True)


def show_lines(log: Path, begin: int) -> int:
    """Print the whole lines of a log behind a position, and return the one behind them.

    Lines of JSON are for machines.
    """
    try:
        new = log.read_bytes()[begin:]
    except OSError:
        return begin
    whole = new[: new.rfind(b"\n") + 1]
    for line in whole.decode("utf-8", errors="replace").splitlines():
        if not line.startswith("{"):
            print(f"  {line}", flush=True)
    return begin + len(whole)


def log_end(log: Path) -> str:
    """Return the last lines of a log under its path; nothing when there is no log."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    tail = [f"    {line}" for line in lines[-LOG_TAIL_LINES:]]
    return "\n".join([f"--- {log}", *tail])


def run_as_program(main: Callable[[], int]) -> None:
    """Exit with what `main` returns; a known failure becomes a message and status 1."""
    try:
        status = main()
    except LaunchError as error:
        print(error.text(), file=sys.stderr, flush=True)
        status = 1
    except PermissionError as error:
        print(
            f"アクセスできません(別の利用者が作成した可能性があります): {error.filename}\n"
            f"No access, perhaps made by another user: {error.filename}",
            file=sys.stderr,
            flush=True,
        )
        status = 1
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)
