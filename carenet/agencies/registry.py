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


_on_stepping_back: list[OnMemberLeaving] = []
_stepping_back_at_last: list[OnMemberLeaving] = []


def on_stepping_back(let_go: OnMemberLeaving, *, at_last: bool = False) -> None:
    """Register what a room does when somebody may do less in an agency, or is away from now on.

    Unlike at a leaving they go on there: the room asks what the person can still see to.
    """
    (_stepping_back_at_last if at_last else _on_stepping_back).append(let_go)


def step_back(*, actor: Actor | None, membership: Membership) -> None:
    """Let every room take out of somebody's hands what they cannot see to any more."""
    for let_go in (*_on_stepping_back, *_stepping_back_at_last):
        let_go(actor=actor, membership=membership)


def hand_everything_on(*, actor: Actor | None, membership: Membership) -> None:
    """Let every room hand on what the leaver had; whatever one of them raises stops the leaving."""
    for hand_on in (*_on_member_leaving, *_at_last):
        hand_on(actor=actor, membership=membership)
