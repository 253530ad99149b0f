"""The table of a case's states, held against a transcript of the specification."""

from __future__ import annotations

from itertools import product

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from carenet.cases.states import MOVES, CaseStatus, CaseVerb
from tests.cases.paths import at, share
from tests.factories import a_member, a_system, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of

# status verb → target; whatever is not here is refused.
SPECIFICATION = """
assessing    plan        planned
planned      support     supporting
supporting   monitor     monitoring
monitoring   support     supporting
assessing    close       closed
planned      close       closed
supporting   close       closed
monitoring   close       closed
assessing    discontinue discontinued
planned      discontinue discontinued
supporting   discontinue discontinued
monitoring   discontinue discontinued
closed       reopen      assessing
discontinued reopen      assessing
"""
EXPECTED = {
    (status, verb): end
    for status, verb, end in (line.split() for line in SPECIFICATION.strip().splitlines())
}
WAY_TO = {
    "assessing": "",
    "planned": "plan",
    "supporting": "plan support",
    "monitoring": "plan support monitor",
    "closed": "close",
    "discontinued": "discontinue",
}
EVERY_STATUS_AND_VERB = list(product(CaseStatus.values, CaseVerb.values))


def words_for(verb: str) -> dict[str, str]:
    return {"reason": "goal_reached"} if verb in {"close", "discontinue"} else {}


@pytest.mark.parametrize(("status", "verb"), EVERY_STATUS_AND_VERB)
def test_the_table_says_what_the_specification_says(status: str, verb: str) -> None:
    wanted = EXPECTED.get((status, verb), MOVES.refusal)
    assert MOVES.resolve(CaseVerb(verb), status) == wanted


@pytest.mark.parametrize(("status", "verb"), EVERY_STATUS_AND_VERB)
def test_and_so_does_the_api(client: APIClient, case: Case, status: str, verb: str) -> None:
    for step in WAY_TO[status].split():
        client.post(at(case, step), words_for(step))
    answer = client.post(at(case, verb), words_for(verb))
    wanted = EXPECTED.get((status, verb))
    if wanted is None:
        assert code_of(answer, 409) == "conflict"
    else:
        assert answer.json()["status"] == wanted
    assert client.get(at(case)).json()["status"] == (wanted or status)


def test_a_status_is_not_written_otherwise(client: APIClient, case: Case) -> None:
    answer = client.patch(at(case), {"status": "closed"}, headers={"If-Match": '"1"'})
    assert pointers_of(answer) == ["/status"]


@pytest.mark.parametrize("verb", CaseVerb.values)
def test_only_the_lead_moves_a_case(worker: Actor, helper: Actor, case: Case, verb: str) -> None:
    share(worker, case, helper.agency_id)
    assert code_of(api(helper).post(at(case, verb), words_for(verb)), 403) == "not_lead"


@pytest.mark.parametrize("verb", CaseVerb.values)
def test_out_of_reach_a_verb_finds_nothing(case: Case, verb: str) -> None:
    stranger = api(a_member(an_agency()))
    assert code_of(stranger.post(at(case, verb), words_for(verb)), 404) == "not_found"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.WATCHER, Role.AUDITOR])
def test_moving_a_case_is_casework(plaza: Agency, case: Case, role: Role) -> None:
    answer = api(a_member(plaza, role)).post(at(case, "plan"), {})
    assert code_of(answer, 403) == "role_missing"


def test_a_system_moves_a_case_of_its_agency(plaza: Agency, case: Case) -> None:
    assert a_system(plaza).post(at(case, "plan"), {}).json()["status"] == "planned"
