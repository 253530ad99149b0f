"""What is known of the people of the demo: a few facts each, the same every time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.residents.actions import record_fact
from carenet.residents.models import FactAudience, FactKind, FactSource

#: Of everybody, and one besides of each, in turn.
ALONE: dict[str, Any] = {
    "kind": FactKind.LIVES_ALONE, "value": "yes", "source": FactSource.PERSON,
}  # fmt: skip
OTHERS: tuple[dict[str, Any], ...] = (
    {"kind": FactKind.PHYSICAL, "value": "2", "source": FactSource.DOCUMENT},
    {
        "kind": FactKind.POWER_DEVICE, "value": "oxygen", "source": FactSource.FAMILY,
        "detail": "内蔵電池は2時間。予備のボンベ1本。",
    },
    {
        "kind": FactKind.MENTAL, "value": "3", "source": FactSource.DOCUMENT,
        "audience": FactAudience.AGENCY,
    },
    {"kind": FactKind.LANGUAGE, "value": "sign", "source": FactSource.OBSERVED},
)  # fmt: skip


def write_facts(actor: Actor, resident_id: UUID, number: int) -> None:
    """Write down what is known of a person; a certificate holds for a year and a half more."""
    since = clock.today() - timedelta(days=200 + number)
    record_fact(actor=actor, resident_id=resident_id, known_on=since, **ALONE)
    other = OTHERS[number % len(OTHERS)]
    certificate = other["source"] == FactSource.DOCUMENT
    until = clock.today() + timedelta(days=540) if certificate else None
    record_fact(actor=actor, resident_id=resident_id, known_on=since, expires_on=until, **other)
