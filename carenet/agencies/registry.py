"""What upper rooms hang onto somebody's leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Membership


class OnMemberLeaving(Protocol):
    """Takes out of somebody's hands what they have in an agency, in the same transaction.

    `membership` has ended, or no longer includes casework; `actor=None` is the operator at the
    command line. The caller holds agency and membership: whoever locks cases does so after that.
    """

    def __call__(self, *, actor: Actor | None, membership: Membership) -> None: ...


_on_member_leaving: list[OnMemberLeaving] = []
_at_last: list[OnMemberLeaving] = []


def on_member_leaving(hand_on: OnMemberLeaving, *, at_last: bool = False) -> None:
    """Register a room's part; called from its `hooks.register()`.

    `at_last` is for a room that others write into while they hand on: its rows are locked after theirs.
    """
    (_at_last if at_last else _on_member_leaving).append(hand_on)


def hand_everything_on(*, actor: Actor | None, membership: Membership) -> None:
    """Let every room hand on what the leaver had; whatever one of them raises stops the leaving."""
    for hand_on in (*_on_member_leaving, *_at_last):
        hand_on(actor=actor, membership=membership)
