"""What every test of the room relies on."""

from __future__ import annotations

from tests.agencies.conftest import _in_english

__all__ = ["_in_english"]
