"""One tap says that somebody has looked in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.rest.models import IdempotencyKey
from carenet.watchover.actions.assignments import reassign
from carenet.watchover.models import CheckIn, OneTapLink, WatchAssignment
from config.logs import SHARED, hide_secrets
from tests.factories import api
from tests.watchover.watches import Neighbourhood, at, states

pytestmark = pytest.mark.django_db
IN_TIME = at(24, "10:00")


def a_link(actor: Actor, watch: WatchAssignment, **headers: str) -> str:
    """Return the path of a link made at 8:30, before the window opens."""
    with time_machine.travel(at(24, "08:30"), tick=False):
        answer = api(actor, **headers).post(f"/api/v1/watch-assignments/{watch.pk}/link/", {})
    assert answer.status_code == 201, answer.content
    path: str = urlsplit(answer.json()["url"]).path
    return path


def ask(method: str, path: str, now: datetime = IN_TIME, **more: Any) -> Any:
    with time_machine.travel(now, tick=False):
        return Client(enforce_csrf_checks=True).generic(method, path, **more)


def test_the_button_shows_and_its_post_records(who: Neighbourhood, watch: WatchAssignment) -> None:
    path = a_link(who.watcher, watch)
    page = ask("GET", path)
    assert page.status_code == 200
    assert page.content.decode().count("<button") == 1
    assert ask("POST", path).status_code == 200
    found = CheckIn.objects.get()
    assert (found.by_user, found.by_agency, found.outcome, found.observed_at) == (
        who.watcher.user, who.watcher.agency, "met", IN_TIME,
    )  # fmt: skip
    assert states(watch) == ["met"]


def test_a_mail_scanner_changes_nothing(who: Neighbourhood, watch: WatchAssignment) -> None:
    path = a_link(who.watcher, watch)
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        ask(method, path)
    assert not CheckIn.objects.exists()
    assert ask("POST", path).status_code == 200


def test_it_works_once(who: Neighbourhood, watch: WatchAssignment) -> None:
    path = a_link(who.watcher, watch)
    assert [ask("POST", path).status_code for _ in range(3)] == [200, 404, 404]
    assert ask("GET", path).status_code == 404
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(
    ("clock", "code"), [("08:59", 404), ("09:00", 200), ("13:00", 200), ("13:01", 404)]
)
def test_it_is_good_from_the_window_to_the_end_of_the_grace(
    who: Neighbourhood, watch: WatchAssignment, clock: str, code: int
) -> None:
    path = a_link(who.watcher, watch)
    assert ask("GET", path, at(24, clock)).status_code == code
    assert ask("POST", path, at(24, clock)).status_code == code
    assert CheckIn.objects.exists() is (code == 200)


def test_every_link_that_is_not_good_gets_the_same_page(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    path = a_link(who.watcher, watch)
    early, unknown = ask("GET", path, at(24, "08:40")), ask("GET", "/w/unknown/")
    ask("POST", path)
    used = ask("GET", path)
    assert early.content == unknown.content == used.content == ask("POST", path).content


def test_whoever_no_longer_looks_in_has_no_link(who: Neighbourhood, watch: WatchAssignment) -> None:
    path = a_link(who.watcher, watch)
    with time_machine.travel(at(24, "08:45"), tick=False):
        reassign(
            actor=who.desk, assignment_id=watch.pk, backup=None,
            watcher=who.backup.user, watcher_agency=who.backup.agency,
        )  # fmt: skip
    assert ask("POST", path).status_code == 404
    assert not CheckIn.objects.exists()


def test_a_new_link_takes_the_place_of_the_old(who: Neighbourhood, watch: WatchAssignment) -> None:
    old, new = a_link(who.watcher, watch), a_link(who.watcher, watch)
    assert (ask("POST", old).status_code, ask("POST", new).status_code) == (404, 200)


def test_the_desk_makes_the_watchers(who: Neighbourhood, watch: WatchAssignment) -> None:
    assert ask("POST", a_link(who.desk, watch)).status_code == 200
    assert CheckIn.objects.get().by_user == who.watcher.user


def test_the_page_names_nobody_and_is_kept_nowhere(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    page = ask("GET", a_link(who.watcher, watch))
    for told in (watch.resident.family_name, watch.code, str(watch.pk), "<script", "src="):
        assert told not in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not page.cookies


def test_the_secret_is_kept_nowhere(who: Neighbourhood, watch: WatchAssignment) -> None:
    path = a_link(who.watcher, watch, **{"idempotency-key": "one"})
    secret = path.split("/")[2]
    kept = [*OneTapLink.objects.values(), *IdempotencyKey.objects.values()]
    assert secret not in str(kept)


def test_no_log_tells_the_secret() -> None:
    line = {"event": "Not Found: /w/secret/", "request": "POST /w/secret/", "code": 404}
    assert "secret" not in str(hide_secrets(None, "", line))
    assert hide_secrets in SHARED


def test_where_nothing_is_expected_there_is_no_link(
    who: Neighbourhood, watch: WatchAssignment
) -> None:
    watch.expectations.update(state="void", settled_at=at(24, "08:00"))
    with time_machine.travel(at(24, "08:30") + timedelta(minutes=1), tick=False):
        answer = api(who.desk).post(f"/api/v1/watch-assignments/{watch.pk}/link/", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "watch_not_ready")


def test_few_requests_per_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "carenet.watchover.api.one_tap.OneTapThrottle.rate", "2/hour", raising=False
    )
    found = [ask("GET", "/w/unknown/") for _ in range(3)]
    assert [each.status_code for each in found] == [404, 404, 429]
    assert found[-1].headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("secret", ["%00", "あ", "x" * 5000, "%ff"])
def test_no_secret_breaks_it(secret: str) -> None:
    for method in ("GET", "POST"):
        assert ask(method, f"/w/{secret}/").status_code == 404
