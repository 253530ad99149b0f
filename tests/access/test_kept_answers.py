"""Every POST of the table twice under one key.

Refused it says the same, done it shows no more than now.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from carenet.rest.models import IdempotencyKey
from tests.access.addresses import addresses
from tests.access.bodies import body_of
from tests.access.outcomes import Row, rows
from tests.access.personas import JSON, Persona
from tests.access.scene import Scene

ADDRESSES = addresses()


def whoever_may(row: Row) -> str | None:
    return next((name for name, status in row.outcomes.items() if status < 300), None)


#: One row of each address: a second object of it is answered by the same code.
POSTS = {
    row.route: row for row in rows()
    if row.method == "POST" and ADDRESSES[row.route].actions and whoever_may(row)
}  # fmt: skip
#: Typed where it does not belong, and in no answer that is kept.
TYPED = "鷺沼 ツル"
KEY = "one"


class Twice:
    """Two answers to one request under one key, and what was kept of the first."""

    def __init__(self, persona: Persona, path: str, body: Any, kind: str = JSON) -> None:
        with transaction.atomic():
            self.first = persona.send("POST", path, body, kind=kind, **{"idempotency-key": KEY})
            self.kept = list(
                IdempotencyKey.objects.filter(key=KEY).values("status", "body", "shown")
            )
            self.again = persona.send("POST", path, body, kind=kind, **{"idempotency-key": KEY})
            transaction.set_rollback(True)

    @property
    def told(self) -> list[tuple[int, Any]]:
        return [(each.status_code, json.loads(each.content or b"null")) for each in self.answers]

    @property
    def answers(self) -> list[Any]:
        return [self.first, self.again]


def path_to(scene: Scene, row: Row, *, absent: bool = False) -> str:
    target = scene.targets.get(row.target)
    names = ADDRESSES[row.route].names
    known = dict(target.ids) if target else {}
    ids: dict[str, Any] = {name: uuid4() for name in names} if absent else known
    return ADDRESSES[row.route].path(**(known | ids if "kind" in names else ids))


def every_post(*, named: bool = False) -> pytest.MarkDecorator:
    wanted = [row for row in POSTS.values() if not named or ADDRESSES[row.route].names]
    return pytest.mark.parametrize("row", wanted, ids=str)


@every_post()
def test_a_refusal_is_given_again_as_it_was(scene: Scene, row: Row) -> None:
    persona = scene.persona(str(whoever_may(row)))
    body = {"reason": TYPED, TYPED: "x", "name": {"": [TYPED]}, "kind": TYPED}
    twice = Twice(persona, path_to(scene, row), body)
    first, again = twice.told
    assert first == again
    assert first[0] in {400, 409, 415}
    assert TYPED not in json.dumps(twice.kept, ensure_ascii=False)


@every_post(named=True)
def test_what_is_absent_is_so_whatever_the_body_lacks(scene: Scene, row: Row) -> None:
    persona = scene.persona(str(whoever_may(row)))
    twice = Twice(persona, path_to(scene, row, absent=True), {})
    assert [each.status_code for each in twice.answers] == [404, 404]


@every_post()
def test_what_was_done_is_shown_as_it_is_now_or_not_at_all(scene: Scene, row: Row) -> None:
    persona = scene.persona(str(whoever_may(row)))
    body, kind = body_of(row.asked, scene)
    twice = Twice(persona, path_to(scene, row), body, kind)
    first, again = twice.told
    assert first[0] < 300
    # Its own effect may put it out of sight, or end what the caller was.
    assert again[0] in {first[0], 403, 404}
    for kept in twice.kept:
        assert kept["body"] is None
        assert set(kept["shown"] or ()) <= {"kind", "ids", "member"}
        if kept["shown"] and again[0] == first[0]:
            assert first[1] == again[1]
