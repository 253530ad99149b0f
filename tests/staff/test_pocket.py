"""Today's visits: who is on the list, what of them is told, and what one tap records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditEntry
from carenet.core import clock
from carenet.watchover.actions.pauses import pause
from carenet.watchover.models import Alert, CheckIn
from tests.residents.samples import a_fact
from tests.staff.browser import session_of
from tests.staff.markup import without_layout
from tests.staff.pocket import a_person, a_street, due_now, late_now, missed

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db


def browser_of(actor: Actor) -> Client:
    client = Client()
    client.cookies["sessionid"] = session_of(actor)
    return client


def look(actor: Actor) -> str:
    answer = browser_of(actor).get("/pocket/", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def names(page: str) -> list[str]:
    return re.findall(r"<h2>([^<]+)</h2>", page)


def tap(actor: Actor, watch: Any, outcome: str, **more: str) -> Response:
    address = f"/pocket/visits/{watch.pk}/"
    return browser_of(actor).post(address, {"outcome": outcome, **more})


def test_whoever_looks_in_is_told_name_address_telephone_and_what_to_take_care_of() -> None:
    who = a_street()
    due_now(who, resident=a_person(who), safety_note="犬に注意")
    page = look(who.watcher)
    for told in ("佐藤 ハナ", "青葉台1-2-3", 'href="tel:0111234567"', "犬に注意"):
        assert told in page


def test_nothing_else_of_the_person_is_told() -> None:
    who = a_street()
    _, watch = due_now(who, resident=a_person(who))
    a_fact(who.desk, watch.resident, detail="内蔵電池2時間")
    page = look(who.watcher)
    assert "1941" not in page
    assert "内蔵電池" not in page
    assert str(watch.resident_id) not in page


def test_a_protected_address_is_not_told() -> None:
    who = a_street()
    due_now(who, resident=a_person(who, address_protected=True))
    page = look(who.watcher)
    assert "青葉台" not in page
    assert "The address is protected" in page


def test_who_is_late_comes_first() -> None:
    who = a_street()
    due_now(who, resident=a_person(who))
    late_now(who, resident=a_person(who, family_name="田中", family_kana="タナカ", phone=""))
    assert names(look(who.watcher)) == ["田中 ハナ", "佐藤 ハナ"]


@pytest.fixture
def noon() -> Iterator[None]:
    """What was missed three hours ago was missed today, and nobody is expected before tomorrow."""
    with time_machine.travel(clock.local_now().replace(hour=12)):
        yield


@pytest.mark.operation("alerts_resolve_create")
@pytest.mark.usefixtures("noon")
def test_who_was_missed_stays_until_somebody_has_looked_in() -> None:
    who = a_street()
    watch = missed(who, resident=a_person(who))
    assert names(look(who.watcher)) == ["佐藤 ハナ"]
    tap(who.watcher, watch, "met")
    assert names(look(who.watcher)) == []
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_without_visits_nobody_is_said_to_have_been_looked_in_on() -> None:
    who, _ = due_now()
    assert "There is nobody for you to look in on today." in look(who.ward)


def test_others_do_not_see_the_visit() -> None:
    who, watch = due_now()
    page = look(who.ward)
    assert str(watch.pk) not in page
    assert browser_of(who.ward).get(f"/pocket/visits/{watch.pk}/").status_code == 404


def test_the_backup_is_told_that_they_stand_by() -> None:
    who, _ = due_now()
    assert "you stand by" in look(who.backup)


def test_nobody_is_to_look_in_during_a_pause() -> None:
    who, watch = due_now()
    pause(actor=who.watcher, assignment_id=watch.pk, reason="hospital")
    assert names(look(who.watcher)) == []


def test_the_trail_says_whom_the_list_has_shown() -> None:
    who, watch = due_now()
    look(who.watcher)
    assert (
        AuditEntry.objects.filter(object_ids__contains=[watch.resident_id])
        .filter(deed="read")
        .exists()
    )


def test_ten_visits_cost_no_more_than_ten_queries() -> None:
    who = a_street()
    for number in range(10):
        due_now(who, resident=a_person(who, new_because="別人", given_name=f"花{number}"))
    client = browser_of(who.watcher)
    client.get("/pocket/")
    with CaptureQueriesContext(connection) as asked:
        assert len(client.get("/pocket/").context["visits"]) == 10
    assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) <= 10


@pytest.mark.parametrize("outcome", ["met", "heard", "no_answer", "concern", "emergency"])
def test_a_tap_records_what_was_found(outcome: str) -> None:
    who, watch = due_now()
    answer = tap(who.watcher, watch, outcome)
    assert answer.status_code == 303
    assert CheckIn.objects.get().outcome == outcome
    assert CheckIn.objects.get().by_user == who.watcher.user


@pytest.mark.operation("check_ins_create")
def test_the_same_form_sent_twice_is_one_check_in() -> None:
    who, watch = due_now()
    key = str(uuid4())
    for _ in range(2):
        assert tap(who.watcher, watch, "met", client_key=key).status_code == 303
    assert CheckIn.objects.count() == 1


def test_other_words_under_the_same_key_are_refused_and_kept_in_the_form() -> None:
    who, watch = due_now()
    key = str(uuid4())
    tap(who.watcher, watch, "met", client_key=key)
    answer = tap(who.watcher, watch, "met", client_key=key, note="窓が開いていた")
    assert answer.status_code == 409
    assert "窓が開いていた" in answer.content.decode()


def test_what_nobody_can_find_is_refused() -> None:
    who, watch = due_now()
    assert tap(who.watcher, watch, "asleep").status_code == 422
    assert not CheckIn.objects.exists()


def test_119_and_110_stand_before_the_button_that_records_an_emergency() -> None:
    who, _ = due_now()
    page = look(who.watcher)
    emergency = page.index('value="emergency"')
    assert page.index('href="tel:119"') < page.index('href="tel:110"') < emergency


def test_a_script_learns_who_is_there_and_no_name() -> None:
    who, _ = due_now()
    answer = browser_of(who.watcher).get("/pocket/state/")
    assert set(answer.json()) == {"user", "agency", "csrf"}
    assert "no-store" in answer["Cache-Control"]


def test_what_a_browser_may_keep_is_the_same_for_everybody() -> None:
    who, _ = due_now()
    shells = [
        client.get("/pocket/offline/").content for client in (Client(), browser_of(who.watcher))
    ]
    assert shells[0] == shells[1]


def test_the_service_worker_stands_in_for_the_pocket_alone() -> None:
    answer = Client().get("/pocket/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer


def test_every_file_of_the_shell_is_there() -> None:
    script = Client().get("/pocket/worker.js").content.decode()
    files = re.findall(r'"/static/([^"]+)"', script)
    assert files
    assert all(finders.find(name) for name in files)


def test_after_a_visit_that_counted_the_next_time_says_its_day_and_what_was_recorded() -> None:
    who = a_street()
    watch = late_now(who)
    assert tap(who.watcher, watch, "met").status_code == 303
    page = without_layout(look(who.watcher))
    assert '<p class="counted">Recorded today: ' in page
    assert "met in person" in page
    assert "Record once more" in page
    assert '<span class="state late">late</span>' not in page


def test_a_time_is_never_without_its_day() -> None:
    who = a_street()
    due_now(who, resident=a_person(who))
    page = without_layout(look(who.watcher))
    assert re.search(r'<span class="times">today \d', page)


def test_a_concern_is_the_first_thing_to_press() -> None:
    who = a_street()
    due_now(who, resident=a_person(who))
    page = look(who.watcher)
    assert page.index("/pocket/concern/", page.index('class="worry"')) < page.index('id="visits"')
