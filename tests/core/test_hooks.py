"""Hooks: what upper rooms register is called in order, and may stop the caller."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from carenet.core.hooks import GuardHook, Hook


def a_hook() -> tuple[Hook[[str]], list[str]]:
    def happened(name: str) -> None:
        """Say what happened."""

    return Hook(happened), []


def test_parts_are_called_in_order_and_the_last_ones_at_last() -> None:
    hook, calls = a_hook()
    hook.register(lambda name: calls.append(f"last {name}"), at_last=True)
    hook.register(lambda name: calls.append(f"first {name}"))
    hook.register(lambda name: calls.append(f"second {name}"))
    hook("x")
    assert calls == ["first x", "second x", "last x"]


def test_what_a_part_raises_reaches_the_caller_and_stops_the_rest() -> None:
    def refuse(name: str) -> None:
        raise LookupError(name)

    hook, calls = a_hook()
    hook.register(refuse)
    hook.register(calls.append)
    with pytest.raises(LookupError, match="x"):
        hook("x")
    assert calls == []


def test_a_hook_says_what_is_expected() -> None:
    hook, _ = a_hook()
    assert hook.__doc__ == "Say what happened."


def test_a_guard_that_nobody_stands_at_lets_nobody_pass() -> None:
    def may_pass(name: str) -> None:
        """Raise for whoever may not pass."""

    guard = GuardHook(may_pass)
    with pytest.raises(ImproperlyConfigured, match="may_pass"):
        guard("x")
    guard.register(lambda name: None)  # noqa: ARG005 - as declared
    guard("x")
