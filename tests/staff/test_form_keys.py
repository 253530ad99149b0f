"""A form acts once: sent twice it has one effect, and the second answer leads to what the first made."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.models import Case, Consultation, ProgressNote
from carenet.referrals.models import Attachment, Referral
from carenet.residents.models import Resident
from carenet.staff.models import SentForm
from carenet.staff.tasks import forget_sent_forms
from tests.factories import PDF, a_case, a_draft, a_member, an_agency
from tests.staff.browser import a_page, session_of
from tests.staff.forms import PageForm, forms_in
from tests.staff.scene import Scene, a_scene
from tests.staff.screenshot_catalog import LOOKS

NEW = "/desk/consultations/new/"
#: What writes nothing of its own: language, the two ends of a session, and a search.
WITHOUT_KEY = {"/language/", "/sign-out/", "/desk/people/"}
#: Their rules are allauth's.
ACCOUNT = ("/sign-in", "/account/")
CLIENT_ERROR = 400
FORM = "#note-form"
TWO_CLICKS = "(button, apart) => { button.click(); setTimeout(() => button.click(), apart); }"


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def a_transfer(receiver: Agency, **given: Any) -> dict[str, Any]:
    """Return a call about a new person that ends in a referral that is sent."""
    return {
        "once": str(uuid4()),
        "received_at": "いま",
        "channel": "phone",
        "relationship": "neighbour",
        "topics": ["health"],
        "content": "新聞が三日たまっている",
        "urgency": "soon",
        "family_name": "山本",
        "given_name": "ハナ",
        "birth": "S16.12.8",
        "outcome": "referral",
        "receiver": str(receiver.pk),
        "need": "home_visit",
        "sharing_basis": "WITHIN_PURPOSE",
        "basis_words": "支援につなぐ",
    } | given


def made() -> tuple[int, ...]:
    return tuple(each.objects.count() for each in (Resident, Consultation, Case, Referral))


def forms(scene: Scene) -> Iterator[tuple[Client, str, PageForm]]:
    """Walk every page of the scene; yield each form that is posted, with whoever looks at it."""
    for look in LOOKS:
        client = Client()
        if look.who:
            client.cookies[settings.SESSION_COOKIE_NAME] = scene.sessions[look.who]
        path = look.path.format(**scene.ids)
        for form in forms_in(client.get(path).content.decode()):
            yield client, path, form


@pytest.mark.django_db
def test_every_form_of_every_page_carries_a_key_and_acts_once() -> None:
    keys, acted = [], set()
    for client, path, form in forms(a_scene()):
        there = (form.action or path).split("#")[0]
        if there in WITHOUT_KEY or path == "/pocket/offline/":
            continue
        assert form.key, (path, there)
        keys.append(form.key)
        if not there.startswith(ACCOUNT) and acts_once(client, there, form):
            acted.add(there.rstrip("/").split("/")[-1])
    assert len(set(keys)) == len(keys) > 60
    assert len(acted) > 15, acted


def acts_once(client: Client, there: str, form: PageForm) -> bool:
    """Send a form twice, and undo it; return whether it acts. The second time nothing is written."""
    with transaction.atomic():
        before = writes()
        first = client.post(there, form.given)
        after = writes()
        acts = after > before and first.status_code < CLIENT_ERROR
        if acts:
            second = client.post(there, form.given)
            assert writes() == after, there
            # What is shown once, as a code or a link, is not shown again.
            if first.status_code != HTTPStatus.OK:
                assert second.status_code == first.status_code, there
                assert place(second) == place(first)
        transaction.set_rollback(True)
    return acts


def place(answer: Any) -> str:
    """Return where an answer leads, without what its page is told besides."""
    return str(answer["Location"]).split("#")[0].split("?")[0]


def writes() -> int:
    return AuditEntry.objects.filter(deed=AuditAction.WRITE).count()


@pytest.mark.django_db
def test_what_was_sent_twice_leads_to_the_referral_that_was_made() -> None:
    actor, other = a_member(an_agency()), an_agency()
    client, given = desk(actor), a_transfer(other)
    first, second = (client.post(NEW, given) for _ in range(2))
    assert made() == (1, 1, 1, 1)
    assert second["Location"] == f"{first['Location']}&again="
    assert "sent before" in client.get(second["Location"]).content.decode()


@pytest.mark.django_db
def test_a_refused_form_has_not_acted_and_may_be_sent_again() -> None:
    actor, other = a_member(an_agency()), an_agency()
    client, given = desk(actor), a_transfer(other)
    assert client.post(NEW, given | {"urgency": ""}).status_code == 422
    assert client.post(NEW, given | {"receiver": str(actor.agency_id)}).status_code == 400
    assert made() == (0, 0, 0, 0)
    assert client.post(NEW, given).status_code == 303


@pytest.mark.django_db
def test_other_words_under_the_same_key_are_neither_lost_nor_recorded_unasked() -> None:
    actor = a_member(an_agency())
    case, client = a_case(actor), desk(actor)
    there = f"/desk/cases/{case.pk}/notes/"
    given = {
        "text": "一度目", "happened_at": "いま", "kind": "fact", "audience": "agency",
        "channel": "none",
    }  # fmt: skip
    key = {"once": str(uuid4())}
    client.post(there, given | key)
    asked = client.post(there, given | key | {"text": "二度目"})
    assert (asked.status_code, ProgressNote.objects.count()) == (409, 1)
    (again,) = [each for each in forms_in(asked.content.decode()) if each.action == there]
    assert again.given["text"] == ["二度目"]
    assert client.post(there, again.given).status_code == 303
    assert set(ProgressNote.objects.values_list("text", flat=True)) == {"一度目", "二度目"}


@pytest.mark.django_db
def test_a_part_that_was_sent_twice_is_told_and_not_added_twice() -> None:
    actor = a_member(an_agency())
    there = f"/desk/referrals/{a_draft(actor, an_agency()).pk}/files/"
    client, key = desk(actor), str(uuid4())

    def attach(words: bytes) -> Any:
        file = SimpleUploadedFile("計画.pdf", words, "application/octet-stream")
        return client.post(there, {"once": key, "file": file}, headers={"hx-request": "true"})

    assert attach(PDF).status_code == 200
    for words in (PDF, PDF + b"\n"):
        told = attach(words)
        assert told["HX-Retarget"] == "#messages"
        assert "sent before" in told.content.decode()
    assert Attachment.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_the_accounts_own() -> None:
    agency, other = an_agency(), an_agency()
    given = a_transfer(other)
    for actor, person in ((a_member(agency), "ハナ"), (a_member(agency), "ウメ")):
        assert desk(actor).post(NEW, given | {"given_name": person}).status_code == 303
    assert made()[3] == 2


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_while() -> None:
    client = desk(a_member(an_agency()))
    client.post(NEW, a_transfer(an_agency()))
    forget_sent_forms()
    assert SentForm.objects.count() == 1
    SentForm.objects.update(sent_at=timezone.now() - settings.SENT_FORM_KEEP - timedelta(hours=1))
    forget_sent_forms()
    assert not SentForm.objects.exists()


@pytest.mark.operation(
    "cases_create",
    "consultations_create",
    "consultations_triage_create",
    "referrals_create",
    "referrals_send_create",
    "residents_create",
)
@pytest.mark.django_db(transaction=True)
def test_three_at_once_are_one() -> None:
    actor, other = a_member(an_agency()), an_agency()
    key, given = session_of(actor), a_transfer(other)

    def send() -> str:
        client = Client()
        client.cookies["sessionid"] = key
        try:
            return place(client.post(NEW, given))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        led = {each.result() for each in [pool.submit(send) for _ in range(3)]}
    assert made() == (1, 1, 1, 1)
    assert led == {f"/desk/referrals/{Referral.objects.get().pk}/"}


def write_note(page: Page, text: str) -> None:
    way, field = page.locator("main a[href$='/notes/#story']"), page.locator("#note-text")
    way.or_(field).first.wait_for()
    if way.count():
        way.click()
    page.fill("#note-text", text)
    page.check("[name=channel][value=none]")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("apart", [0, 70, 150])
def test_two_clicks_are_one_in_a_real_browser(
    live_server: LiveServer, browser: Browser, apart: int
) -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    with a_page(browser, live_server.url, actor) as page:
        page.goto(f"/desk/cases/{case.pk}/")
        write_note(page, "電話に出ない")
        page.locator(f"{FORM} .steps button").evaluate(TWO_CLICKS, apart)
        page.get_by_text("電話に出ない").first.wait_for()
        page.wait_for_load_state("networkidle")
    assert ProgressNote.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_again_after_the_way_back_is_one_in_a_real_browser(
    live_server: LiveServer, browser: Browser
) -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    with a_page(browser, live_server.url, actor) as page:
        # The answer leads to another address than this: a browser has a way back from nothing else.
        page.goto(f"/desk/cases/{case.pk}/notes/")
        write_note(page, "電話に出ない")
        page.locator(f"{FORM} .steps button").click()
        page.get_by_text("電話に出ない").first.wait_for()
        page.go_back()
        write_note(page, "電話に出ない")
        page.locator(f"{FORM} .steps button").click()
        page.get_by_text("すでに送られています").wait_for()
    assert ProgressNote.objects.count() == 1
