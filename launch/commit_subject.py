"""The subject of a commit is `room: what changes`, in 72 characters: asked by git before it commits."""

import re
import sys
from pathlib import Path

MOST = 72
FORM = re.compile(r"[a-z][a-z_-]*(, [a-z][a-z_-]*)*: \S.*[^.\s]")
#: What git writes by itself, and folds away again.
BY_GIT = ("Merge ", "Revert ", "fixup! ", "squash! ", "amend! ")


def fault_of(subject: str) -> str | None:
    """Return what is wrong with a subject, None if nothing is."""
    if subject.startswith(BY_GIT):
        return None
    if not FORM.fullmatch(subject):
        return "room: what changes, without a full stop (referrals: a pool goes back unclaimed)"
    if len(subject) > MOST:
        return f"at most {MOST} characters, not {len(subject)}"
    return None


def main(message: Path) -> int:
    """Return 1 for a message whose first line is not of the form, and say what is."""
    fault = fault_of(message.read_text("utf-8").partition("\n")[0])
    if fault:
        print(f"件名 / subject: {fault}")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
