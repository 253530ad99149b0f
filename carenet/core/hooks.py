"""How a lower room lets upper rooms take part in what it does, and when they say that they do."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from importlib import import_module
from typing import Generic, ParamSpec

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured

P = ParamSpec("P")


class Hook(Generic[P]):
    """Calls what upper rooms have registered, in the caller's transaction; what one raises stops it.

    Made from a function without a body: it has the arguments, and says what is expected of a part.
    """

    def __init__(self, declaration: Callable[P, None]) -> None:
        update_wrapper(self, declaration)
        self.name = declaration.__name__
        self._parts: list[Callable[P, None]] = []
        self._last_parts: list[Callable[P, None]] = []

    def register(self, part: Callable[P, None], *, at_last: bool = False) -> None:
        """Add a room's part; called from its `hooks.register()`.

        `at_last` is for a room that the parts of others write into: its rows are locked after theirs.
        """
        (self._last_parts if at_last else self._parts).append(part)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        for part in (*self._parts, *self._last_parts):
            part(*args, **kwargs)


class GuardHook(Hook[P]):
    """A hook that guards something: what nobody has registered for must not pass."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        if not (self._parts or self._last_parts):
            raise ImproperlyConfigured(f"Nobody guards {self.name}: a room is not installed.")
        super().__call__(*args, **kwargs)


class RoomConfig(AppConfig):
    """Base of the rooms' `apps.py`: registers what the room hangs into lower ones."""

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
