"""A partner's system sends signs of life."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
import time_machine

from carenet.agencies.models import Agency
from carenet.agencies.roles import Scope
from carenet.watchover.models import CheckIn, WatchAssignment
from tests.factories import a_system, an_agency, api
from tests.watchover.watches import Neighbourhood, a_watch, at, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def meter(who: Neighbourhood) -> WatchAssignment:
    """A watch by signs, in which somebody of the council looks in."""
    return a_watch(who, method="indirect")


def a_sign(watch: WatchAssignment | None, key: str = "m-1", clock: str = "10:00") -> dict[str, str]:
    return {
        "assignment": str(watch.pk if watch else uuid4()),
        "key": key,
        "observed_at": at(24, clock).isoformat(),
    }


def send(agency: Agency, *signs: dict[str, str], code: int = 200) -> Any:
    with time_machine.travel(at(24, "10:30"), tick=False):
        answer = a_system(agency).post("/api/v1/signals/", {"signals": list(signs)})
    assert answer.status_code == code, answer.content
    return answer.json()


def results(agency: Agency, *signs: dict[str, str]) -> list[str]:
    return [each["result"] for each in send(agency, *signs)["signals"]]


def test_a_sign_meets_what_is_expected(who: Neighbourhood, meter: WatchAssignment) -> None:
    assert results(who.watcher.agency, a_sign(meter)) == ["recorded"]
    assert CheckIn.objects.get().outcome == "indirect"
    assert states(meter) == ["met"]


def test_the_same_one_again_is_one(who: Neighbourhood, meter: WatchAssignment) -> None:
    with time_machine.travel(at(24, "10:30"), tick=False):
        client, sign = a_system(who.watcher.agency), a_sign(meter)
        body = {"signals": [sign, sign, a_sign(meter, clock="10:10")]}
        told = [client.post("/api/v1/signals/", body).json()["signals"] for _ in range(2)]
    assert [[each["result"] for each in lines] for lines in told] == [
        ["recorded", "known", "differs"], ["known", "known", "differs"],
    ]  # fmt: skip
    assert CheckIn.objects.count() == 1


def test_two_clients_may_use_the_same_key(who: Neighbourhood, meter: WatchAssignment) -> None:
    assert results(who.watcher.agency, a_sign(meter)) == ["recorded"]
    assert results(who.watcher.agency, a_sign(meter)) == ["recorded"]


def test_what_is_not_ones_own_is_as_good_as_absent(
    who: Neighbourhood, meter: WatchAssignment, watch: WatchAssignment
) -> None:
    assert results(an_agency(), a_sign(meter), a_sign(None, "m-2")) == ["not_found"] * 2
    visited = a_sign(watch, "m-3")  # by visits: signs are not how its watcher looks in
    assert results(who.watcher.agency, visited) == ["not_found"]
    assert results(who.desk.agency, visited) == ["recorded"]
    assert CheckIn.objects.count() == 1


def test_each_line_is_told_by_itself(who: Neighbourhood, meter: WatchAssignment) -> None:
    old = a_sign(meter, "m-2") | {"observed_at": "2026-01-01T09:00:00+09:00"}
    signs = (a_sign(None), old, a_sign(meter, "m-3"))
    assert results(who.watcher.agency, *signs) == ["not_found", "wrong_time", "recorded"]


def test_a_sign_lets_nobody_read(who: Neighbourhood, meter: WatchAssignment) -> None:
    told = send(who.watcher.agency, a_sign(meter))
    assert told == {"signals": [{"key": "m-1", "result": "recorded"}]}
    system = a_system(who.watcher.agency)
    assert system.get(f"/api/v1/watch-assignments/{meter.pk}/").status_code == 404


def test_a_basis_that_is_over_takes_no_signs(who: Neighbourhood, meter: WatchAssignment) -> None:
    meter.term_until = at(23).date()
    meter.save()
    assert results(who.watcher.agency, a_sign(meter)) == ["not_found"]


def test_only_systems_send_signs(who: Neighbourhood, meter: WatchAssignment) -> None:
    body = {"signals": [a_sign(meter)]}
    assert api(who.desk).post("/api/v1/signals/", body).status_code == 403
    reader = a_system(who.watcher.agency, Scope.WATCHOVER_READ)
    assert reader.post("/api/v1/signals/", body).status_code == 403


def test_two_hundred_at_once_and_no_more(who: Neighbourhood) -> None:
    many = [a_sign(None, f"m-{each}") for each in range(201)]
    assert results(who.desk.agency, *many[:200]) == ["not_found"] * 200
    send(who.desk.agency, *many, code=400)
    send(who.desk.agency, code=400)


@pytest.mark.parametrize(
    "changes", [{"key": ""}, {"x": "1"}, {"assignment": "x"}, {"observed_at": "now"}]
)
def test_a_line_that_nobody_can_read_is_refused(
    who: Neighbourhood, changes: dict[str, str]
) -> None:
    problem = send(who.desk.agency, a_sign(None) | changes, code=400)
    (name,) = changes
    assert problem["errors"][0]["pointer"].endswith(name)
