"""Files on the page of a referral: what may be added, how it is downloaded, what is taken away."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.referrals.actions import acceptance_and_outcome
from carenet.referrals.models import Referral
from tests.factories import (
    NOWHERE,
    PDF,
    a_draft,
    a_member,
    a_sent_referral,
    an_agency,
    an_attachment,
)
from tests.staff.browser import a_page, session_of

pytestmark = pytest.mark.django_db
BOX = "/desk/referrals/"
AS_PART = {"hx-request": "true"}


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def two() -> tuple[Actor, Actor]:
    return a_member(an_agency()), a_member(an_agency())


def a_file(name: str = "診断書.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")


def add(actor: Actor, referral: Referral, *files: Any, **headers: Any) -> Any:
    given = {"file": list(files)} if files else {}
    return desk(actor).post(f"{BOX}{referral.pk}/files/", given, **headers)


def test_a_file_is_added_and_listed_with_who_added_it() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    assert add(receiver, referral, a_file()).status_code == 303
    page = desk(sender).get(f"{BOX}{referral.pk}/")
    assert "診断書.pdf" in page.content.decode()
    assert [file.by_user for file in page.context["files"].rows] == [receiver.user]


def test_in_the_page_the_files_alone_come_back() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    answer = add(receiver, referral, a_file(), headers=AS_PART)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "診断書.pdf" in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("files", "told", "status"),
    [
        ([], "Choose a file.", 422),
        ([a_file(content=b"")], "This file is empty", 422),
        ([a_file("メモ.txt", "こんにちは".encode())], "PDF, JPEG or PNG", 400),
        ([a_file("診断書.png")], "The name does not fit the content", 400),
        ([a_file("<script>.html", b"<script>alert(1)</script>")], "PDF, JPEG or PNG", 400),
        ([a_file(), a_file()], "Send one file at a time.", 422),
    ],
)
@pytest.mark.parametrize("headers", [{}, AS_PART])
def test_what_is_refused_says_what_is_allowed(
    files: list[Any], told: str, status: int, headers: dict[str, str]
) -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    for file in files:
        file.seek(0)
    answer = add(receiver, referral, *files, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == status
    assert told in page
    assert "The file was not added." in page
    assert "at most 10 MB" in page
    assert not referral.attachments.exists()


def test_a_file_that_is_too_large_says_how_large_it_may_be(settings: Settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    answer = add(receiver, referral, a_file(content=PDF + b"\n" * 1024 * 1024))
    assert answer.status_code == 400
    assert "Send at most 1 MB." in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, AS_PART])
def test_what_is_too_large_to_be_read_at_all_says_so_too(
    settings: Settings, headers: dict[str, str]
) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    answer = add(receiver, referral, a_file(content=PDF * 20), headers=headers)
    assert answer.status_code == 413
    assert "at most 10 MB" in answer.content.decode()
    assert answer.get("HX-Retarget", "") == ("#messages" if headers else "")


@pytest.mark.operation("referrals_attachments_create")
def test_a_referral_that_is_full_says_so(settings: Settings) -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    settings.ATTACHMENTS_MOST = 1
    assert add(sender, referral, a_file()).status_code == 303
    answer = add(sender, referral, a_file())
    assert answer.status_code == 409
    assert "at most 1 files" in answer.content.decode()


def test_a_file_is_downloaded_and_never_shown_in_the_page() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    file = an_attachment(sender, referral)
    answer = desk(receiver).get(f"{BOX}{referral.pk}/files/{file.pk}/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


def test_a_download_is_on_record() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    file = an_attachment(sender, referral)
    desk(receiver).get(f"{BOX}{referral.pk}/files/{file.pk}/")
    reads = AuditEntry.objects.filter(deed=AuditAction.READ, agency_id=receiver.agency_id)
    assert {(entry.object_kind, *entry.object_ids) for entry in reads} == {
        ("referral", referral.pk), ("attachment", file.pk), ("resident", referral.resident_id),
    }  # fmt: skip


def test_a_file_is_found_at_its_own_referral_alone() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    other = a_sent_referral(sender, receiver.agency)
    file = an_attachment(sender, referral)
    stranger = a_member(an_agency())
    assert desk(receiver).get(f"{BOX}{other.pk}/files/{file.pk}/").status_code == 404
    assert desk(receiver).get(f"{BOX}{referral.pk}/files/{NOWHERE}/").status_code == 404
    assert desk(stranger).get(f"{BOX}{referral.pk}/files/{file.pk}/").status_code == 404
    assert add(stranger, referral, a_file()).status_code == 404


@pytest.mark.operation("referrals_attachments_remove_create")
def test_a_file_is_taken_away_from_a_draft_after_a_second_look() -> None:
    sender, receiver = two()
    draft = a_draft(sender, receiver.agency)
    file = an_attachment(sender, draft)
    away = f"{BOX}{draft.pk}/files/{file.pk}/take-away/"
    client = desk(sender)
    assert away in client.get(f"{BOX}{draft.pk}/").content.decode()
    looked = client.get(away).content.decode()
    assert "診断書.pdf" in looked
    assert "診断書" not in looked.split("</title>")[0]
    assert draft.attachments.exists()
    assert client.post(away).status_code == 303
    assert not draft.attachments.exists()


def test_what_was_sent_keeps_its_files() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    file = an_attachment(sender, referral)
    away = f"{BOX}{referral.pk}/files/{file.pk}/take-away/"
    client = desk(sender)
    assert away not in client.get(f"{BOX}{referral.pk}/").content.decode()
    answer = client.post(away)
    assert answer.status_code == 409
    assert "What was sent stays as it is" in answer.content.decode()
    assert referral.attachments.exists()


def test_who_may_add_nothing_reads_why() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    manager = a_member(receiver.agency, Role.MANAGER)
    page = desk(manager).get(f"{BOX}{referral.pk}/")
    assert "staff" in str(page.context["files"].may_add.basis)
    assert "multipart/form-data" not in page.content.decode()


def test_nothing_is_offered_where_the_referral_has_ended() -> None:
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency, kind="INFORMATION")
    acceptance_and_outcome.receive(actor=receiver, referral_id=referral.pk)
    assert "multipart/form-data" not in desk(sender).get(f"{BOX}{referral.pk}/").content.decode()
    assert add(sender, referral, a_file()).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_a_file_is_added_beside_what_is_typed_and_one_that_is_too_large_is_not_sent(
    live_server: LiveServer, browser: Browser, settings: Settings
) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    sender, receiver = two()
    referral = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.receive(actor=receiver, referral_id=referral.pk)
    with a_page(browser, live_server.url, receiver, language="en") as page:
        page.goto(f"{BOX}{referral.pk}/ask/")
        page.get_by_label("Question").fill("鍵はどこに？")
        page.locator("#files summary").press("Enter")
        chosen = page.locator("input[type=file]")
        large = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b" " * 1024 * 1025}
        chosen.set_input_files(large)  # type: ignore[arg-type]
        assert chosen.evaluate("input => input.validationMessage").startswith("This file is larger")
        chosen.set_input_files({**large, "buffer": PDF})  # type: ignore[arg-type]
        page.get_by_role("button", name="Add the file").press("Enter")
        page.locator("#files .notice.done").wait_for()
        assert page.get_by_label("Question").input_value() == "鍵はどこに？"
        with page.expect_download() as download:
            page.get_by_role("link", name="a.pdf").press("Enter")
        assert download.value.suggested_filename == "a.pdf"
