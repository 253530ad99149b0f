"""Which desks are competent for other abuse, where an agency is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from carenet.abuse.models import DeskCall, OtherDesk
from carenet.abuse.states.desks import DESKS, DeskKind
from carenet.agencies.selectors import coordinating_office
from carenet.agencies.selectors.municipal_settings import in_force
from carenet.cases.models import Consultation
from carenet.core import clock


def desks_for(municipality_code: str, kinds: Sequence[DeskKind]) -> list[dict[str, Any]]:
    """Return the desks in force for these kinds, in their order, as a problem document names them.

    What a municipality has set stands beside what counts everywhere, and in the place of what is to
    be set by it. A desk without a telephone is reached through the ward office's.
    """
    now = clock.now()
    wanted = [kind.value for kind in kinds]
    rows = in_force(OtherDesk, municipality_code, now).filter(kind__in=wanted)
    set_here: dict[str, list[OtherDesk]] = {}
    for row in rows.order_by("valid_from", "id"):
        set_here.setdefault(row.kind, []).append(row)
    office = coordinating_office(municipality_code)
    through = office.phone if office else ""
    today = timezone.localtime(now).date()
    found: list[dict[str, Any]] = []
    for kind in kinds:
        own = set_here.get(kind.value, [])
        general = [
            desk
            for desk in DESKS
            if desk.kind is kind and desk.counts(today) and not (desk.local and own)
        ]
        found += [_shown(desk, kind, desk.phone or through) for desk in general]
        found += [_shown(desk, kind, desk.phone) for desk in own]
    return found


def desk_text(desk: dict[str, Any]) -> str:
    """Return a desk as one reads it: name, telephone, hours."""
    phone = desk["phone"] or _("ask the ward office for its telephone")
    return _("%(name)s: %(phone)s (%(hours)s)") % (desk | {"phone": phone})


def desk_calls(consultation: Consultation) -> QuerySet[DeskCall]:
    """Return the calls about a visible consultation, the latest first."""
    return consultation.desk_calls.select_related("by_user", "by_agency").order_by("-called_at")


def _shown(desk: Any, kind: DeskKind, phone: str) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "name": str(desk.name),
        "phone": phone,
        "hours": str(desk.hours),
        "source": str(desk.source),
        "checked_on": desk.checked_on and desk.checked_on.isoformat(),
    }
