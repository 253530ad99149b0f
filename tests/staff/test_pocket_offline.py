"""The pocket on a telephone: two taps, the network cut and back, the page closed in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from carenet.accounts.models import BrowserSession
from carenet.watchover.actions.alerts import acknowledge, resolve
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.transitions import move
from carenet.watchover.models import Alert, CheckIn
from carenet.watchover.states import WatchVerb
from tests.staff.browser import a_page, overflows, violations
from tests.staff.pocket import a_person, a_street, due_now, missed

pytestmark = pytest.mark.django_db(transaction=True)
FULL_DISK = """() => {
  window.roomy = IDBFactory.prototype.open;
  IDBFactory.prototype.open = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""
RECORD, MET = "見守りを記録する", "会えた"


def open_pocket(page: Page) -> None:
    """Open it, and let its service worker settle in."""
    page.goto("/pocket/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def kept(page: Page) -> str:
    """Return everything that the browser keeps of the pocket, as text."""
    found: str = page.evaluate(
        """async () => {
          const bodies = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const each of await cache.keys()) bodies.push(each.url, await (await cache.match(each)).text());
          }
          return JSON.stringify([await Pocket.waiting(), await Pocket.day(), await Pocket.alerts(), bodies]);
        }"""
    )
    return found


def let_the_browser_sync(page: Page, origin: str) -> None:
    """Ask the service worker now; by itself the browser does so when it believes in the network."""
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(
            each["registrationId"] for each in told["registrations"] if origin in each["scopeURL"]
        ),
    )
    session.send("ServiceWorker.enable")
    until(page, lambda: bool(found))
    session.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": origin, "registrationId": found[-1], "tag": "check-ins", "lastChance": False},
    )


def until(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    pytest.fail("It has not come to that in ten seconds.")


def until_empty(page: Page) -> None:
    """Wait until nothing is left to send; a promise alone would be taken for true."""
    until(page, lambda: not page.evaluate("Pocket.waiting()"))


def tap(page: Page, outcome: str = MET) -> None:
    page.locator("#visits summary").get_by_text(RECORD).first.click()
    page.locator("#visits").get_by_role("button", name=outcome).first.click()


def test_two_taps_record_a_check_in(live_server: LiveServer, browser: Browser) -> None:
    who, _ = due_now()
    with a_page(browser, live_server.url, who.watcher, "phone") as page:
        open_pocket(page)
        tap(page)
        page.locator("#visits .result").get_by_text("記録しました。").wait_for()
        found = CheckIn.objects.get()
        assert (found.outcome, found.offline) == ("met", False)
        assert found.client_key is not None
        assert violations(page) == []


def test_a_visit_without_a_network_arrives_once_after_the_page_was_closed_and_closes_the_alert(
    live_server: LiveServer, browser: Browser
) -> None:
    who = a_street()
    missed(who, resident=a_person(who), safety_note="犬に注意")
    acknowledge(actor=who.ward, alert_id=Alert.objects.get().pk)
    with a_page(browser, live_server.url, who.watcher, "phone") as page:
        open_pocket(page)
        context = page.context
        context.set_offline(True)
        page.reload()
        page.get_by_text("電波がありません").wait_for()
        assert page.locator("h2 [data-slot=initials]").first.inner_text() == "サ・ハ"
        assert page.locator("#visits").get_by_text("安否の確認が済みます").is_visible()
        assert violations(page) == []
        assert not overflows(page)
        tap(page)
        page.locator("#visits .result").get_by_text("送信待ち").wait_for()
        stored = kept(page)
        for told in ("佐藤", "ハナ", "サトウ", "青葉台", "123-4567", "犬に注意"):
            assert told not in stored
        page.close()
        assert not CheckIn.objects.exists()

        context.set_offline(False)
        later = context.new_page()
        later.goto("/pocket/")
        until_empty(later)
        later.reload()
        until_empty(later)
        found = CheckIn.objects.get()
        assert (found.outcome, found.offline, found.by_user) == ("met", True, who.watcher.user)
        assert found.observed_at < found.recorded_at
        alert = Alert.objects.get()
        assert (alert.ended_by, alert.resolved_by) == ("check_in", who.watcher.user)


def test_background_sync_sends_what_waits_although_no_page_is_open(
    live_server: LiveServer, browser: Browser
) -> None:
    who, _ = due_now()
    with a_page(browser, live_server.url, who.watcher, "phone") as page:
        open_pocket(page)
        elsewhere = page.context.new_page()
        page.context.set_offline(True)
        tap(page)
        page.locator("#visits .result").get_by_text("送信待ち").wait_for()
        page.close()
        assert not CheckIn.objects.exists()
        elsewhere.context.set_offline(False)
        let_the_browser_sync(elsewhere, live_server.url)
        until(elsewhere, CheckIn.objects.exists)
        assert CheckIn.objects.get().offline


def test_alerts_answered_without_a_network_count_once_and_a_lost_race_is_explained(
    live_server: LiveServer, browser: Browser
) -> None:
    who = a_street()
    missed(who, resident=a_person(who, new_because="別人", family_kana="アベ"))
    missed(who, resident=a_person(who, new_because="別人", family_kana="イトウ"))
    ours, theirs = Alert.objects.order_by("assignment__number")
    with a_page(browser, live_server.url, who.desk, "phone") as page:
        open_pocket(page)
        context = page.context
        page.get_by_role("link", name="確認が必要な方").click()
        page.locator(f"a[href*='{theirs.pk}']").click()
        page.get_by_role("button", name="対応を引き受ける").click()
        page.get_by_text("「対応中」にしました。").first.wait_for()
        assert page.get_by_role("button", name="対応を引き受ける").count() == 0
        open_pocket(page)
        context.set_offline(True)
        page.reload()
        page.locator("#alerts li").nth(1).wait_for()
        assert violations(page) == []
        assert not overflows(page)
        for alert, deed in ((ours, "対応を引き受ける"), (ours, "無事"), (theirs, "誤報")):
            line = page.locator(f"[data-alert='{alert.pk}']")
            line.get_by_role("button", name=deed).click()
            line.locator(".result").get_by_text("送信待ち").wait_for()
            line.locator(".result").evaluate("(place) => place.replaceChildren()")
        for told in ("佐藤", "サトウ", "ハナ", "青葉台", "123-4567"):
            assert told not in kept(page)
        sent = page.evaluate("Pocket.waiting()")
        page.close()
        resolve(actor=who.ward, alert_id=theirs.pk, outcome="intervened")

        later = context.new_page()
        context.set_offline(False)
        later.goto("/pocket/")
        later.locator("#waiting .refused").get_by_text("支援につながった").wait_for()
        page_of_it = f"/pocket/alerts/{theirs.pk}/"
        assert later.locator("#waiting .refused a").get_attribute("href") == page_of_it
        assert violations(later) == []
        later.get_by_role("button", name="この電話から消す").click()
        until_empty(later)
        for alert, outcome in ((ours, "safe"), (theirs, "intervened")):
            alert.refresh_from_db()
            assert alert.outcome == outcome
        # As if the answers had been lost on the way: the same is sent again.
        later.evaluate(
            "(sent) => Promise.all(sent.map(Pocket.keep)).then(() => Pocket.flush())", sent[:2]
        )
        until_empty(later)
        said = list(ours.events.order_by("id").values_list("verb", "by_user"))
        assert said[1:] == [("acknowledge", who.desk.user_id), ("resolve", who.desk.user_id)]


def test_an_answer_that_no_longer_fits_the_alert_is_not_sent_and_says_why(
    live_server: LiveServer, browser: Browser
) -> None:
    who = a_street()
    silent = Alert.objects.get(assignment=missed(who))
    acknowledge(actor=who.ward, alert_id=silent.pk)
    _, watch = due_now(who, resident=a_person(who))
    for _again in range(2):
        check_in(actor=who.watcher, assignment_id=watch.pk, outcome="no_answer")
    worry = Alert.objects.get(assignment=watch)
    now, before = timezone.now(), timezone.now() - timedelta(hours=3)
    entries = [
        {
            "client_key": why, "deed": deed, "alert": str(alert.pk), "version": 1, "level": alert.level,
            "joined": 1, "observed_at": moment.isoformat(), "outcome": "safe" if deed == "resolve" else "",
            "user": str(who.desk.user_id), "agency": str(who.desk.agency_id),
        }
        for why, deed, alert, moment in (
            ("in_hand", "acknowledge", silent, before),
            ("too_late", "acknowledge", worry, before),
            ("more_came", "resolve", worry, now),
            ("never_still", "acknowledge", worry, now),
        )
    ]  # fmt: skip
    with a_page(browser, live_server.url, who.desk, "phone") as page:
        open_pocket(page)
        page.route(f"**/{worry.pk}/acknowledge/", lambda each: each.fulfill(status=412))
        page.evaluate("(entries) => Promise.all(entries.map(Pocket.keep))", entries)
        page.reload()
        page.locator("#waiting .refused").nth(3).wait_for()
        refused = {
            each["client_key"]: each["refused"] for each in page.evaluate("Pocket.waiting()")
        }
        told = {why: why for why in ("in_hand", "too_late", "more_came")}
        assert refused == {**told, "never_still": "more_came"}
        assert violations(page) == []
        page.context.set_offline(True)
        page.reload()
        shown = page.locator("#alerts li[data-alert]")
        shown.first.wait_for()
        assert shown.first.get_attribute("data-alert") == str(worry.pk), "the worst comes first"
    assert not Alert.objects.exclude(resolved_at=None).exists()


def test_what_is_refused_or_fails_alone_holds_up_nothing_that_was_recorded_after_it(
    live_server: LiveServer, browser: Browser
) -> None:
    who = a_street()
    silent = Alert.objects.get(assignment=missed(who))
    _, watch = due_now(who, resident=a_person(who))
    now = timezone.now()
    common = {"user": str(who.watcher.user_id), "agency": str(who.watcher.agency_id)}
    answer = {
        **common, "client_key": "0190f5b4-0000-7000-8000-000000000002", "deed": "resolve",
        "alert": str(silent.pk), "version": 1, "level": silent.level, "joined": 1,
        "outcome": "safe", "observed_at": now.isoformat(),
    }  # fmt: skip
    visit = {
        **common, "client_key": "0190f5b4-0000-7000-8000-000000000001", "outcome": "emergency",
        "assignment": str(watch.pk), "observed_at": (now - timedelta(seconds=20)).isoformat(),
    }  # fmt: skip
    fails = {**visit, "client_key": "0190f5b4-0000-7000-8000-000000000003"}
    entries: list[dict[str, Any]] = [answer, fails, visit]
    with a_page(browser, live_server.url, who.watcher, "phone") as page:
        open_pocket(page)
        page.route(
            "**/api/v1/check-ins/",
            lambda each: (
                each.fulfill(status=503)
                if fails["client_key"] in (each.request.post_data or "")
                else each.continue_()
            ),
        )
        waiting = page.evaluate(
            "async (entries) => {"
            " for (const entry of entries) await Pocket.keep(entry); return Pocket.waiting(); }",
            entries,
        )
        kept_as = [each["client_key"] for each in waiting]
        assert kept_as == [each["client_key"] for each in entries], "whatever the clock said"
        assert page.evaluate("Pocket.flush()")["problem"] == "offline"
        left = page.evaluate("Pocket.waiting()")
        assert [(each["client_key"], each.get("refused")) for each in left] == [
            (answer["client_key"], "not_allowed"), (fails["client_key"], None),
        ]  # fmt: skip
    assert CheckIn.objects.get(assignment=watch).outcome == "emergency"
    silent.refresh_from_db()
    assert silent.resolved_at is None


def test_an_emergency_shows_119_and_110_before_anything_is_sent(
    live_server: LiveServer, browser: Browser
) -> None:
    who, _ = due_now()
    with a_page(browser, live_server.url, who.watcher, "phone") as page:
        asked: list[str] = []
        open_pocket(page)
        page.on("request", lambda request: asked.append(request.url))
        page.locator("#visits summary").get_by_text(RECORD).first.click()
        page.locator("#visits summary").get_by_text("緊急").click()
        numbers = page.locator("#visits a[href^='tel:11']")
        assert [each.get_attribute("href") for each in numbers.all()] == ["tel:119", "tel:110"]
        assert numbers.first.is_visible()
        assert asked == []
        assert violations(page) == []
        page.get_by_role("button", name="電話しました").click()
        page.locator("#visits .result").get_by_text("記録しました。").wait_for()
        assert CheckIn.objects.get().outcome == "emergency"


def test_what_waits_outlives_the_sign_out_and_todays_list_does_not(
    live_server: LiveServer, browser: Browser
) -> None:
    who, _ = due_now()
    with a_page(browser, live_server.url, who.watcher, "phone") as page:
        open_pocket(page)
        page.context.set_offline(True)
        tap(page)
        page.locator("#visits .result").get_by_text("送信待ち").wait_for()
        BrowserSession.objects.all().delete()
        page.context.set_offline(False)
        page.locator("#messages").get_by_text("ログアウトしています").wait_for()
        queue, day = page.evaluate("Promise.all([Pocket.waiting(), Pocket.day()])")
        assert (len(queue), day) == (1, [])
        assert not CheckIn.objects.exists()


def test_a_full_disk_is_told_and_a_week_and_a_later_version_lose_nothing(
    live_server: LiveServer, browser: Browser
) -> None:
    who, _ = due_now()
    with a_page(browser, live_server.url, who.watcher, "phone") as page:
        open_pocket(page)
        page.context.set_offline(True)
        page.evaluate(FULL_DISK)
        tap(page)
        page.locator("#visits .result").get_by_text("この電話では預かれません").wait_for()
        page.evaluate("() => { IDBFactory.prototype.open = window.roomy; }")
        tap(page)
        page.locator("#visits .result").get_by_text("送信待ち").wait_for()
        page.evaluate("new Promise(done => indexedDB.open('carenet-pocket', 3).onsuccess = done)")
        page.clock.set_system_time(timezone.now() + timedelta(days=8))
        page.evaluate("dispatchEvent(new Event('online'))")
        page.locator("#waiting").get_by_text("8日間").wait_for()
        page.clock.set_system_time(timezone.now())
        page.context.set_offline(False)
        until_empty(page)
    assert CheckIn.objects.get().outcome == "met"


def test_a_watch_that_is_no_longer_ones_own_is_explained(
    live_server: LiveServer, browser: Browser
) -> None:
    who, watch = due_now()
    with a_page(browser, live_server.url, who.watcher, "phone") as page:
        open_pocket(page)
        page.context.set_offline(True)
        tap(page)
        page.locator("#visits .result").get_by_text("送信待ち").wait_for()
        move(actor=who.desk, assignment_id=watch.pk, verb=WatchVerb.END, reason="wish")
        page.context.set_offline(False)
        page.locator("#waiting").get_by_text("あなたの担当ではなくなりました").wait_for()
        page.get_by_role("button", name="この電話から消す").click()
        until_empty(page)


def test_the_check_in_of_somebody_else_waits_for_them(
    live_server: LiveServer, browser: Browser
) -> None:
    who, watch = due_now()
    entry: dict[str, Any] = {
        "client_key": "0190f5b4-0000-7000-8000-000000000001", "assignment": str(watch.pk),
        "outcome": "met", "observed_at": "2026-11-25T00:00:00.000Z",
        "user": str(who.backup.user_id), "agency": str(who.backup.agency_id),
    }  # fmt: skip
    with a_page(browser, live_server.url, who.watcher, "phone") as page:
        open_pocket(page)
        page.evaluate("(entry) => Pocket.keep(entry)", entry)
        page.reload()
        page.locator("#messages").get_by_text("別の人").wait_for()
        assert len(page.evaluate("Pocket.waiting()")) == 1
    assert not CheckIn.objects.exists()
