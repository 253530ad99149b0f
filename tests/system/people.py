"""People on the register, and what stands behind the addresses about them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.residents.actions import (
    add_contact,
    end_record,
    find_duplicates,
    found_household,
    inquire,
    merge,
    record_consent,
    record_fact,
)
from carenet.residents.models import Resident
from tests.factories import a_resident

BASE = "/api/v1"
LONG_AGO = datetime(2026, 1, 5, 1, tzinfo=UTC)
A_DEVICE = {"kind": "power_device", "value": "oxygen", "source": "family", "detail": "予備1本"}
MEANT_OF_FACTS = A_DEVICE | {
    "audience": "work", "known_on": "2026-01-05", "expires_on": None, "ended_on": "2026-01-05",
}  # fmt: skip


class OnTheRegister:
    """The part of `OneOfEach` that is about people; `actor` keeps their records."""

    actor: Actor
    partner: Actor
    person: Resident

    def _meant_of_people(self, address: str, soon: datetime) -> dict[str, Any]:
        lives_nowhere = address.startswith(f"{BASE}/households/")
        of_case = address.endswith("/duplicates/")
        resident = self.free if lives_nowhere else self.person
        return {
            "resident": None if of_case else str(resident.pk),
            "consent": None,
            "confirmed_on": None,
            "expires_on": timezone.localdate(soon).isoformat(),
            "certified_from": LONG_AGO.date().isoformat(),
            "certified_until": timezone.localdate(soon).isoformat(),
            "insurer": "141097",
            "other": str((self.merged if address.endswith("/unmerge/") else self.double).pk),
            "hint": str(self.hint.pk),
            "name": "高橋",
            "birth": "昭和16年12月8日",
            "phone": "045-540-1111",
            "address": "大豆戸町26-1",
            "insured_number": "0012345678",
            "progress": {"case": ["open"]},
            "confirmed_new": True,
            "confirmed_because": "双子",
        }

    def _below_a_person(self) -> dict[str, Model]:
        """What hangs on a person; the one who is free lives nowhere yet, and one has moved away."""
        actor, person = self.actor, self.person
        of_person, one = f"{BASE}/residents/{{resident_id}}", f"{BASE}/residents/{{id}}"
        self.free, gone = a_resident(actor), a_resident(actor)
        end_record(actor=actor, resident_id=gone.pk, reason="moved_away", on=LONG_AGO.date())
        member = found_household(actor=actor, resident=person, role="head")
        return {
            one: person,
            of_person: person,
            f"{one}/reinstate/": gone,
            f"{of_person}/contacts/{{id}}": add_contact(
                actor=actor, resident_id=person.pk, name="佐藤", relationship="friend"
            ),
            f"{of_person}/consents/{{id}}": record_consent(
                actor=actor,
                resident_id=person.pk,
                pole="given",
                agencies=[self.partner.agency],
                categories=["support"],
                method="written",
                stated_on=LONG_AGO.date(),
            ),
            f"{of_person}/facts/{{id}}": record_fact(
                actor=actor, resident_id=person.pk, known_on=LONG_AGO.date(), **A_DEVICE
            ),
            f"{BASE}/households/{{id}}": member.household,
            f"{BASE}/households/{{household_id}}": member.household,
            f"{BASE}/households/{{household_id}}/members/{{id}}": member,
        }

    def _register(self) -> dict[str, Model]:
        """Records that are one person's, and what two agencies ask each other."""
        actor = self.actor
        self.double, survivor, self.merged = (a_resident(actor) for _each in range(3))
        merge(actor=actor, survivor_id=survivor.pk, loser_id=self.merged.pk, reason="同じ人")
        born = datetime(1941, 12, 8, tzinfo=UTC).date()
        known = {"family_name": "神宮司", "given_name": "環", "birth_date": born}
        a_resident(self.partner, **known)
        self.hint = find_duplicates(actor=actor, **known).hints[0]
        ours = {"family_name": "鶴見", "given_name": "栞", "birth_date": born}
        a_resident(actor, **ours)
        asked = find_duplicates(actor=self.partner, **ours).hints[0]
        one = f"{BASE}/residents/{{id}}"
        return {
            f"{one}/unmerge/": survivor,
            f"{BASE}/inquiries/{{id}}": inquire(
                actor=self.partner, hint_id=asked.pk, words="訪問で出会った"
            ),
        }
