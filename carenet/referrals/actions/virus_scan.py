"""Files in quarantine: what the scanner of the settings says of each.

`ATTACHMENT_SCANNER` names a callable that takes the content (bytes) and returns whether it is clean.
While it raises, it has not answered: the file stays where it is and is asked about again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from carenet.agencies.actions.locks import SYSTEM
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.referrals.models import AttachmentScan, ScanState
from carenet.rest.stored_files import file_storage

logger = logging.getLogger(__name__)
#: How long after a try without an answer the scanner is asked again.
PATIENCE = timedelta(minutes=1)
#: As many files as one wake-up sees to.
MOST = 50


def scan_due() -> int:
    """Ask the scanner about the files that wait; return how many it has answered for.

    One file is one transaction: a worker may die at any moment, two do not ask about the same.
    """
    if not settings.ATTACHMENT_SCANNER:
        return 0
    is_clean: Callable[[bytes], bool] = import_string(settings.ATTACHMENT_SCANNER)
    answered = 0
    for _number in range(MOST):
        with transaction.atomic():
            scan = (
                AttachmentScan.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("attachment")
                .filter(state=ScanState.PENDING, next_try_at__lte=clock.now())
                .order_by("next_try_at", "pk")
                .first()
            )
            if scan is None:
                break
            answered += _ask(is_clean, scan)
    return answered


def _ask(is_clean: Callable[[bytes], bool], scan: AttachmentScan) -> bool:
    """Write down what the scanner answers; False when it does not."""
    try:
        with file_storage().open(scan.attachment.stored_as) as file:
            clean = bool(is_clean(file.read()))
    except Exception:
        logger.exception("The scanner has not answered.")
        scan.next_try_at = clock.now() + PATIENCE
        scan.save(update_fields=["next_try_at"])
        return False
    scan.state = ScanState.CLEAN if clean else ScanState.INFECTED
    scan.answered_at = clock.now()
    scan.save(update_fields=["state", "answered_at"])
    if not clean:
        attachment = scan.attachment
        found = {"attachment": str(attachment.pk)}
        log_write(SYSTEM, "referral.find_infected", "referral", attachment.referral_id, **found)
    return True
