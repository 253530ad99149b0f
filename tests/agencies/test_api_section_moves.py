"""What the ward office has goes to its sections over the API: seen, chosen, confirmed or thrown away."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actors import Actor
from tests.agencies.sections import Ward
from tests.factories import api
from tests.rest.raw_requests import code_of, pointers_of

pytestmark = pytest.mark.django_db
MOVES = "/api/v1/section-moves/"


@pytest.fixture
def ward(db: None) -> Ward:  # noqa: ARG001
    return Ward()


def told(actor: Actor, move: dict[str, Any], verb: str, version: int = 1, **body: Any) -> Any:
    address = f"{MOVES}{move['id']}/{verb}/"
    return api(actor).post(address, body, headers={"If-Match": f'"{version}"'})


def prepared(ward: Ward) -> dict[str, Any]:
    answer = api(ward.manager).post(MOVES, {})
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_preview_names_each_thing_and_what_suggests_its_section(ward: Ward) -> None:
    case = ward.case("income")
    [line] = prepared(ward)["lines"]
    assert (line["code"], line["suggested"], line["because"]) == (case.code, "LIVELIHOOD", "topic")
    assert line["section"]["id"] == str(ward.livelihood.pk)
    assert (line["outcome"], line["stays_behind"]) == ("", [])


def test_it_goes_as_it_was_chosen_and_seen(ward: Ward) -> None:
    case = ward.case()
    move = prepared(ward)
    line = move["lines"][0]["id"]
    choices = [{"line": line, "section": str(ward.livelihood.pk)}]
    assert told(ward.manager, move, "choose", choices=choices).status_code == 200
    assert code_of(told(ward.manager, move, "confirm"), 412) == "version_changed"
    done = told(ward.manager, move, "confirm", 2).json()
    case.refresh_from_db()
    assert (done["state"], done["lines"][0]["outcome"]) == ("done", "moved")
    assert case.lead_agency == ward.livelihood


def test_nobody_confirms_what_they_have_not_seen(ward: Ward) -> None:
    ward.case()
    move = prepared(ward)
    answer = api(ward.manager).post(f"{MOVES}{move['id']}/confirm/", {})
    assert answer.status_code == 428


def test_another_agency_than_a_section_is_refused_where_it_was_named(ward: Ward) -> None:
    ward.case()
    move = prepared(ward)
    choices = [{"line": move["lines"][0]["id"], "section": str(ward.office.pk)}]
    answer = told(ward.manager, move, "choose", choices=choices)
    assert pointers_of(answer) == ["/choices/0/section"]


def test_a_batch_is_thrown_away_and_listed_without_its_lines(ward: Ward) -> None:
    ward.case()
    move = prepared(ward)
    assert told(ward.manager, move, "withdraw").json()["state"] == "withdrawn"
    [listed] = api(ward.manager).get(MOVES).json()["results"]
    assert (listed["id"], listed["state"], "lines" in listed) == (move["id"], "withdrawn", False)


def test_it_is_out_of_reach_of_everybody_else(ward: Ward) -> None:
    ward.case()
    move = prepared(ward)
    there = f"{MOVES}{move['id']}/"
    assert api(ward.officer).get(there).status_code == 403
    assert code_of(told(ward.other, move, "confirm"), 403) == "role_missing"
