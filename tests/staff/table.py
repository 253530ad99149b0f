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
GET  200 /review/                                       -     > 3✓✓33
GET  200 /review/single-points/                         -     > 3✓✓33
GET  200 /review/terms/                                 -     > 3✓✓33
GET  200 /review/signals/                               -     > 3✓✓33
GET  200 /review/load/                                  -     > 3✓✓33
GET  200 /review/watches/                               -     > 3✓✓33
GET  200 /review/coverage/                              -     > 3✓✓3✓
GET  200 /review/coverage/sheet/                        -     > 3✓✓3✓
GET  404 /review/network/                               -     > 3✓✓33
GET  404 /review/network/sheet/                         -     > 3✓✓33
GET  200 /review/handovers/                             -     > ✓✓✓33
GET  200 /review/handovers/new/                         -     > ✓✓✓33
POST 303 /review/handovers/new/                         -     > ✓✓✓33
GET  404 /review/handovers/<uuid:id>/                   -     > ✓✓✓33
GET  404 /review/handovers/<uuid:id>/people/            -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/people/            -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/consents/          -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/release/           -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/schedule/          -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/carry-out/         -     > ✓✓✓33
POST 404 /review/handovers/<uuid:id>/cancel/            -     > ✓✓✓33
POST 404 /review/alerts/<uuid:id>/acknowledge/          -     > ✓✓✓✓3
GET  404 /review/alerts/<uuid:id>/resolve/              -     > ✓✓✓33
POST 404 /review/alerts/<uuid:id>/resolve/              -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/                     -     > ✓✓✓✓3
GET  404 /review/watches/<uuid:id>/people/              -     > ✓✓✓33
POST 404 /review/watches/<uuid:id>/people/              -     > ✓✓✓33
GET  404 /review/watches/<uuid:id>/pause/               -     > ✓✓✓✓3
POST 404 /review/watches/<uuid:id>/pause/               -     > ✓✓✓✓3
GET  404 /review/watches/<uuid:id>/rehearsal/           -     > ✓✓✓✓3
POST 404 /review/watches/<uuid:id>/rehearsal/           -     > ✓✓✓✓3
POST 404 /review/pauses/<uuid:id>/end/                  -     > ✓✓✓✓3
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
