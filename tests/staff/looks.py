"""The pages that are looked at: by axe, on every screen, and by people as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carenet.agencies.models import AgencyKind
from carenet.reminders.actions import work_once
from tests.staff.review_scene import a_review, ids_of_review
from tests.world import a_member, a_sent_referral, an_agency

if TYPE_CHECKING:
    from collections.abc import Callable

    from carenet.agencies.actors import Actor


@dataclass(frozen=True)
class Look:
    """One page, as it is looked at."""

    name: str
    path: str
    signed_in: bool = True
    #: Who looks, once the scene stands; the desk of `a_scene` without one.
    scene: Callable[[], Actor] | None = None

    def __str__(self) -> str:
        return self.name

    def address(self) -> str:
        """Return where it is; the scene must stand."""
        return self.path.format(**ids_of_review()) if "{" in self.path else self.path

    def actor(self) -> Actor:
        """Set the scene; return who looks."""
        return (self.scene or a_scene)()


LOOKS = (
    Look("sign-in", "/sign-in/", signed_in=False),
    Look("today", "/desk/"),
    Look("review", "/review/", scene=a_review),
    Look("review-single-points", "/review/single-points/", scene=a_review),
    Look("review-terms", "/review/terms/", scene=a_review),
    Look("review-load", "/review/load/", scene=a_review),
    Look("watch", "/review/watches/{watch}/", scene=a_review),
    Look("watch-people", "/review/watches/{watch}/people/", scene=a_review),
    Look("watch-pause", "/review/watches/{watch}/pause/", scene=a_review),
    Look(
        "watch-rehearsal",
        "/review/watches/{watch}/rehearsal/?kind=watcher_silent&began_at={soon}",
        scene=a_review,
    ),
    Look("review-coverage", "/review/coverage/", scene=a_review),
    Look("review-network", "/review/network/?area={area}", scene=a_review),
    Look("handovers", "/review/handovers/", scene=a_review),
    Look("handover-new", "/review/handovers/new/", scene=a_review),
    Look("handover-people", "/review/handovers/{handover}/people/", scene=a_review),
    Look("handover", "/review/handovers/{handover}/", scene=a_review),
    Look("alert-resolve", "/review/alerts/{alert}/resolve/", scene=a_review),
    Look("account", "/account/"),
    Look("agency", "/account/agency/"),
    Look("password", "/account/password/"),
)


def a_scene() -> Actor:
    """Return somebody for whom a referral and a reminder wait."""
    core = an_agency(AgencyKind.CORE_CONSULTATION_CENTER)
    desk = a_member(core)
    referral = a_sent_referral(a_member(an_agency()), core)
    assert referral.due_at
    while work_once(now=referral.due_at):
        pass
    return desk
