"""Today: each thing that waits once, whose turn it is, one tap to act, in few queries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.audit.models import AuditEntry
from carenet.cases.actions.consultations import record
from carenet.cases.models import Case, Consultation
from carenet.core import clock
from carenet.referrals.actions.acceptance_and_outcome import accept, receive
from carenet.referrals.actions.decline import propose_decline
from carenet.referrals.models import DeclineCode, DeclinedBy, Referral
from carenet.reminders.actions import acknowledge, work_once
from carenet.reminders.models import InboxEntry
from carenet.staff.pages import inbox, work_queue
from carenet.staff.pages.inbox_people import Subjects
from carenet.watchover.actions.concerns import report
from carenet.watchover.models import Alert, Concern
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.staff.browser import a_page, session_of
from tests.staff.markup import without_layout
from tests.staff.pocket import a_person, a_street, missed
from tests.tasks.calls import a_task

pytestmark = pytest.mark.django_db
MOST_QUERIES = 11
HOUSEKEEPING = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)")


@pytest.fixture
def core() -> Agency:
    return an_agency(AgencyKind.CORE_CONSULTATION_CENTER)


@pytest.fixture
def desk(core: Agency) -> Actor:
    return a_member(core)


def chased(core: Agency) -> Referral:
    """Return a referral to an agency that has been told of it by a reminder."""
    referral = a_sent_referral(a_member(an_agency()), core)
    assert referral.due_at
    while work_once(now=referral.due_at):
        pass
    return referral


def browsing(actor: Actor) -> Client:
    client = Client()
    client.cookies["sessionid"] = session_of(actor)
    return client


def today(actor: Actor) -> str:
    return without_layout(browsing(actor).get("/desk/").content.decode())


def codes(shown: str) -> list[str]:
    return re.findall(r'<span class="code">(R-[^<]+)</span>', shown)


def headings(shown: str) -> list[str]:
    return re.findall(r'<h2 id="part-[^>]*>([^< ]+)', shown)


def test_a_referral_and_the_reminder_of_it_are_one_line(desk: Actor, core: Agency) -> None:
    referral = chased(core)
    shown = today(desk)
    assert shown.count('<li class="line') == 1
    assert f"<strong>{referral.resident.name}</strong>" in shown
    assert f"つなぎ {referral.code} が返答を待っています。" in shown
    assert f"<dd>{referral.sender.name}</dd>" in shown


def test_each_agency_sees_only_what_waits_for_it(desk: Actor, core: Agency) -> None:
    referral = chased(core)
    assert referral.code in today(desk)
    assert referral.code not in today(a_member(an_agency()))


def test_of_a_group_what_is_due_soonest_comes_first(desk: Actor, core: Agency) -> None:
    sent = [a_sent_referral(a_member(an_agency()), core) for _each in range(3)]
    for number, referral in enumerate(sent):
        due = timezone.now() + timedelta(days=9 - number)
        Referral.objects.filter(pk=referral.pk).update(due_at=due)
    assert codes(today(desk)) == [each.code for each in reversed(sent)]


def test_the_urgent_new_one_is_named_first_though_others_are_overdue(
    desk: Actor, core: Agency
) -> None:
    late = a_sent_referral(a_member(an_agency()), core)
    Referral.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=1))
    urgent = a_sent_referral(a_member(an_agency()), core, urgency="today")
    shown = today(desk)
    assert headings(shown) == ["期限超過", "当日中"]
    first = re.search(r'<main.*?<a href="(/desk/referrals/[^"]+)"', shown)
    assert first
    assert str(urgent.pk) in first[1]


def test_each_line_stands_in_the_group_of_its_time(desk: Actor, core: Agency) -> None:
    end_of_today = clock.midnight(clock.today() + timedelta(days=1)) - timedelta(seconds=1)
    for days in (-1, 0, 9):
        referral = a_sent_referral(a_member(an_agency()), core)
        due = end_of_today + timedelta(days=days)
        Referral.objects.filter(pk=referral.pk).update(due_at=due)
    assert headings(today(desk)) == ["期限超過", "今日の予定", "そのほか"]


def test_mine_are_those_that_somebody_has_by_name(desk: Actor, core: Agency) -> None:
    own, other = (a_sent_referral(a_member(an_agency()), core) for _each in range(2))
    accept(actor=desk, referral_id=own.pk)
    accept(actor=a_member(core), referral_id=other.pk)
    client = browsing(desk)
    shown = without_layout(client.get("/desk/?whose=mine").content.decode())
    assert codes(shown) == [own.code]
    assert client.get("/desk/?whose=somebody").status_code == 400


def test_who_may_not_be_seen_is_not_named(desk: Actor) -> None:
    person = a_resident(a_member(an_agency()), family_name="隠岐", given_name="忍")
    record(
        actor=desk, channel="phone", relationship="neighbour", topics=["community"],
        main_topic="community", content="音がしない", subject=None,
    )  # fmt: skip
    Consultation.objects.update(subject=person)
    shown = today(desk)
    assert "氏名不詳" in shown
    assert "隠岐" not in shown


def test_a_restricted_case_is_named_to_nobody_who_is_not_named_to_it(
    desk: Actor, core: Agency
) -> None:
    referral = chased(core)
    assert referral.resident.name in today(desk)
    Case.objects.filter(pk=referral.case_id).update(confidentiality="restricted")
    assert referral.resident.name not in today(desk)


def test_who_was_named_is_in_the_trail(desk: Actor, core: Agency) -> None:
    referral = chased(core)
    today(desk)
    read = AuditEntry.objects.filter(object_kind="resident", actor_id=desk.user_id)
    assert any(referral.resident_id in each.object_ids for each in read)


def test_so_is_the_case_whose_code_is_told(desk: Actor) -> None:
    case = a_case(desk)
    a_task(desk, case, -1)
    assert case.code in today(desk)
    read = AuditEntry.objects.filter(object_kind="case", actor_id=desk.user_id, deed="read")
    assert any(case.pk in each.object_ids for each in read)


def test_a_consultation_that_nobody_has_triaged_waits_without_a_name() -> None:
    plaza = a_member(an_agency())
    record(
        actor=plaza, channel="phone", relationship="neighbour", topics=["community"],
        main_topic="community", content="玄関に出てこない。",
    )  # fmt: skip
    shown = today(plaza)
    assert shown.count('<li class="line') == 1
    assert "<strong>氏名不詳</strong>" in shown
    assert "玄関に出てこない。" in shown


def test_where_nothing_waits_that_is_said(desk: Actor) -> None:
    assert 'class="empty"' in today(desk)


def test_few_queries_however_much_waits(desk: Actor, core: Agency) -> None:
    client, counts = browsing(desk), []
    client.get("/desk/")
    for more in (1, 6):
        for _each in range(more):
            chased(core)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get("/desk/").status_code == 200
        queries = [each["sql"] for each in asked if not HOUSEKEEPING.match(each["sql"])]
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES, queries


def test_a_list_that_is_cut_says_so(
    desk: Actor, core: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_queue, "MOST", 2)
    for _each in range(2):
        chased(core)
    assert "収まらない" not in today(desk)
    chased(core)
    shown = today(desk)
    assert "最初の2件" in shown
    assert shown.count('<li class="line') == 2


def test_a_line_leads_to_its_page_where_there_is_one(
    desk: Actor, core: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = chased(core)
    monkeypatch.setitem(inbox.PAGES, "referral", "no-such-page")
    assert f'href="/desk/referrals/{referral.pk}/"' not in today(desk)
    monkeypatch.setitem(inbox.PAGES, "referral", "staff-reminder-read")
    assert f'href="/desk/reminders/{referral.pk}/read/"><strong>' in today(desk)


def test_what_stands_open_with_others_of_the_ward_is_one_line_with_its_number() -> None:
    who = a_street()
    assert "ほかの機関の対応待ち" not in today(who.ward)
    missed(who)
    for _each in range(2):
        concern, _receipt = report(
            actor=who.watcher,
            what="新聞がたまっている",
            where="青葉台1-2",
            reporter_kind="commissioner",
        )
        Concern.objects.filter(pk=concern.pk).update(agency=who.desk.agency)
    referral = a_sent_referral(a_member(an_agency()), who.desk.agency)
    Referral.objects.filter(pk=referral.pk).update(due_at=clock.now() - timedelta(days=1))
    shown = today(who.ward)
    assert shown.count("ほかの機関の対応待ち：") == 1
    for each in ("安否の確認 1 件", "気がかり 2 件", "期限を過ぎたつなぎ 1 件"):
        assert f">{each}</a>" in shown
    assert "ほかの機関の対応待ち" not in today(who.desk)


def test_what_a_colleague_has_taken_on_is_named(desk: Actor, core: Agency) -> None:
    colleague = a_member(core)
    chased(core)
    acknowledge(actor=colleague, entry=InboxEntry.objects.get(user=colleague.user_id))
    assert colleague.user
    assert f"{colleague.user.name}さんが対応中" in today(desk)
    assert "対応します</button>" not in today(desk)


@pytest.mark.operation("reminders_acknowledge_create")
def test_one_tap_takes_a_reminder_on_without_a_script(desk: Actor, core: Agency) -> None:
    chased(core)
    entry = InboxEntry.objects.get(user=desk.user_id)
    client = browsing(desk)
    answer = client.post(f"/desk/reminders/{entry.pk}/acknowledge/")
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/?done={entry.pk}")
    entry.reminder.refresh_from_db()
    assert entry.reminder.holder_id == desk.user_id
    shown = client.get(answer["Location"]).content.decode()
    assert "「対応中」にしました。" in shown
    assert "あなたが対応中" in shown


def test_what_a_step_refuses_is_said_and_nothing_is_lost(desk: Actor, core: Agency) -> None:
    chased(core)
    entry = InboxEntry.objects.get(user=desk.user_id)
    entry.reminder.holds = 100
    entry.reminder.save()
    answer = browsing(desk).post(
        f"/desk/reminders/{entry.pk}/acknowledge/", headers={"hx-request": "true"}
    )
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#messages")
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.operation("reminders_read_create")
def test_what_no_longer_waits_leaves_a_word_in_place_of_its_line(desk: Actor, core: Agency) -> None:
    referral = chased(core)
    receive(actor=desk, referral_id=referral.pk)
    propose_decline(
        actor=desk,
        referral_id=referral.pk,
        code=DeclineCode.NOT_ELIGIBLE,
        declined_by=DeclinedBy.PROVIDER,
    )
    entry = InboxEntry.objects.get(user=desk.user_id)
    answer = browsing(desk).post(
        f"/desk/reminders/{entry.pk}/read/", headers={"hx-request": "true"}
    )
    shown = answer.content.decode()
    assert "既読にしました" in shown
    assert referral.code not in shown


@pytest.mark.django_db(transaction=True)
def test_in_the_browser_a_step_changes_its_line_alone_and_keeps_the_place(
    live_server: LiveServer, browser: Browser, core: Agency, desk: Actor
) -> None:
    first, second = chased(core), chased(core)
    with a_page(browser, live_server.url, desk, screen="phone") as page:
        page.goto("/desk/")
        line = page.locator("li.line").filter(has_text=first.code)
        line.get_by_role("button", name="対応します").focus()
        page.keyboard.press("Enter")
        line.locator(".notice.done").wait_for()
        assert line.get_by_role("button", name="対応します").count() == 0
        assert line.evaluate("it => it === document.activeElement")
        assert page.locator("li.line").filter(has_text="あなたが対応中").count() == 1
        other = page.locator("li.line").filter(has_text=second.code)
        assert other.get_by_role("button").count() == 2
        other.get_by_role("button", name="読みました").click()
        other.locator(".notice.done").wait_for()
        assert other.get_by_role("button").count() == 1


def test_whoever_looks_in_is_told_the_name_and_not_the_age() -> None:
    who = a_street()
    missed(who, resident=a_person(who))
    while work_once(now=timezone.now()):
        pass
    alert = Alert.objects.select_related("assignment__resident").get()
    person = alert.assignment.resident
    shown = today(who.watcher)
    assert person.name in shown
    assert person.age not in shown
    kept = Subjects(who.desk, {"alert"}, [alert.pk])
    assert kept.age("alert", alert.pk) == person.age
