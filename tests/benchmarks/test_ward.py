"""The ward of the measurements: rows by SQL are what the actions write."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from benchmarks import desk, lists, search
from benchmarks.figures import Figure, line
from benchmarks.rows import Row
from benchmarks.ward import Ward, a_ward, check, fill
from carenet.access.models import AccessEntry
from carenet.cases.models import Case
from carenet.residents.models import Resident

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 120


@pytest.fixture
def ward(settings: Settings) -> Ward:
    settings.ROOT_URLCONF = "benchmarks.urls"
    found = a_ward()
    fill(found, SIZE)
    return found


def test_a_copy_is_what_the_actions_write(ward: Ward) -> None:
    check(ward, (31, 45, 58))


def test_a_copy_that_is_anything_else_is_refused(ward: Ward) -> None:
    pattern = ward.patterns["open"]
    pattern.rows = [
        Row(each.table, {**each.values, "plan": "別の計画"}) if "plan" in each.values else each
        for each in pattern.rows
    ]
    with pytest.raises(RuntimeError, match="not what the actions write"):
        check(ward, (31,))


def test_a_ward_has_as_many_cases_and_people_as_wanted(ward: Ward) -> None:
    assert Case.objects.count() == Resident.objects.count() == SIZE + len(ward.patterns) - 4


def test_each_caller_is_shared_its_cases(ward: Ward) -> None:
    shared = AccessEntry.objects.filter(agency=ward.callers["5 shares"].agency_id, way="share")
    assert shared.count() == 5 + 1


def test_lists_searches_and_pages_are_measured_in_a_ward(ward: Ward) -> None:
    found = [
        *lists.measure(ward, rounds=1),
        *search.figures(search.measure(ward, rounds=1), None),
        *desk.measure(ward, rounds=1),
    ]
    names = {each.name.split(",")[0] for each in found}
    assert names >= {"my open cases", "search", "Today: statements"}


def test_a_line_of_the_table_has_the_goal_beside_the_figure() -> None:
    assert "NOT MET ≤ 2" in line(Figure("ours / theirs", 3.0, 2.0))
    assert "met     ≥ 2" in line(Figure("theirs / ours", 3.0, 2.0, least=True))
