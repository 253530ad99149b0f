"""What the review shows can be taken along as CSV: the same lines, and nothing that begins a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.staff.pages.review import csv_pages
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.models import Alert
from tests.factories import a_member, a_resident, an_agency
from tests.staff.review_requests import as_
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_watch, at

pytestmark = pytest.mark.django_db
#: Half an hour after the grace of the first morning is over.
MISSED = at(24, "13:30")
#: Each sheet with a person or an agency in it, by its address and the name of its file.
SHEETS = {
    "alerts": "/review/?as=csv",
    "alerts-by-age": "/review/?as=csv&of=ages",
    "single-points": "/review/single-points/?as=csv",
    "terms": "/review/terms/?as=csv",
    "signals": "/review/signals/?as=csv",
    "load": "/review/load/?as=csv",
    "watches": "/review/watches/?as=csv",
    "network": "/review/network/?as=csv&area=none",
}


@pytest.fixture(autouse=True)
def now(settings: Settings) -> Iterator[None]:
    settings.REMINDER_CONSOLE = ""
    with time_machine.travel(MISSED, tick=False):
        yield


@pytest.fixture
def alert() -> tuple[Neighbourhood, Alert]:
    """Return a watch that every list holds up: of people and an agency whose names begin formulas."""
    who = a_neighbourhood()
    for thing in (who.desk.agency, who.watcher.user):
        assert thing
        thing.name = f"=1+1 {thing.name}"
        thing.save()
    person = a_resident(who.desk, family_name="＝髙橋", given_name="一郎")
    watch = a_watch(who, resident=person, backup=None, backup_agency=None, term_until=at(30).date())
    check_in(actor=who.watcher, assignment_id=watch.pk, outcome="concern")
    for _each in range(3):
        check_in(actor=who.watcher, assignment_id=watch.pk, outcome="indirect")
    return who, Alert.objects.get(assignment=watch)


def sheet(actor: Actor, path: str) -> list[list[str]]:
    text = as_(actor).get(path).content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_has_the_lines_of_its_page_and_no_formula(
    alert: tuple[Neighbourhood, Alert], name: str
) -> None:
    header, *lines = sheet(alert[0].ward, SHEETS[name])
    [line] = lines
    assert len(line) == len(header)
    assert [each for each in line if "1+1" in each or "髙橋" in each]
    assert not [each for each in line if each.startswith(("=", "＝"))]


@pytest.mark.parametrize("name", SHEETS)
def test_a_file_is_named_by_what_it_is_and_the_day(
    alert: tuple[Neighbourhood, Alert], name: str
) -> None:
    answer = as_(alert[0].ward).get(SHEETS[name])
    named = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    assert answer["Content-Disposition"] == named
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["alerts", "signals", "watches", "network"])
def test_whoever_is_in_a_sheet_counts_as_seen(
    alert: tuple[Neighbourhood, Alert], name: str
) -> None:
    who, found = alert
    sheet(who.ward, SHEETS[name])
    seen = AuditEntry.objects.filter(object_ids__contains=[str(found.assignment.resident_id)])
    assert seen.filter(object_kind="resident", agency_id=who.ward.agency_id).exists()


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_holds_nothing_that_others_keep(
    alert: tuple[Neighbourhood, Alert], name: str
) -> None:
    other = a_member(an_agency(), Role.MANAGER)
    assert len(sheet(other, SHEETS[name])) == 1
    assert alert[1].assignment.code not in as_(other).get(SHEETS[name]).content.decode()


def test_the_filters_of_a_page_are_those_of_its_sheet(alert: tuple[Neighbourhood, Alert]) -> None:
    who, _alert = alert
    query = f"watcher={who.backup.user_id}"
    page = as_(who.ward).get(f"/review/watches/?watcher={who.watcher.user_id}&page=1")
    assert f"?watcher={who.watcher.user_id}&amp;as=csv" in page.content.decode()
    assert len(sheet(who.ward, f"/review/watches/?as=csv&{query}")) == 1


def test_a_sheet_that_does_not_hold_all_says_so(
    alert: tuple[Neighbourhood, Alert], monkeypatch: pytest.MonkeyPatch
) -> None:
    who, _alert = alert
    a_watch(who)
    monkeypatch.setattr(csv_pages, "MOST_LINES", 1)
    lines = sheet(who.ward, SHEETS["watches"])
    assert len(lines) == 3
    assert lines[-1] == ["There are more lines than this sheet holds."]
