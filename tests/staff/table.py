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
GET  200 /pocket/                                       -     > ✓✓✓✓3
GET  404 /pocket/visits/<uuid:id>/                      -     > ✓✓✓✓3
POST 404 /pocket/visits/<uuid:id>/                      -     > ✓✓✓✓3
GET  200 /pocket/state/                                 -     > ✓✓✓✓3
GET  200 /pocket/report/                                -     > ✓✓✓✓3
GET  404 /pocket/report/<uuid:id>/                      -     > ✓✓✓✓3
GET  200 /desk/devices/                                 -     > ✓✓✓✓✓
POST 303 /desk/devices/end/                             -     > ✓✓✓✓✓
GET  404 /desk/devices/<uuid:id>/                       -     > 3✓333
POST 404 /desk/devices/<uuid:id>/end/                   -     > 3✓333
"""
#: Open to whoever has signed in, or to everybody: sign-in, language, one's own account.
OF_ONESELF = {
    "/", "/sign-in/", "/sign-in/code/", "/sign-in/again/", "/sign-in/again/code/", "/sign-out/",
    "/account/", "/account/agency/", "/account/password/", "/account/code/", "/account/code/off/",
    "/account/recovery/", "/account/recovery/new/", "/language/",
    "/pocket/offline/", "/pocket/worker.js",
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
