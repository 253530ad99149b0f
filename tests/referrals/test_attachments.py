"""Files of a referral: what is taken, who sees it, how it is given out, what is left behind."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.actions.cases import restrict
from carenet.core.errors import Conflict, Forbidden, NotFound
from carenet.referrals.actions import attachments
from carenet.referrals.models import Attachment, Referral
from carenet.referrals.tasks import forget_orphans
from tests.factories import (
    PDF,
    a_draft,
    a_member,
    a_sent_referral,
    a_system,
    an_agency,
    an_attachment,
    api,
)

pytestmark = pytest.mark.django_db


def _picture(form: str, **more: Any) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, form, **more)
    return drawn.getvalue()


JPEG, PNG = _picture("JPEG"), _picture("PNG")


def _archive() -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "…")
    return packed.getvalue()


@pytest.fixture(autouse=True)
def shelf(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "attachments"
    backend = "django.core.files.storage.FileSystemStorage"
    on_disk = {"BACKEND": backend, "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "attachments": on_disk}
    return folder


def upload(actor: Actor, referral: Referral, name: str, content: bytes, **more: Any) -> Any:
    kind = more.pop("kind", "application/octet-stream")
    file = SimpleUploadedFile(name, content, kind)
    address = f"/api/v1/referrals/{referral.pk}/attachments/"
    return api(actor, **more).post(address, {"file": file}, format="multipart")


def download(actor: Actor, found: Attachment) -> Any:
    base = f"/api/v1/referrals/{found.referral_id}/attachments"
    return api(actor).get(f"{base}/{found.pk}/content/")


def kept(shelf: Path) -> list[Path]:
    return [each for each in shelf.rglob("*") if each.is_file()]


# What is taken


def test_a_picture_goes_out_without_where_it_was_taken(sender: Actor, receiver: Actor) -> None:
    exif = Image.Exif()
    exif[0x010E] = "1-2-3 Honcho"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 26.0, 38.0)})
    sent = _picture("JPEG", exif=exif, comment=b"1-2-3 Honcho")
    assert b"Honcho" in sent
    draft = a_draft(sender, receiver.agency)
    assert upload(sender, draft, "a.jpg", sent).status_code == 201
    (found,) = draft.attachments.all()
    content = download(sender, found).content
    assert b"Exif" not in content
    assert b"Honcho" not in content
    with Image.open(BytesIO(content)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((8, 8), {})


def _pdf(catalog: bytes, more: bytes = b"") -> bytes:
    return PDF.replace(b"/Type/Catalog", b"/Type/Catalog" + catalog).replace(
        b"trailer", more + b"trailer"
    )


@pytest.mark.parametrize(
    "content",
    [
        _pdf(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        _pdf(b"/OpenAction 4 0 R", b"4 0 obj<</S/#4aavaScript/J#53(x)>>endobj\n"),
        _pdf(b"/OpenAction<</S/URI/URI(https://example.org)>>"),
        _pdf(b"/AA<</WC<</S/GoTo/D[3 0 R/Fit]>>>>"),
        _pdf(
            b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>", b"4 0 obj<</S/JavaScript/JS(x)>>endobj\n"
        ),
        _pdf(b"/Names<</EmbeddedFiles<</Names[]>>>>"),
        _pdf(b"", b"4 0 obj<</Type/Action/S/Launch/F(a.exe)>>endobj\n"),
        _pdf(b"/AcroForm<</XFA(x)>>"),
        _pdf(b"", b"4 0 obj<</S/SubmitForm/F(https://example.org)>>endobj\n"),
        b"\xff\xd8\xff\xe0<script>alert(1)</sc>\xff\xd9",
        b"%PDF-1.7\nnothing\n%%EOF\n",
    ],
)
def test_what_does_something_or_is_broken_is_refused(
    sender: Actor, receiver: Actor, content: bytes
) -> None:
    name = "a.jpg" if content.startswith(b"\xff") else "a.pdf"
    answer = upload(sender, a_draft(sender, receiver.agency), name, content)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/file"


@pytest.mark.parametrize("goes_to", [b"[3 0 R/Fit]", b"<</S/GoTo/D[3 0 R/Fit]>>"])
def test_a_pdf_that_opens_on_a_page_is_taken(
    sender: Actor, receiver: Actor, goes_to: bytes
) -> None:
    content = _pdf(b"/OpenAction" + goes_to)
    assert upload(sender, a_draft(sender, receiver.agency), "a.pdf", content).status_code == 201


def test_nothing_is_read_of_a_file_that_may_not_be_added(
    receiver: Actor, sender: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise AssertionError("it was read")

    draft = a_draft(sender, receiver.agency)
    monkeypatch.setattr("rest_framework.parsers.MultiPartParser.parse", fail)
    for key in ({}, {"idempotency-key": "4b1d"}):
        answer = upload(receiver, draft, "a.pdf", PDF, **key)
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "media_type", "shown"),
    [
        ("診断書.pdf", PDF, "application/pdf", "診断書.pdf"),
        ("写真.JPEG", JPEG, "image/jpeg", "写真.JPEG"),
        ("図.png", PNG, "image/png", "図.png"),
        ("紹介状", PDF, "application/pdf", "紹介状.pdf"),
        ('a"\u202e<b>.png', PNG, "image/png", "a<b>.png"),
    ],
)
def test_a_file_is_what_its_content_is(
    sender: Actor, receiver: Actor, name: str, content: bytes, media_type: str, shown: str
) -> None:
    answer = upload(sender, a_draft(sender, receiver.agency), name, content)
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["media_type"], answer.json()["name"]) == (media_type, shown)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PNG), ("a.png", PDF), ("a.exe", PDF), ("a.pdf", b"MZ"), ("a.html", b"<html>"),
        ("a.pdf", PDF + _archive()), ("a.png", PNG + _archive()), ("a.jpg", JPEG + b"<script>"),
        ("a.png", PNG + PDF), ("a.jpg", JPEG[:20] + PDF + JPEG[20:]), ("a.pdf", b" " + PDF),
        ("a.png", PNG[:-1]), ("a.png", PNG[:20] + b"\1" + PNG[21:]), ("a.pdf", PDF[:20]),
    ],
    ids=range(14),
)  # fmt: skip
def test_whatever_is_not_one_whole_file_of_its_kind_is_refused(
    sender: Actor, receiver: Actor, shelf: Path, name: str, content: bytes
) -> None:
    answer = upload(sender, a_draft(sender, receiver.agency), name, content)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/file")
    assert kept(shelf) == []


def test_a_declared_type_must_fit(sender: Actor, receiver: Actor) -> None:
    draft = a_draft(sender, receiver.agency)
    assert upload(sender, draft, "a.pdf", PDF, kind="text/html").status_code == 400
    assert upload(sender, draft, "a.pdf", PDF, kind="application/pdf").status_code == 201


def test_there_is_a_limit_to_one_file(sender: Actor, receiver: Actor, settings: Settings) -> None:
    draft = a_draft(sender, receiver.agency)
    settings.ATTACHMENT_MAX_BYTES = len(PDF) - 1
    assert upload(sender, draft, "a.pdf", PDF).status_code == 400
    settings.UPLOAD_MAX_BYTES = 100
    answer = upload(sender, draft, "a.pdf", PDF + b"\n" * 200)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_there_is_a_limit_to_all_together(
    sender: Actor, receiver: Actor, settings: Settings
) -> None:
    draft = a_draft(sender, receiver.agency)
    settings.ATTACHMENTS_MOST = 1
    assert upload(sender, draft, "a.pdf", PDF).status_code == 201
    assert upload(sender, draft, "b.pdf", PDF).json()["code"] == "attachments_full"
    settings.ATTACHMENTS_MOST, settings.ATTACHMENTS_MAX_BYTES = 20, 2 * len(PDF) - 1
    assert upload(sender, draft, "b.pdf", PDF).json()["code"] == "attachments_full"


def test_a_form_holds_one_file_and_nothing_else(sender: Actor, receiver: Actor) -> None:
    draft, one = a_draft(sender, receiver.agency), api(sender)
    address = f"/api/v1/referrals/{draft.pk}/attachments/"
    file, other = (SimpleUploadedFile("a.pdf", PDF) for _ in range(2))
    assert one.post(address, {"file": [file, other]}, format="multipart").status_code == 400
    more = {"file": SimpleUploadedFile("a.pdf", PDF), "status": "sent"}
    assert one.post(address, more, format="multipart").status_code == 400
    assert one.post(address, {}, format="multipart").status_code == 400
    assert one.post(address, {"file": "text"}).status_code == 400


def test_a_system_attaches_too(sender: Actor, receiver: Actor) -> None:
    draft = a_draft(sender, receiver.agency)
    file = SimpleUploadedFile("a.pdf", PDF, "application/pdf")
    address = f"/api/v1/referrals/{draft.pk}/attachments/"
    answer = a_system(sender.agency).post(address, {"file": file}, format="multipart")
    assert answer.status_code == 201, answer.json()


def test_the_same_form_under_a_key_is_kept_once(sender: Actor, receiver: Actor) -> None:
    draft = a_draft(sender, receiver.agency)
    key = {"idempotency-key": "one"}
    answers = [upload(sender, draft, "a.pdf", PDF, **key) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert draft.attachments.count() == 1
    assert upload(sender, draft, "b.pdf", PDF, **key).status_code == 422


# Who adds, sees, takes away


def test_both_sides_add_while_it_is_open(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    assert upload(sender, sent, "a.pdf", PDF).status_code == 201
    assert upload(receiver, sent, "b.pdf", PDF).status_code == 201
    found = api(sender).get(f"/api/v1/referrals/{sent.pk}/attachments/").json()["results"]
    assert [each["name"] for each in found] == ["b.pdf", "a.pdf"]


def test_nothing_is_added_to_what_has_ended(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    api(sender).post(f"/api/v1/cases/{sent.case_id}/close/", {"reason": "moved_away"})
    with pytest.raises(Conflict):
        an_attachment(sender, sent)


def test_the_coordinator_reads_and_adds_nothing(sender: Actor, receiver: Actor) -> None:
    office = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)
    sent = a_sent_referral(sender, receiver.agency)
    found = an_attachment(sender, sent)
    assert download(office, found).status_code == 200
    with pytest.raises(Forbidden):
        an_attachment(office, sent)


def test_who_may_claim_sees_no_file_before(sender: Actor, receiver: Actor) -> None:
    draft = a_draft(sender, None, pool=[receiver.agency, an_agency()])
    found = an_attachment(sender, draft)
    api(sender).post(f"/api/v1/referrals/{draft.pk}/send/")
    assert download(receiver, found).status_code == 404
    with pytest.raises(NotFound):
        an_attachment(receiver, draft)
    api(receiver).post(f"/api/v1/referrals/{draft.pk}/claim/")
    assert download(receiver, found).content == PDF


def test_with_the_referral_its_files_go_out_of_sight(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    found = an_attachment(sender, sent)
    restrict(actor=sender, case_id=sent.case_id)
    assert download(sender, found).status_code == 200
    assert download(receiver, found).status_code == 404


def test_a_file_is_not_reached_through_another_referral(sender: Actor, receiver: Actor) -> None:
    found = an_attachment(sender, a_draft(sender, receiver.agency))
    found.referral_id = a_draft(sender, receiver.agency).pk
    assert download(sender, found).status_code == 404


def test_a_draft_lets_go_of_its_files(
    sender: Actor, receiver: Actor, shelf: Path, django_capture_on_commit_callbacks: Any
) -> None:
    found = an_attachment(sender, a_draft(sender, receiver.agency))
    address = f"/api/v1/referrals/{found.referral_id}/attachments/{found.pk}/remove/"
    with django_capture_on_commit_callbacks(execute=True):
        assert api(sender).post(address).status_code == 204
    assert (Attachment.objects.count(), kept(shelf)) == (0, [])


def test_what_was_sent_keeps_them(sender: Actor, receiver: Actor) -> None:
    draft = a_draft(sender, receiver.agency)
    found = an_attachment(sender, draft)
    api(sender).post(f"/api/v1/referrals/{draft.pk}/send/")
    with pytest.raises(Conflict):
        attachments.remove(actor=sender, referral_id=draft.pk, attachment_id=found.pk)


# How it is given out


def test_a_download_is_safe_to_open_and_in_the_trail(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    found = an_attachment(sender, sent, "鷗沢さん.pdf")
    answer = download(receiver, found)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == ("attachment; filename*=utf-8''%E9%B7%97%E6%B2%A2%E3%81%95%E3%82%93.pdf")
    reads = AuditEntry.objects.filter(deed=AuditAction.READ, agency_id=receiver.agency_id)
    shown = {entry.object_kind: entry.object_ids for entry in reads}
    assert shown == {
        "referral": [sent.pk], "attachment": [found.pk], "resident": [sent.resident_id],
    }  # fmt: skip


def test_a_file_may_be_asked_for_by_its_type(sender: Actor, receiver: Actor) -> None:
    found = an_attachment(sender, a_draft(sender, receiver.agency))
    address = f"/api/v1/referrals/{found.referral_id}/attachments/{found.pk}/content/"
    assert api(sender, accept="application/pdf").get(address).status_code == 200
    assert api(receiver, accept="application/pdf").get(address).json()["code"] == "not_found"


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"...")])
def test_a_lost_or_damaged_file_is_told(
    sender: Actor, receiver: Actor, shelf: Path, damage: Any
) -> None:
    found = an_attachment(sender, a_draft(sender, receiver.agency))
    damage(shelf / found.stored_as)
    answer = download(sender, found)
    assert (answer.status_code, answer.json()["code"]) == (409, "file_lost")


def test_the_place_of_a_file_tells_nothing(sender: Actor, receiver: Actor, shelf: Path) -> None:
    found = an_attachment(sender, a_draft(sender, receiver.agency), "鷗沢さん.pdf")
    (only,) = kept(shelf)
    assert only == shelf / found.stored_as
    assert "." not in only.name
    assert found.stored_as not in str(download(sender, found).headers)


# What is left behind


def test_what_a_failed_request_left_behind_is_forgotten_a_day_later(
    sender: Actor, receiver: Actor, shelf: Path
) -> None:
    draft = a_draft(sender, receiver.agency)
    stays = an_attachment(sender, draft)
    with transaction.atomic():
        an_attachment(sender, draft)
        transaction.set_rollback(True)
    for each in kept(shelf):
        # The clock of the disk need not be ours.
        os.utime(each, times=(timezone.now().timestamp(),) * 2)
    forget_orphans()
    assert len(kept(shelf)) == 2
    assert attachments.delete_orphans(now=timezone.now() + timedelta(days=1, hours=1)) == 1
    assert kept(shelf) == [shelf / stays.stored_as]


def test_before_the_first_file_there_is_nothing_to_forget() -> None:
    assert attachments.delete_orphans(now=timezone.now()) == 0


def test_a_row_that_cannot_be_written_leaves_no_file(
    sender: Actor, receiver: Actor, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = a_draft(sender, receiver.agency)
    monkeypatch.setattr(attachments, "LONGEST_NAME", 10_000)
    file = ContentFile(PDF, "長" * 200)
    file.content_type = ""  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="22001"):
        attachments.attach(actor=sender, referral_id=draft.pk, file=file)  # type: ignore[arg-type]
    assert kept(shelf) == []


def test_a_row_never_changes(sender: Actor, receiver: Actor) -> None:
    an_attachment(sender, a_draft(sender, receiver.agency))
    with (
        pytest.raises(Exception, match="attachments_do_not_change"),
        transaction.atomic(),
    ):
        Attachment.objects.update(name="x")
