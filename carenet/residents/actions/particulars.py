"""Particulars of a person: what cannot be meant is refused, a mark for “none” is nothing.

The one place for what comes over the API, from pages and on lists.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from carenet.core.errors import Invalid
from carenet.residents.matching import is_unknown
from carenet.residents.models import Contact, Resident
from carenet.spellings import is_insured_number, is_kana, is_phone


def settle_phone(row: Resident | Contact) -> None:
    """Raise `Invalid` for what is no telephone number."""
    row.phone = _given(row.phone)
    if row.phone and not is_phone(row.phone):
        raise Invalid({"phone": _("Give a telephone number in digits, as 045-540-1111.")})


def settle_kana(resident: Resident, name: str) -> None:
    """Raise `Invalid` where a name in kana is not in kana."""
    kana = _given(getattr(resident, name))
    setattr(resident, name, kana)
    if not is_kana(kana):
        raise Invalid({name: _("Write this in kana.")})


def settle_insured_number(resident: Resident) -> None:
    """Raise `Invalid` for what is no number of the care insurance."""
    resident.insured_number = _given(resident.insured_number)
    if resident.insured_number and not is_insured_number(resident.insured_number):
        told = _("Give the number of the care insurance: ten digits (or H and nine).")
        raise Invalid({"insured_number": told})


def demand_protected_address(resident: Resident) -> None:
    """Raise `Invalid` where an address is marked as protected and there is none."""
    if resident.address_protected and not resident.address.strip():
        raise Invalid({"address": _("Give the address that is protected, or take the mark away.")})


def _given(text: str) -> str:
    return "" if is_unknown(text) else text
