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
    return Names(
        people_with(row.actor_id for row in rows if row.actor_kind == "user"),
        agencies_with({row.agency_id for row in rows if row.agency_id}),
        codes_of(alone),
    )


def people_with(ids: Iterable[str]) -> dict[str, str]:
    """Return the names of people with an account, by their ids as the trail writes them."""
    known = set(ids_in(list(set(ids))))
    found = User.objects.filter(pk__in=known).values_list("pk", "name") if known else []
    return {str(pk): name for pk, name in found}


def agencies_with(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of agencies, by id."""
    return dict(Agency.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


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
