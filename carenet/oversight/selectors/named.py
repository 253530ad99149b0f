"""What the ids of the trail are called: who acted, for which agency, and the codes of objects."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Value
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carenet.abuse.models import AbuseReport
from carenet.agencies.models import Agency, User
from carenet.audit.models import AuditEntry
from carenet.cases.models import Case
from carenet.core.models import code_of
from carenet.oversight.selectors.trail import CODED
from carenet.referrals.models import Referral
from carenet.residents.models import Inquiry
from carenet.rest.ids import ids_in
from carenet.watchover.models import Concern, WatchAssignment

#: Since when a row counts in its code, by its table.
_SINCE: dict[type[Any], str] = {
    AbuseReport: "recorded_at",
    Case: "opened_at",
    Concern: "received_at",
    Inquiry: "asked_at",
    Referral: "created_at",
    WatchAssignment: "created_at",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Names of people and agencies, and codes of objects, by id."""

    people: dict[str, str]
    agencies: dict[UUID, str]
    codes: dict[UUID, str]

    def actor(self, kind: str, actor_id: str, claimed: str = "") -> str:
        """Return who acted, in words: a person, a system with who is behind it, the service, nobody."""
        if kind == "user":
            return self.people.get(actor_id, "–")
        if kind == "client":
            system = _("a system of the agency")
            return f"{system} ({claimed})" if claimed else system
        return _("this service") if kind == "system" else pgettext("trail", "not signed in")

    def agency(self, agency_id: UUID | None) -> str:
        """Return what an agency is called; "–" for none."""
        return self.agencies.get(agency_id, "–") if agency_id else "–"


def names_in(entries: Iterable[AuditEntry]) -> Names:
    """Return the names of who acted in these entries, and the codes of what they are about."""
    rows = list(entries)
    alone = {(row.object_ids[0], row.object_kind) for row in rows if len(row.object_ids) == 1}
    people = {row.actor_id for row in rows if row.actor_kind == "user"}
    return names_of(people, {row.agency_id for row in rows if row.agency_id}, alone)


def names_of(
    people: Collection[str], agencies: Collection[UUID], objects: Collection[tuple[UUID, str]] = ()
) -> Names:
    """Return what people (by their ids as the trail writes them) and agencies are called, and codes."""
    users = User.objects.filter(pk__in=set(ids_in(list(people)))).order_by()
    named = users.values_list("pk", "name", Value(True)).union(
        Agency.objects.filter(pk__in=agencies).order_by().values_list("pk", "name", Value(False)),
        all=True,
    )
    found = list(named) if people or agencies else []
    return Names(
        {str(pk): name for pk, name, is_person in found if is_person},
        {pk: name for pk, name, is_person in found if not is_person},
        codes_of(objects),
    )


def codes_of(objects: Collection[tuple[UUID, str]]) -> dict[UUID, str]:
    """Return the codes of objects, given by id and kind, in one statement; what has none is left out."""
    asked: Any = None
    for letter, (kind, model) in CODED.items():
        ids = [pk for pk, named in objects if named == kind]
        if not ids:
            continue
        rows = model.objects.filter(pk__in=ids).values_list(
            Value(letter), "pk", "number", F(_SINCE[model])
        )
        asked = rows if asked is None else asked.union(rows, all=True)
    return {pk: code_of(letter, since, number) for letter, pk, number, since in asked or []}
