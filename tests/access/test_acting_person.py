"""Nobody writes through a system without a name: whoever answers for it is told, at every address."""

from __future__ import annotations

from dataclasses import replace

from carenet.agencies.roles import ABILITIES
from carenet.audit.models import AuditAction
from tests.access.outcomes import Row
from tests.access.personas import Persona
from tests.access.scene import Scene
from tests.access.test_every_url import ADDRESSES, VIEW_SETS, ask, rows_of


def nobody_named(known: Persona) -> Persona:
    """Return the same system, naming nobody."""
    kept = {key: value for key, value in known.headers.items() if key != "carenet-acting-person"}
    return replace(known, headers=kept)


def declared(row: Row) -> bool:
    """Whether a client needs nobody there: it asks, or a machine does it by itself."""
    view = ADDRESSES[row.route]
    action = view.actions[row.method]
    ability = getattr(view.view, "abilities", {}).get(action, "")
    asks = action in getattr(view.view, "asking", ())
    return asks or not ability or ABILITIES[ability].by_itself


def test_a_write_of_a_client_names_the_person_behind_it(scene: Scene) -> None:
    for row in rows_of("POST", "PUT", "PATCH", "DELETE", of=VIEW_SETS):
        answer = ask(scene, nobody_named(scene.persona("own client")), row)
        if declared(row):
            assert answer.status == row.outcomes["own client"], row
        elif answer.status != 403 or answer.code not in {"role_missing", "scope_missing"}:
            assert (answer.status, answer.code) == (400, "acting_person_missing"), row
            assert answer.left(AuditAction.WRITE) == [], row
