"""What people say of whom to call, and to the sharing of their data, for tests."""

from __future__ import annotations

from typing import Any

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.residents.actions import add_contact, record_consent, record_fact
from carenet.residents.models import Consent, Contact, Resident, ResidentFact


def a_contact(actor: Actor, person: Resident, **fields: Any) -> Contact:
    given = {"name": "髙橋 次郎", "relationship": "sibling"} | fields
    return add_contact(actor=actor, resident_id=person.pk, **given)


def a_consent(actor: Actor, person: Resident, to: Agency, **fields: Any) -> Consent:
    given = {
        "pole": "given", "agencies": [to], "categories": ["support"], "method": "written",
    }  # fmt: skip
    return record_consent(actor=actor, resident_id=person.pk, **(given | fields))


def a_fact(actor: Actor, person: Resident, **fields: Any) -> ResidentFact:
    given = {"kind": "power_device", "value": "ventilator", "source": "family"} | fields
    return record_fact(actor=actor, resident_id=person.pk, **given)
