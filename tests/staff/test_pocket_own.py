"""What somebody who looks in tells from the pocket: being away, and a concern about anybody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from carenet.agencies.actions import record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import Absence, Membership
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.watchover.models import Concern
from tests.factories import a_member
from tests.staff.pocket import a_street, due_now
from tests.staff.test_pocket import browser_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}
SEEN = {"what": "新聞がたまっている", "where": "青葉台1-2", "whom": "白髪の女性"}


def away(actor: Actor, **said: str) -> Response:
    return browser_of(actor).post("/pocket/absence/", said, headers=ENGLISH)


def absence_page(actor: Actor) -> str:
    return browser_of(actor).get("/pocket/absence/", headers=ENGLISH).content.decode()


def tell(actor: Actor, danger: str = "no", **said: Any) -> Response:
    address = f"/pocket/concern/?danger={danger}" if danger else "/pocket/concern/"
    return browser_of(actor).post(address, {**SEEN, **said}, headers=ENGLISH)


@pytest.mark.operation("agencies_members_absences_end_create")
def test_a_watcher_says_that_they_are_away_and_that_they_are_back() -> None:
    watcher = a_street().watcher
    assert away(watcher).status_code == 303
    absence = Absence.objects.running().get(membership__user=watcher.user_id)
    assert "away now" in absence_page(watcher)
    answer = browser_of(watcher).post(f"/pocket/absence/{absence.pk}/end/")
    assert answer.status_code == 303
    assert not Absence.objects.running().exists()
    assert "away now" not in absence_page(watcher)


def test_an_absence_that_was_called_off_before_it_began_is_gone_from_the_page() -> None:
    watcher = a_street().watcher
    away(watcher, since=str(timezone.localdate() + timedelta(days=2)))
    absence = Absence.objects.get()
    assert str(absence.pk) in absence_page(watcher)
    assert browser_of(watcher).post(f"/pocket/absence/{absence.pk}/end/").status_code == 303
    assert str(absence.pk) not in absence_page(watcher)


@pytest.mark.operation("agencies_members_absences_create")
def test_the_last_day_away_is_a_whole_day_in_japan() -> None:
    watcher = a_street().watcher
    last = timezone.localdate() + timedelta(days=3)
    away(watcher, since=str(timezone.localdate() + timedelta(days=1)), until=str(last))
    until = Absence.objects.get().until
    assert until
    assert timezone.localtime(until).date() == last + timedelta(days=1)
    assert f"{last:%Y-%m-%d}" in absence_page(watcher)


@pytest.mark.parametrize(
    ("said", "status"),
    [({"until": "2020-01-01"}, 400), ({"since": "someday"}, 422), ({"until": "9999-12-31"}, 422)],
)
def test_days_that_cannot_be_are_refused_at_their_field(said: dict[str, str], status: int) -> None:
    answer = away(a_street().watcher, **said)
    assert answer.status_code == status
    assert list(answer.context["form"].errors) == list(said)
    assert not Absence.objects.exists()


def test_nobody_is_away_twice_and_the_page_says_so() -> None:
    watcher = a_street().watcher
    away(watcher)
    answer = away(watcher)
    assert answer.status_code == 409
    assert "away then already" in answer.content.decode()


def test_the_absence_of_a_colleague_is_out_of_reach() -> None:
    who = a_street()
    colleague = Membership.objects.get(user=who.backup.user_id)
    absence = record_absence(actor=who.backup, membership=colleague)
    answer = browser_of(who.watcher).post(f"/pocket/absence/{absence.pk}/end/")
    assert answer.status_code == 404
    assert "away now" not in absence_page(who.watcher)


def test_who_leaves_people_without_anybody_standing_by_is_told() -> None:
    who, _ = due_now()
    assert "nobody stands by" not in absence_page(who.watcher)
    due_now(who, backup=None, backup_agency=None)
    assert "nobody stands by: 1" in absence_page(who.watcher)


def test_a_concern_takes_two_steps_and_reaches_the_desk() -> None:
    who = a_street()
    first = browser_of(who.watcher).get("/pocket/concern/").content.decode()
    assert "<textarea" not in first
    assert tell(who.watcher).status_code == 303
    found = Concern.objects.get()
    assert (found.what, found.where, found.whom) == tuple(SEEN.values())
    assert (found.reporter_kind, found.by_user) == ("commissioner", who.watcher.user)
    assert not found.danger_to_life


def test_a_double_tap_tells_the_desk_once_and_other_words_tell_it_again() -> None:
    who = a_street()
    page = browser_of(who.watcher).get("/pocket/concern/?danger=no").content.decode()
    found = re.search(r'name="client_key" value="([^"]+)"', page)
    assert found
    for _tap in range(2):
        assert tell(who.watcher, client_key=found[1]).status_code == 303
    assert Concern.objects.count() == 1
    told = AuditEntry.objects.filter(action="concern.report", actor_id=str(who.watcher.user_id))
    assert told.count() == 1
    tell(who.watcher, client_key=found[1], what="窓も開いている")
    tell(who.backup, client_key=found[1])
    assert Concern.objects.count() == 3


def test_whoever_says_that_a_life_is_in_danger_sees_119_and_110_before_the_form() -> None:
    who = a_street()
    page = browser_of(who.watcher).get("/pocket/concern/?danger=yes").content.decode()
    assert page.index("tel:119") < page.index("tel:110") < page.index("<textarea")
    tell(who.watcher, "yes")
    assert Concern.objects.get().danger_to_life


def test_a_concern_without_the_first_answer_is_refused() -> None:
    answer = tell(a_street().watcher, "")
    assert answer.status_code == 400
    assert "Say whether a life is in danger." in answer.content.decode()
    assert not Concern.objects.exists()


def test_what_is_missing_is_said_at_its_field_and_the_rest_stays() -> None:
    answer = tell(a_street().watcher, where="")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["where"]
    assert "新聞がたまっている" in answer.content.decode()


@pytest.mark.operation("concerns_create")
def test_an_agency_that_reports_is_no_commissioner() -> None:
    who = a_street()
    tell(a_member(who.desk.agency, Role.STAFF))
    assert Concern.objects.get().reporter_kind == "agency"
