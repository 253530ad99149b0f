"""What an upper room keeps from being done with a case, in words, before anybody tries."""

from __future__ import annotations

from carenet.cases.models import Case
from carenet.cases.registry import case_guards
from carenet.core.errors import Conflict


def end_refusal(case: Case) -> Conflict | None:
    """Return why a case may not end now, None where no room keeps it from that."""
    return next(filter(None, (guard.end_refusal(case) for guard in case_guards)), None)


def opening_refusal(case: Case) -> Conflict | None:
    """Return why a restricted case may not be opened to others now."""
    return next(filter(None, (guard.opening_refusal(case) for guard in case_guards)), None)
