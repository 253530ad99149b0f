"""A server that does not answer costs one wait, not one for every request."""

from __future__ import annotations

import time
from threading import Lock


class Outage:
    """What this process knows of a server that did not answer in time.

    For `seconds` nobody asks it; then one caller tries, and the others go on without it until that
    one has found it well.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._until = 0.0
        self._lock = Lock()

    def begins(self) -> None:
        """Note that the server did not answer."""
        with self._lock:
            self._until = time.monotonic() + self.seconds

    def ends(self) -> None:
        """Note that the server has answered."""
        self._until = 0.0

    def lasts(self) -> bool:
        """Say whether the server is left alone now."""
        return time.monotonic() < self._until

    def may_try(self) -> bool:
        """Say whether the caller may ask the server: it is not missed, or this is the one to try."""
        if not self._until:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._until:
                return False
            self._until = now + self.seconds
            return True
