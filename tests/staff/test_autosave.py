"""What is half written: kept for the account and the form, sealed, until a day after the last stroke."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.forms import CharField
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from carenet.accounts.models import BrowserSession
from carenet.agencies.selectors.principals import SESSION_AGENCY
from carenet.cases.models import Consultation
from carenet.staff.models import Draft
from carenet.staff.pages import autosave
from carenet.staff.pages.consultation_form import Intake
from carenet.staff.tasks import forget_drafts
from tests.factories import a_member, an_agency
from tests.staff.browser import a_page
from tests.staff.test_consultation_new import CALL, desk

pytestmark = pytest.mark.django_db
HERE = "/desk/consultations/"
NEW = f"{HERE}new/"


def keep(client: Client, form: UUID, **given: Any) -> str:
    """Type into a form, as its page keeps it by itself; return what it says."""
    answer = client.post(f"{HERE}draft/", {"once": str(form), **given})
    return answer.content.decode()


def shown(client: Client, form: UUID) -> dict[str, Any]:
    """Return with what a form opens."""
    page = client.get(NEW, {"form": str(form)})
    return dict(page.context["form"].initial)


def open_ones(client: Client) -> list[str]:
    return [each.words for each in client.get(NEW).context["drafts"]]


def test_two_calls_are_two_drafts_and_both_are_on_the_page() -> None:
    client, forms = desk(a_member(an_agency())), [uuid4(), uuid4()]
    for form, said in zip(forms, ("一件目", "二件目"), strict=True):
        keep(client, form, content=said)
    assert [shown(client, form)["content"] for form in forms] == ["一件目", "二件目"]
    assert open_ones(client) == ["二件目", "一件目"]


def test_what_was_recorded_is_gone_however_late_its_draft_arrives() -> None:
    client, form = desk(a_member(an_agency())), uuid4()
    keep(client, form, content="途中まで")
    client.post(NEW, CALL | {"once": str(form)})
    assert "recorded already" in keep(client, form, content="遅れて届いた")
    assert not Draft.objects.exists()
    page = client.get(NEW, {"form": str(form)}).content.decode()
    assert "has been recorded" in page
    assert f"{HERE}{Consultation.objects.get().pk}/" in page


def test_what_was_refused_is_still_a_draft() -> None:
    client, form = desk(a_member(an_agency())), uuid4()
    keep(client, form, content="途中まで")
    refused = client.post(NEW, CALL | {"once": str(form), "urgency": ""})
    assert refused.context["key"] == form
    assert shown(client, form)["content"] == "途中まで"


def test_a_draft_outlives_the_session_and_is_its_accounts_alone() -> None:
    agency, form = an_agency(), uuid4()
    actor, colleague = a_member(agency), a_member(agency)
    keep(desk(actor), form, content="途中まで")
    BrowserSession.objects.all().delete()
    assert shown(desk(actor), form)["content"] == "途中まで"
    assert "content" not in shown(desk(colleague), form)
    assert open_ones(desk(colleague)) == []


def test_it_ends_a_day_after_the_last_stroke() -> None:
    client, form, now = desk(a_member(an_agency())), uuid4(), timezone.now()
    keep(client, form, content="はじめ")
    Draft.objects.update(stroke_at=now - timedelta(hours=23))
    keep(client, form, content="つづき")
    assert Draft.objects.get().stroke_at >= now
    Draft.objects.update(stroke_at=now - timedelta(hours=23))
    forget_drafts()
    assert shown(client, form)["content"] == "つづき"
    Draft.objects.update(stroke_at=now - timedelta(hours=25))
    assert open_ones(client) == []
    assert "content" not in shown(client, form)
    forget_drafts()
    assert not Draft.objects.exists()


def test_a_draft_is_thrown_away() -> None:
    client, form = desk(a_member(an_agency())), uuid4()
    keep(client, form, content="途中まで")
    keep(client, form, discard="1")
    assert open_ones(client) == []


def test_a_draft_is_sealed_and_for_one_agency() -> None:
    actor = a_member(an_agency())
    client, form = desk(actor), uuid4()
    keep(client, form, content="secret words")
    assert "secret words" not in Draft.objects.get().sealed
    assert shown(client, form)["content"] == "secret words"
    elsewhere = a_member(an_agency(), user=actor.user)
    session = client.session
    session[SESSION_AGENCY] = str(elsewhere.agency_id)
    session.save()
    assert open_ones(client) == []


def test_a_key_before_the_present_one_still_opens(settings: Any) -> None:
    actor, form = a_member(an_agency()), uuid4()
    autosave.replace_draft(actor, form, {"content": ["途中まで"]})
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "k" * 60
    assert autosave.saved_draft(actor, form) == {"content": ["途中まで"]}
    settings.SECRET_KEY_FALLBACKS = []
    assert autosave.saved_draft(actor, form) == {}


def test_more_than_anybody_types_or_has_open_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    client, form = desk(a_member(an_agency())), uuid4()
    keep(client, form, content="あ" * autosave.LONGEST)
    assert not Draft.objects.exists()
    monkeypatch.setattr(autosave, "MOST", 1)
    for each in (form, uuid4(), form):
        keep(client, each, content="途中まで")
    assert Draft.objects.get().form == form


def test_a_draft_keeps_as_much_japanese_as_the_form_takes() -> None:
    client, form = desk(a_member(an_agency())), uuid4()
    fields = Intake.base_fields.items()
    longest = {
        name: int(each.max_length or 0) for name, each in fields if isinstance(each, CharField)
    }
    most = {name: ("「あ」\r\n" * length)[:length] for name, length in longest.items()}
    keep(client, form, **most)
    kept = shown(client, form)
    assert {name: len(kept[name]) for name in most} == longest


@pytest.mark.django_db(transaction=True)
def test_two_tabs_keep_two_calls_and_back_records_none_again(
    live_server: LiveServer, browser: Browser
) -> None:
    actor = a_member(an_agency())
    with a_page(browser, live_server.url, actor) as first:
        second = first.context.new_page()
        for page, said in ((first, "一件目"), (second, "二件目")):
            page.goto(NEW)
            page.check("[name=topics][value=health]")
            page.fill("[name=content]", said)
            page.get_by_text("下書きを保存しました").wait_for()
        second.reload()
        assert second.input_value("[name=content]") == "二件目"
        first.locator(".intake .sticks > button").click()
        first.wait_for_url(re.compile(r"/desk/\?form="))
        first.go_back()
        first.get_by_text("この相談は記録されています").wait_for()
        colour = "link => getComputedStyle(link).backgroundColor"
        ways = [first.get_by_role("link", name=name) for name in ("記録された内容", "別の相談")]
        assert len({way.evaluate(colour) for way in ways}) == 2  # one of the two is the next step
        first.goto(NEW)
        assert first.get_by_role("link", name="二件目").count() == 1
    assert [each.content for each in Consultation.objects.all()] == ["一件目"]
