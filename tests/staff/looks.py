"""The pages that are looked at: by axe, on every screen, and by people as pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import time_machine
from django.utils import timezone

from carenet.agencies.models import AgencyKind
from carenet.reminders.actions import work_once
from tests.staff.browser import session_of
from tests.staff.pocket import visits_of
from tests.staff.review_scene import a_manager, a_review, ids_of_review
from tests.staff.signing_in import an_authenticator, code_of, confirmed, key_of, signed_in
from tests.world import a_case, a_member, a_sent_referral, a_user, an_agency


@dataclass(frozen=True)
class Look:
    """One page, as it is looked at: `who` names a session of the scene, empty for nobody.

    `{referral}` and its like in the path stand for the ids of the scene.
    """

    name: str
    path: str
    who: str = "desk"

    def __str__(self) -> str:
        return self.name


@dataclass
class Scene:
    """Who looks, as keys of sessions, and what there is to look at."""

    sessions: dict[str, str] = field(default_factory=dict)
    ids: dict[str, object] = field(default_factory=dict)


LOOKS = (
    Look("sign-in", "/sign-in/", who=""),
    Look("code", "/sign-in/code/", who="half signed in"),
    Look("today", "/desk/"),
    Look("nothing-waits", "/desk/", who="newcomer"),
    Look("consultation-new", "/desk/consultations/new/"),
    Look("referrals", "/desk/referrals/"),
    Look("referrals-filtered", "/desk/referrals/?box=outbox&turn=mine"),
    Look("referral", "/desk/referrals/{referral}/"),
    Look("referral-decline", "/desk/referrals/{referral}/propose-decline/"),
    Look("sheet", "/desk/referrals/{referral}/sheet/"),
    Look("answer", "/desk/answer/"),
    Look("cases", "/desk/cases/"),
    Look("case", "/desk/cases/{case}/"),
    Look("pack", "/desk/cases/{case}/pack/"),
    Look("review", "/review/", who="coordinator"),
    Look("review-single-points", "/review/single-points/", who="coordinator"),
    Look("review-terms", "/review/terms/", who="coordinator"),
    Look("review-signals", "/review/signals/", who="coordinator"),
    Look("review-watches", "/review/watches/", who="coordinator"),
    Look("review-referrals", "/review/referrals/", who="coordinator"),
    Look("review-funnel", "/review/referrals/funnel/", who="coordinator"),
    Look(
        "review-referrals-list",
        "/review/referrals/list/?stage=turn&agency={asked}",
        who="coordinator",
    ),
    Look("review-lists", "/review/lists/", who="coordinator"),
    Look(
        "review-listed",
        "/review/lists/people/?list={list}&stage=visited&area={first_area}",
        who="coordinator",
    ),
    Look("review-load", "/review/load/", who="coordinator"),
    Look("watch", "/review/watches/{watch}/", who="coordinator"),
    Look("watch-people", "/review/watches/{watch}/people/", who="coordinator"),
    Look("watch-rhythm", "/review/watches/{watch}/rhythm/", who="coordinator"),
    Look("watch-end", "/review/watches/{watch}/end/", who="coordinator"),
    Look("watch-ladder", "/review/watches/{watch}/ladder/?kind=concern", who="manager"),
    Look("watch-another", "/review/watches/{watch}/another/", who="coordinator"),
    Look("watch-pause", "/review/watches/{watch}/pause/", who="coordinator"),
    Look(
        "watch-rehearsal",
        "/review/watches/{watch}/rehearsal/?kind=watcher_silent&began_at={soon}",
        who="coordinator",
    ),
    Look("review-coverage", "/review/coverage/", who="coordinator"),
    Look("review-network", "/review/network/?area={area}", who="coordinator"),
    Look("handovers", "/review/handovers/", who="coordinator"),
    Look("handover-new", "/review/handovers/new/", who="coordinator"),
    Look("handover-people", "/review/handovers/{handover}/people/", who="coordinator"),
    Look("handover", "/review/handovers/{handover}/", who="coordinator"),
    Look("alert-resolve", "/review/alerts/{alert}/resolve/", who="coordinator"),
    Look("account", "/account/"),
    Look("agency", "/account/agency/"),
    Look("password", "/account/password/"),
    Look("pocket", "/pocket/"),
    Look("devices", "/desk/devices/"),
    Look("report", "/pocket/report/"),
    Look("pocket-offline", "/pocket/offline/", who=""),
    Look("again", "/sign-in/again/"),
    Look("activate", "/account/code/", who="newcomer"),
    Look("again-code", "/sign-in/again/code/", who="with authenticator"),
    Look("deactivate", "/account/code/off/", who="with authenticator"),
    Look("recovery", "/account/recovery/", who="with authenticator"),
    Look("new-recovery", "/account/recovery/new/", who="with authenticator"),
)


def a_scene() -> Scene:
    """Return somebody for whom a referral and a reminder wait, and people with and without a code."""
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        core = an_agency(AgencyKind.CORE_CONSULTATION_CENTER)
        desk = a_member(core)
    referral = a_sent_referral(a_member(an_agency()), core)
    assert referral.due_at
    while work_once(now=referral.due_at):
        pass
    visits_of(desk)
    scene = Scene(ids={"referral": referral.pk, "case": a_case(desk).pk})
    scene.sessions["desk"] = session_of(desk)
    guarded, newcomer = a_user(), a_user()
    a_member(core, user=guarded)
    a_member(an_agency(), user=newcomer)
    scene.sessions["newcomer"] = key_of(confirmed(signed_in(newcomer)))
    secret, _codes = an_authenticator(guarded)
    scene.sessions["half signed in"] = key_of(signed_in(guarded))
    scene.sessions["with authenticator"] = key_of(confirmed(signed_in(guarded, code_of(secret))))
    scene.sessions["coordinator"] = session_of(a_review())
    scene.sessions["manager"] = session_of(a_manager())
    scene.ids |= ids_of_review()
    return scene
