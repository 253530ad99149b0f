"""The pages that are looked at: by axe, on every screen, and by people as pictures."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, Response

from tests.staff.error_pages import FAULTS
from tests.staff.scene import Scene


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


LOOKS = (
    Look("administration", "/administration/", who="administrator"),
    Look("administration-health", "/administration/health/", who="administrator"),
    Look("administration-agencies", "/administration/agencies/", who="administrator"),
    Look("administration-agency-new", "/administration/agencies/new/", who="administrator"),
    Look("administration-agency", "/administration/agencies/{core}/", who="administrator"),
    Look("administrators", "/administration/administrators/", who="administrator"),
    Look("administration-appointment", "/administration/appointment/", who="newcomer"),
    Look("administration-clients", "/administration/clients/", who="administrator"),
    Look("administration-import", "/administration/import/", who="administrator"),
    Look("sign-in", "/sign-in/", who=""),
    Look("code", "/sign-in/code/", who="half signed in"),
    Look("today", "/desk/"),
    Look("today-mine", "/desk/?whose=mine"),
    Look("reminder-later", "/desk/reminders/{entry}/snooze/"),
    Look("reminder-hand-on", "/desk/reminders/{entry}/delegate/"),
    Look("nothing-waits", "/desk/", who="newcomer"),
    Look("consultation-new", "/desk/consultations/new/"),
    Look("consultations", "/desk/consultations/?show=all"),
    Look("consultation", "/desk/consultations/{consultation}/"),
    Look("consultation-abuse", "/desk/consultations/{consultation}/abuse/"),
    Look("desk-calls", "/desk/consultations/{consultation}/desk-calls/"),
    Look("consultation-edit", "/desk/consultations/{consultation}/edit/"),
    Look("people", "/desk/people/"),
    Look("person", "/desk/people/{person}/"),
    Look("record", "/desk/people/{person}/record/"),
    Look("contacts", "/desk/people/{person}/contacts/"),
    Look("contact", "/desk/people/{person}/contacts/{contact}/"),
    Look("certifications", "/desk/people/{person}/certifications/"),
    Look("consents", "/desk/people/{person}/consents/"),
    Look("consent", "/desk/people/{person}/consents/{consent}/"),
    Look("household", "/desk/people/{person}/household/"),
    Look("household-leave", "/desk/people/{person}/household/{housemate}/leave/"),
    Look("record-end", "/desk/people/{person}/end/"),
    Look("record-reinstate", "/desk/people/{departed}/reinstate/"),
    Look("doubles", "/desk/people/{person}/doubles/"),
    Look("merge", "/desk/people/{person}/merge/{double}/"),
    Look("unmerge", "/desk/people/{person}/unmerge/{merged}/"),
    Look("person-picture", "/desk/people/{person}/picture/"),
    Look("person-story", "/desk/people/{person}/story/"),
    Look("facts", "/desk/people/{person}/facts/"),
    Look("fact", "/desk/people/{person}/facts/{fact}/"),
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
    Look("concerns", "/desk/concerns/", who="coordinator"),
    Look("concern-to-decide", "/desk/concerns/{worry}/", who="coordinator"),
    Look("inquiry", "/desk/inquiries/{inquiry}/"),
    Look("case", "/desk/cases/{case}/"),
    Look("case-story", "/desk/cases/{case}/story/"),
    Look("case-close", "/desk/cases/{case}/close/"),
    Look("case-referral", "/desk/cases/{case}/referral/"),
    Look("case-plans", "/desk/cases/{case}/plans/"),
    Look("case-plan-new", "/desk/cases/{case}/plans/new/"),
    Look("case-assessments", "/desk/cases/{case}/assessments/"),
    Look("case-assessment-new", "/desk/cases/{case}/assessments/new/"),
    Look("case-note", "/desk/cases/{case}/notes/"),
    Look("case-new", "/desk/people/{person}/case/"),
    Look("case-reassign", "/desk/cases/{case}/reassign/"),
    Look("case-members", "/desk/cases/{case}/members/"),
    Look("task-new", "/desk/cases/{case}/tasks/"),
    Look("tasks", "/desk/tasks/?whose=agency"),
    Look("task", "/desk/tasks/{task}/"),
    Look("pack", "/desk/cases/{case}/pack/"),
    Look("review", "/review/", who="coordinator"),
    Look("review-weekly-mail", "/review/weekly-mail/", who="coordinator"),
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
    Look("review-to-visit", "/review/lists/to-visit/", who="coordinator"),
    Look("ward-lists", "/desk/ward-lists/", who="coordinator"),
    Look("ward-list-lines", "/desk/ward-lists/lines/?step=to_send", who="coordinator"),
    Look("ward-list-line", "/desk/ward-lists/lines/{entry_asked}/", who="coordinator"),
    Look("ward-list-visit", "/desk/ward-lists/lines/{entry_listed}/visit/", who="coordinator"),
    Look("ward-list-assign", "/desk/ward-lists/lines/{entry_wants}/assign/", who="coordinator"),
    Look(
        "ward-list-many",
        "/desk/ward-lists/many/send/?step=to_send&entries={entry_listed}",
        who="coordinator",
    ),
    Look("review-load", "/review/load/", who="coordinator"),
    Look("watch", "/review/watches/{watch}/", who="coordinator"),
    Look("watch-people", "/review/watches/{watch}/people/", who="coordinator"),
    Look("watch-rhythm", "/review/watches/{watch}/rhythm/", who="coordinator"),
    Look("review-hands", "/review/hands/?watcher={looks_in}", who="coordinator"),
    Look("watch-edit", "/review/watches/{watch}/edit/", who="coordinator"),
    Look("watch-link", "/review/watches/{watch}/link/", who="coordinator"),
    Look("person-watch", "/desk/people/{person}/watch/"),
    Look("ward-list-suggestions", "/desk/ward-lists/suggestions/?list={list}", who="coordinator"),
    Look("ward-list-begin", "/desk/ward-lists/many/begin/?step=to_begin&all=1", who="coordinator"),
    Look("watch-term", "/review/watches/{watch}/term/", who="coordinator"),
    Look("watch-end", "/review/watches/{watch}/end/", who="coordinator"),
    Look("watch-ladder", "/review/watches/{watch}/ladder/?kind=concern", who="manager of a plaza"),
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
    Look("help", "/desk/help/"),
    Look("help-for-watchers", "/desk/help/?role=watcher"),
    Look("patterns", "/desk/patterns/"),
    Look("account", "/account/"),
    Look("agency", "/account/agency/"),
    Look("own-invitations", "/account/invitations/", who="newcomer"),
    Look("own-agency", "/desk/agency/", who="manager"),
    Look("calendar", "/desk/agency/calendar/", who="manager"),
    Look("calendar-day", "/desk/agency/calendar/days/", who="manager"),
    Look("capacity", "/desk/agency/capacity/", who="manager"),
    Look("agency-notifications", "/desk/agency/notifications/", who="manager"),
    Look("chasing", "/desk/agency/chasing/", who="manager"),
    Look("chasing-new", "/desk/agency/chasing/new/", who="manager"),
    Look("ladders", "/desk/agency/ladders/", who="manager"),
    Look("ladder", "/desk/agency/ladders/concern/", who="manager"),
    Look("directory-agency", "/desk/agencies/{core}/"),
    Look("notifications", "/account/notifications/"),
    Look("members", "/desk/members/", who="manager"),
    Look("member", "/desk/members/{member}/", who="manager"),
    Look("member-roles", "/desk/members/{member}/roles/", who="manager"),
    Look("member-absence", "/desk/members/{member}/absence/", who="manager"),
    Look("member-hand-on", "/desk/members/{member}/hand-on/", who="manager"),
    Look("member-end", "/desk/members/{member}/end/", who="manager"),
    Look("invitations", "/desk/invitations/", who="manager"),
    Look("email", "/account/email/", who="with authenticator"),
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
    Look("sections", "/desk/sections/", who="manager of the office"),
    Look("section-move", "/desk/sections/{sections}/", who="manager of the office"),
    Look("closure-preview", "/desk/closures/agencies/{core}/", who="manager"),
    Look("closure-propose", "/desk/closures/agencies/{core}/propose/", who="manager"),
    Look("trail", "/desk/trail/", who="auditor"),
    Look("trail-denials", "/desk/trail/?deed=denial", who="auditor"),
    Look("trail-find", "/desk/trail/find/", who="auditor"),
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
