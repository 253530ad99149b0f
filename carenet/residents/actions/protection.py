"""What follows when an address is protected: no file that holds it is handed out any more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.jobs import actions as jobs
from carenet.jobs.selectors import downloads_showing
from carenet.residents.models import Resident
from carenet.residents.selectors import records_of

KIND = "resident"
PROTECTED = _("An address in this file was protected. Ask for the file anew.")


def end_exports_with_address(actor: Actor, resident: Resident) -> None:
    """End the exports that hold a person's address, in the transaction of its protection.

    The trail says which, and who had downloaded one.
    """
    records = records_of(resident)
    ended = jobs.end_exports_with_address(
        actor=actor, object_kind=KIND, object_ids=records, because=PROTECTED
    )
    log_write(
        actor.who, "resident.protect_address", KIND, resident.pk,
        exports=[str(each.pk) for each in ended],
        downloads=[
            {"person": str(each.user.pk), "agency": str(each.agency.pk), "at": each.at.isoformat()}
            for each in downloads_showing(KIND, records)
        ],
    )  # fmt: skip
