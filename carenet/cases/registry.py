"""What upper rooms hang onto the end of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor
    from carenet.cases.models import Case


class OnCaseEnding(Protocol):
    """Settles what an upper room has open on a case that ends, in the same transaction."""

    def __call__(self, *, actor: Actor, case: Case) -> None: ...


class OnRestriction(Protocol):
    """Keeps what an upper room holds on a case in step with its confidentiality."""

    def __call__(self, *, actor: Actor, case: Case) -> None: ...


_on_case_ending: list[OnCaseEnding] = []
_on_restriction: list[OnRestriction] = []


def on_case_ending(settle: OnCaseEnding) -> None:
    """Register a room's settling; called from its `hooks.register()`."""
    _on_case_ending.append(settle)


def settle_everything(*, actor: Actor, case: Case) -> None:
    """Let every room settle what it has open; whatever one of them raises stops the ending."""
    for settle in _on_case_ending:
        settle(actor=actor, case=case)


def on_restriction(adapt: OnRestriction) -> None:
    """Register a room's adapting; called from its `hooks.register()`."""
    _on_restriction.append(adapt)


def adapt_everything(*, actor: Actor, case: Case) -> None:
    """Let every room adapt to a case that was restricted, or opened again."""
    for adapt in _on_restriction:
        adapt(actor=actor, case=case)
