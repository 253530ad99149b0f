"""Every page and part: who gets what. A new address without a line here fails the suite.

A line reads: method, the status of whoever may, address, object, and one sign for each persona. ✓ is the
status in front; > is being sent to the sign-in; 3: 403, 4: 404.
"""

from __future__ import annotations

from dataclasses import dataclass

from carenet.agencies.roles import Role

SIGNS = {">": 303, "3": 403, "4": 404}
#: The columns: nobody, then one person in each role of one agency.
PERSONAS = (None, Role.STAFF, Role.MANAGER, Role.COORDINATOR, Role.WATCHER, Role.AUDITOR)
TABLE = """\
GET  200 /desk/                                         -     > ✓✓✓✓✓
POST 404 /desk/reminders/<uuid:id>/read/                -     > ✓✓✓✓✓
POST 404 /desk/reminders/<uuid:id>/acknowledge/         -     > ✓✓✓✓✓
GET  200 /desk/cases/                                   -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/                         -     > ✓✓333
GET  404 /desk/cases/<uuid:id>/next/                    -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/next/                    -     > ✓3333
GET  404 /desk/cases/<uuid:id>/notes/                   -     > ✓✓333
POST 404 /desk/cases/<uuid:id>/notes/                   -     > ✓3333
GET  404 /desk/cases/<uuid:id>/pack/                    -     > ✓✓333
GET  200 /desk/consultations/new/                       -     > ✓3333
POST 422 /desk/consultations/new/                       -     > ✓3333
POST 200 /desk/consultations/draft/                     -     > ✓3333
POST 200 /desk/consultations/people/                    -     > ✓✓✓33
POST 200 /desk/consultations/agencies/                  -     > ✓✓✓✓✓
GET  200 /desk/answer/                                  -     > ✓✓✓33
POST 422 /desk/answer/                                  -     > ✓✓✓33
GET  404 /desk/referrals/<uuid:id>/sheet/               -     > ✓✓✓33
GET  404 /desk/referrals/<uuid:id>/sheet.pdf            -     > ✓✓✓33
GET  200 /desk/referrals/                               -     > ✓✓✓33
GET  404 /desk/referrals/<uuid:id>/                     -     > ✓✓✓33
GET  404 /desk/referrals/<uuid:id>/discard/              -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/discard/              -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/send/                 -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/send/                 -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/receive/              -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/receive/              -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/ask/                  -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/ask/                  -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/answer/               -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/answer/               -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/accept/               -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/accept/               -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/start/                -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/start/                -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/hold/                 -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/hold/                 -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/resume/               -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/resume/               -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/propose-decline/      -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/propose-decline/      -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/retract-decline/      -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/retract-decline/      -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/contest-decline/      -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/contest-decline/      -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/confirm-decline/      -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/confirm-decline/      -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/withdraw/             -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/withdraw/             -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/request-withdrawal/   -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/request-withdrawal/   -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/agree-withdrawal/     -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/agree-withdrawal/     -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/complete/             -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/complete/             -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/fail/                 -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/fail/                 -     > ✓3333
GET  404 /desk/referrals/<uuid:id>/close/                -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/close/                -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/reroute/              -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/reroute/              -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/reopen/               -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/reopen/               -     > ✓3✓33
GET  404 /desk/referrals/<uuid:id>/void/                 -     > ✓✓✓33
POST 404 /desk/referrals/<uuid:id>/void/                 -     > ✓3✓33
"""
#: Open to whoever has signed in, or to everybody: sign-in, language, one's own account.
OF_ONESELF = {
    "/", "/sign-in/", "/sign-in/code/", "/sign-in/again/", "/sign-in/again/code/", "/sign-out/",
    "/account/", "/account/agency/", "/account/password/", "/account/code/", "/account/code/off/",
    "/account/recovery/", "/account/recovery/new/", "/language/",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    method: str
    status: int
    route: str
    target: str
    signs: str

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    def expected(self, column: int) -> int:
        sign = self.signs[column]
        return self.status if sign == "✓" else SIGNS[sign]


def lines() -> list[Line]:
    """Return the table, read."""
    found = []
    for text in TABLE.splitlines():
        method, status, route, target, *signs = text.split()
        found.append(Line(method, int(status), route, target, "".join(signs)))
    return found
