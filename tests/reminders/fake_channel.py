"""A channel that behaves as a test tells it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from carenet.agencies.models import Agency, User
from carenet.reminders.models import Delivery


@dataclass
class Bell:
    name: str = "bell"
    keyed: bool = False
    rings: bool = True
    gives_up_after: int | None = 3
    timeout: float = 1.0
    on: bool = True
    error: Exception | None = None
    meanwhile: Callable[[], object] | None = None
    rang: list[str] = field(default_factory=list)

    def is_on(self) -> bool:
        return self.on

    def reaches(self, user: User, agency: Agency, *, at_once: bool) -> bool:
        return True

    def send(self, delivery: Delivery) -> None:
        if self.meanwhile:
            self.meanwhile()
        if self.error:
            raise self.error
        self.rang.append(delivery.dedupe_key)
