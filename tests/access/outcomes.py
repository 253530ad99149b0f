"""What comes back: one line for each address and method, one sign for each persona.

A line reads: method, the status of whoever may, address, the object that it names, and the signs. ✓ is
the status in front; 0: 400, 1: 401, 3: 403, 4: 404, 9: 409. An address stands twice where two of its
objects differ. Addresses are relative to /api/v1/ unless they begin with a slash.

3 means that the role, or the part in the object, does not include it; 4 that the object is out of
reach, which is the same answer as for one that does not exist. 0 is the answer to a body that names an
object out of reach, or that does not say how the words of others came.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.access.outcome_tables import (
    abuse,
    agencies,
    cases,
    referrals,
    residents,
    service,
    watchover,
)
from tests.access.personas import LIKE, PERSONAS, STRANGERS_OWN

SIGNS = {"0": 400, "1": 401, "3": 403, "4": 404, "9": 409}

#: The signs of a line, from left to right: anonymous; own staff, manager, coordinator, watcher,
#: auditor, client, client without scopes; of helper, asked and stranger staff, manager, client; of the
#: ward office staff, coordinator, auditor. Whoever is of its section is answered as `LIKE` says.
TABLES = (agencies, residents, cases, abuse, referrals, watchover, service)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    method: str
    route: str
    target: str
    outcomes: dict[str, int] = field(hash=False)

    def __str__(self) -> str:
        return f"{self.asked} {self.target}".removesuffix(" -")

    @property
    def asked(self) -> str:
        return f"{self.method} {self.route}"


def rows() -> list[Row]:
    lines = [line for each in TABLES for line in each.TABLE.splitlines()]
    return [_row(line) for line in lines if line and not line.startswith("#")]


def _row(line: str) -> Row:
    method, success, route, target, *signs = line.split()
    columns = {agency: roles for agency, roles in PERSONAS.items() if agency != "section"}
    assert [len(group) for group in signs] == [len(roles) for roles in columns.values()], line
    statuses = [int(success) if sign == "✓" else SIGNS[sign] for sign in "".join(signs)]
    personas = [
        role if role == agency else f"{agency} {role}"
        for agency, roles in columns.items()
        for role in roles
    ]
    outcomes = dict(zip(personas, statuses, strict=True))
    for name, other in LIKE.items():
        outcomes[name] = SIGNS["4"] if target in STRANGERS_OWN else outcomes[other]
    return Row(method, route, target, outcomes)
