"""What upper rooms keep of the words of somebody who reports abuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.cases.models import Case


class ReporterText(Protocol):
    """What one room keeps.

    `callers` tells under which names and telephones it knows whoever said what became of these
    consultations (`name`, `phone`, `relationship`). `forget` takes them out of what it keeps on the
    case and its person; `strike` returns a text without them.
    """

    def callers(self, calls: Sequence[UUID]) -> Sequence[dict[str, str]]: ...

    def forget(
        self, *, actor: Actor, case: Case, calls: Sequence[UUID], strike: Callable[[str], str]
    ) -> None: ...


#: What the upper rooms keep of reporters' words; each adds its own in `hooks.register()`.
reporter_texts: list[ReporterText] = []
