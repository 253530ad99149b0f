"""What the codes of an event say, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import template
from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from carenet.access.rules import SharingBasis
from carenet.referrals.models import (
    DeclineCode,
    DeclinedBy,
    NeedMet,
    ReferralEvent,
    ReferralOutcome,
)
from carenet.referrals.states import ReferralDelivery
from carenet.staff.referral_words import DONE

register = template.Library()
CODES: dict[str, type[TextChoices]] = {
    "basis": SharingBasis,
    "code": DeclineCode,
    "by": DeclinedBy,
    "outcome": ReferralOutcome,
    "delivery": ReferralDelivery,
}


@register.filter
def happened(event: ReferralEvent) -> str:
    """Return what has happened, as a sentence."""
    return str(DONE[event.verb])


@register.filter
def particulars(event: ReferralEvent) -> str:
    """Return what an event says besides its words: how it was declined, what came of it, which day."""
    return _(", ").join(_labels(event.data))


def _labels(data: dict[str, Any]) -> Iterator[str]:
    for name, choices in CODES.items():
        if data.get(name) in choices.values:
            yield str(choices(data[name]).label)
    if data.get("need_met") in NeedMet.values:
        yield _("need met: %(answer)s") % {"answer": NeedMet(data["need_met"]).label}
    if "first_contact_on" in data:
        yield _("first contact: %(day)s") % {"day": _day(data["first_contact_on"])}
    if "review_on" in data:
        yield _("until %(day)s") % {"day": _day(data["review_on"])}
    if "nobody_at_name" in data:
        yield _("sent to %(section)s, where nobody works: arrived at its office") % {
            "section": data["nobody_at_name"]
        }
    if "replaced_by" in data:
        yield _("goes on as %(code)s") % {"code": data["replaced_by"]}


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
