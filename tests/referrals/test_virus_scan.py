"""With a scanner a file is handed out when that has found it clean, and not before."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditEntry
from carenet.referrals.actions.virus_scan import PATIENCE
from carenet.referrals.models import AttachmentScan
from carenet.referrals.tasks import scan_files
from tests.factories import PDF, a_draft, api
from tests.rest.raw_requests import code_of

asked: list[bytes] = []


def finds_nothing(content: bytes) -> bool:
    asked.append(content)
    return True


def finds_something(content: bytes) -> bool:
    return not content


def does_not_answer(content: bytes) -> bool:
    raise TimeoutError(len(content))


def added(sender: Actor, receiver: Actor) -> str:
    """Add a file to a draft; return its address."""
    address = f"/api/v1/referrals/{a_draft(sender, receiver.agency).pk}/attachments/"
    file = SimpleUploadedFile("a.pdf", PDF, "application/pdf")
    return f"{address}{api(sender).post(address, {'file': file}, format='multipart').json()['id']}/"


def with_scanner(settings: Settings, scanner: Any) -> None:
    settings.ATTACHMENT_SCANNER = f"{__name__}.{scanner.__name__}" if scanner else ""


def test_without_a_scanner_files_are_free(sender: Actor, receiver: Actor) -> None:
    address = added(sender, receiver)
    scan_files()
    assert api(sender).get(f"{address}content/").status_code == 200
    assert not AttachmentScan.objects.exists()


def test_it_is_in_quarantine_until_it_is_clean(
    settings: Settings, sender: Actor, receiver: Actor
) -> None:
    with_scanner(settings, finds_nothing)
    address = added(sender, receiver)
    assert code_of(api(sender).get(f"{address}content/"), 409) == "file_in_quarantine"
    asked.clear()
    scan_files()
    scan_files()
    assert asked == [PDF]
    assert api(sender).get(f"{address}content/").content == PDF


def test_what_is_infected_is_handed_out_to_nobody(
    settings: Settings, sender: Actor, receiver: Actor
) -> None:
    with_scanner(settings, finds_something)
    address = added(sender, receiver)
    scan_files()
    assert code_of(api(sender).get(f"{address}content/"), 409) == "file_infected"
    with_scanner(settings, None)
    assert code_of(api(sender).get(f"{address}content/"), 409) == "file_infected"
    assert AuditEntry.objects.filter(action="referral.find_infected").count() == 1


def test_a_scanner_that_does_not_answer_is_asked_again(
    settings: Settings, sender: Actor, receiver: Actor
) -> None:
    with_scanner(settings, does_not_answer)
    address = added(sender, receiver)
    scan_files()
    scan = AttachmentScan.objects.get()
    assert scan.next_try_at > timezone.now()
    with_scanner(settings, finds_nothing)
    AttachmentScan.objects.update(next_try_at=scan.next_try_at - 2 * PATIENCE)
    scan_files()
    assert api(sender).get(f"{address}content/").status_code == 200
