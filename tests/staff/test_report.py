"""The monthly report as a page: one's own, of others by what one keeps, and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.watchover.actions.check_ins import check_in
from tests.staff.browser import session_of
from tests.staff.pocket import due_now

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db


def read(actor: Actor, address: str = "/pocket/report/") -> Response:
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client.get(address)


def test_ones_own_month_counts_what_one_recorded() -> None:
    who, watch = due_now()
    check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met")
    answer = read(who.watcher)
    assert answer.status_code == 200
    assert answer.context["found"].outcomes["met"] == 1


def test_what_cannot_be_tallied_is_no_nought() -> None:
    who, _ = due_now()
    page = read(who.watcher).content.decode()
    assert "Not recorded here: add it by hand." in page
    assert "–" in page


def test_the_table_is_downloaded_under_a_name_without_a_person() -> None:
    who, _ = due_now()
    answer = read(who.watcher, "/pocket/report/?as=csv")
    month = f"{timezone.localdate():%Y-%m}"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="activity-{month}.csv"'
    assert answer.content.decode().startswith("\ufeffmonth,")
    assert "no-store" in answer["Cache-Control"]


def test_who_keeps_a_watch_reads_of_who_looks_in_for_it() -> None:
    who, _ = due_now()
    answer = read(who.desk, f"/pocket/report/{who.watcher.user_id}/")
    assert "Only what was done for watches that you keep." in answer.content.decode()


def test_nobody_else_finds_it() -> None:
    who, _ = due_now()
    assert read(who.backup, f"/pocket/report/{who.watcher.user_id}/").status_code == 404


@pytest.mark.parametrize("month", ["2026", "9999-12", "2026-13", "x", "%EF%BC%92"])
def test_what_is_no_month_is_refused_in_words(month: str) -> None:
    who, _ = due_now()
    answer = read(who.watcher, f"/pocket/report/?month={month}")
    assert answer.status_code == 400
    assert "as 2026-11" in answer.content.decode()
