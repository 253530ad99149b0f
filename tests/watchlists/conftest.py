"""The neighbourhood of the watch-over, whose ward office delivers the lists."""

from __future__ import annotations

from tests.watchover.conftest import neighbourhood, quiet, who

__all__ = ["neighbourhood", "quiet", "who"]
