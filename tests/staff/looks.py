"""The pages that are looked at: by axe, on every screen, and by people as pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import time_machine
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.translation import override

from carenet.agencies.models import AgencyKind, Membership
from carenet.agencies.roles import Role
from carenet.cases.actions import consultations
from carenet.reminders.actions import work_once
from carenet.staff.pages.faults import server_error, too_many
from tests.residents.words import a_consent, a_contact
from tests.staff.browser import session_of
from tests.staff.pocket import visits_of
from tests.staff.review_scene import a_manager, a_review, ids_of_review
from tests.staff.signing_in import an_authenticator, code_of, confirmed, key_of, signed_in
from tests.staff.work import ids_of_work
from tests.world import (
    a_case,
    a_draft,
    a_member,
    a_resident,
    a_sent_referral,
    a_user,
    an_agency,
    an_attachment,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from playwright.sync_api import Page, Response

    from carenet.agencies.actors import Actor
    from carenet.cases.models import Consultation
    from carenet.residents.models import Resident


@dataclass(frozen=True)
class Look:
    """One page, as it is looked at: `who` names a session of the scene, empty for nobody.

    `{referral}` and its like in the path stand for the ids of the scene. `status` is what it answers.
    """

    name: str
    path: str
    who: str = "desk"
    status: int = 200

    def __str__(self) -> str:
        return self.name


def _refused_form(language: str) -> Any:
    headers = {"Accept": "text/html", "Accept-Language": language}
    return Client(enforce_csrf_checks=True).post("/sign-in/", {}, headers=headers)


def _said_by(handler: Callable[[HttpRequest], HttpResponse]) -> Callable[[str], HttpResponse]:
    def made(language: str) -> HttpResponse:
        with override(language):
            return handler(RequestFactory().get("/", headers={"Accept": "text/html"}))

    return made


#: Answers that no address gives by itself: made as the service makes them, shown by the browser.
FAULTS: dict[str, Callable[[str], Any]] = {
    "form-too-old": _refused_form,
    "too-many": _said_by(too_many),
    "fault": _said_by(server_error),
}


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
    Look("consultations", "/desk/consultations/?show=all"),
    Look("consultation", "/desk/consultations/{consultation}/"),
    Look("consultation-edit", "/desk/consultations/{consultation}/edit/"),
    Look("people", "/desk/people/"),
    Look("person", "/desk/people/{person}/"),
    Look("referrals", "/desk/referrals/"),
    Look("referrals-filtered", "/desk/referrals/?box=outbox&turn=mine"),
    Look("pool", "/desk/referrals/pool/"),
    Look("pool-entry", "/desk/referrals/pool/{offered}/"),
    Look("referral", "/desk/referrals/{referral}/"),
    Look("referral-decline", "/desk/referrals/{referral}/propose-decline/"),
    Look("referral-draft", "/desk/referrals/{draft}/"),
    Look("draft", "/desk/referrals/{draft}/draft/"),
    Look("file-take-away", "/desk/referrals/{draft}/files/{file}/take-away/"),
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
    Look("pocket-visit", "/pocket/visits/{visit}/"),
    Look("pocket-alerts", "/pocket/alerts/"),
    Look("pocket-alert-to-visit", "/pocket/alerts/{missed}/"),
    Look("pocket-alert-to-resolve", "/pocket/alerts/{alert}/", who="coordinator"),
    Look("absence", "/pocket/absence/"),
    Look("concern", "/pocket/concern/"),
    Look("concern-danger", "/pocket/concern/?danger=yes"),
    Look("devices", "/desk/devices/"),
    Look("devices-of-members", "/desk/devices/", who="manager"),
    Look("member-devices", "/desk/devices/{member}/", who="manager"),
    Look("work", "/desk/work/"),
    Look("work-import", "/desk/work/new-import/"),
    Look("work-preview", "/desk/work/{preview}/"),
    Look("work-waiting", "/desk/work/{waiting}/"),
    Look("report", "/pocket/report/"),
    Look("pocket-offline", "/pocket/offline/", who=""),
    Look("not-found", "/desk/nowhere/", status=404),
    Look("not-allowed", "/review/", status=403),
    Look("form-too-old", "/desk/form-too-old/", status=403),
    Look("too-many", "/desk/too-many/", who="", status=429),
    Look("fault", "/desk/fault/", status=500),
    Look("again", "/sign-in/again/"),
    Look("activate", "/account/code/", who="newcomer"),
    Look("again-code", "/sign-in/again/code/", who="with authenticator"),
    Look("deactivate", "/account/code/off/", who="with authenticator"),
    Look("recovery", "/account/recovery/", who="with authenticator"),
    Look("new-recovery", "/account/recovery/new/", who="with authenticator"),
)


def open_look(page: Page, look: Look, scene: Scene, language: str = "ja") -> Response | None:
    """Go to a page of the scene; a fault is shown at its address with the headers that it has."""
    address = look.path.format(**scene.ids)
    if look.name in FAULTS:
        answer = FAULTS[look.name](language)
        page.route(
            f"**{address}",
            lambda route: route.fulfill(
                status=answer.status_code, body=answer.content, headers=dict(answer.items())
            ),
        )
    return page.goto(address)


def a_call(actor: Actor, person: Resident) -> Consultation:
    """Return a consultation about somebody, that nobody has triaged yet."""
    return consultations.record(
        actor=actor,
        subject=person,
        channel="phone",
        relationship="neighbour",
        caller_name="佐藤",
        caller_phone="045-540-0000",
        topics=["health", "housing"],
        main_topic="health",
        urgency="today",
        content="新聞が三日たまっている。夜も明かりがつかない。",
        response="午後に訪問すると伝えた。",
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
    offered = a_sent_referral(a_member(an_agency()), None, pool=[core, an_agency()])
    draft = a_draft(desk, an_agency())
    person = a_resident(desk, birth_year=1941, phone="045-540-1234", address="綱島東1-2-3")
    a_contact(desk, person, phone="090-0000-0000", is_key_person=True)
    a_consent(desk, person, core)
    case = a_case(desk, person)
    calls = [a_call(desk, case.resident) for _ in range(2)]
    scene = Scene(
        ids={
            "referral": referral.pk,
            "case": case.pk,
            "consultation": calls[1].pk,
            "person": case.resident_id,
            "offered": offered.pk,
            "draft": draft.pk,
            "file": an_attachment(desk, draft).pk,
            "member": Membership.objects.get(user=desk.user_id).pk,
        }
    )
    scene.sessions["desk"] = session_of(desk)
    scene.sessions["manager"] = session_of(a_member(core, Role.MANAGER))
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
    scene.ids |= visits_of(desk) | ids_of_work(desk)
    return scene
