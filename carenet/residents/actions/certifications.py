"""Care certifications: each one added, none changed."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.residents.actions.expiry_reminders import remind_of_certification
from carenet.residents.actions.locks import demand_living, lock_resident
from carenet.residents.models import CareLevel, Certification
from carenet.residents.policy import can_edit
from carenet.rest.limits import demand_lived, demand_near

#: Long-term Care Insurance Act (介護保険法), supplementary provisions, article 1.
INSURANCE_BEGAN_ON = date(2000, 4, 1)
#: Findings that have no end of their own.
ENDLESS = frozenset({CareLevel.NOT_ELIGIBLE, CareLevel.PROJECT})
_INSURER = re.compile(r"[0-9]{6}")


@transaction.atomic
def certify(
    *,
    actor: Actor,
    resident_id: UUID,
    care_level: str,
    certified_from: date,
    certified_until: date | None = None,
    dementia_level: str = "",
    insurer: str = "",
) -> Certification:
    """Add a certification; the one that began last is the current one, the others are history.

    Raises `Conflict` for an ended record, `Invalid` for a level of care without an end.
    """
    resident = lock_resident(actor, resident_id)
    demand(can_edit(actor, resident))
    demand_living(resident)
    if certified_until is None and care_level not in ENDLESS:
        raise Invalid({"certified_until": _("Say until when this level is certified.")})
    if certified_until and certified_until < certified_from:
        raise Invalid({"certified_until": _("Give a day that is not before certified_from.")})
    if insurer and not _INSURER.fullmatch(insurer):
        raise Invalid({"insurer": _("Give the six digits of the insurer.")})
    if certified_from < INSURANCE_BEGAN_ON:
        told = _("Give %(earliest)s at the earliest: there was no care insurance before.")
        raise Invalid({"certified_from": told % {"earliest": INSURANCE_BEGAN_ON.isoformat()}})
    demand_lived("certified_from", certified_from, resident.born_by)
    demand_near("certified_from", certified_from, "RESIDENT_CERTIFICATION_MOST_DAYS")
    demand_near("certified_until", certified_until, "RESIDENT_CERTIFICATION_MOST_DAYS")
    certification = Certification.objects.create(
        resident=resident,
        care_level=care_level,
        dementia_level=dementia_level,
        certified_from=certified_from,
        certified_until=certified_until,
        insurer=insurer,
        recorded_by=actor.agency,
    )
    remind_of_certification(resident)
    log_write(
        actor.who, "resident.certify", "certification", certification.pk, resident=str(resident.pk)
    )
    return certification
