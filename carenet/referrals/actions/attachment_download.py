"""What somebody gets who downloads a file of a referral that they see."""

from __future__ import annotations

import hashlib

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from carenet.audit.actions import log_read
from carenet.core.errors import Conflict
from carenet.referrals.models import Attachment, AttachmentScan, ScanState
from carenet.rest.stored_files import file_storage


def download(attachment: Attachment) -> HttpResponse:
    """Answer with a visible file, to be kept and never run.

    Raises `Conflict` when it is lost, infected, or not yet scanned.
    """
    _demand_clean(attachment)
    content = _content(attachment)
    log_read("referral", attachment.referral_id)
    log_read("attachment", attachment.pk)
    log_read("resident", attachment.referral.resident_id)
    return HttpResponse(
        content,
        content_type=attachment.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, attachment.name) or "",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _demand_clean(attachment: Attachment) -> None:
    scan: AttachmentScan | None = getattr(attachment, "scan", None)
    if scan is None or scan.state == ScanState.CLEAN:
        return
    if scan.state == ScanState.INFECTED:
        raise Conflict(
            _("The scanner has found something harmful in this file. It is handed out to nobody."),
            code="file_infected",
        )
    raise Conflict(
        _("This file is being scanned. Try again in a minute."), code="file_in_quarantine"
    )


def _content(attachment: Attachment) -> bytes:
    """Return what was uploaded; raises `Conflict` when the file is gone, or no longer the same."""
    try:
        with file_storage().open(attachment.stored_as) as file:
            content: bytes = file.read()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise Conflict(
            _("The content of this file is lost or damaged. Ask whoever added it to add it again."),
            code="file_lost",
        )
    return content
