"""What was disclosed because of a danger, as the privacy officer reads it in the trail."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime

from carenet.agencies.models import Agency
from carenet.audit.models import AuditEntry
from carenet.oversight import policy
from carenet.residents.actions.danger import DANGER_DISCLOSED
from carenet.staff.pages.base import StaffView

#: As many disclosures of one subject as the page shows, the latest first.
MOST = 50


class DangerPage(StaffView):
    """To whom something was opened on a danger, by whom, and until when; the auditors' alone."""

    abilities = {"get": "audit.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        found = policy.visible_to(self.actor).filter(
            action=DANGER_DISCLOSED, object_ids__contains=[id]
        )
        entries = list(found.order_by("-time", "-id")[:MOST])
        names = {agency.pk: agency.name for agency in Agency.objects.filter(pk__in=_named(entries))}
        rows = [
            {
                "time": entry.time,
                "by": names.get(entry.agency_id, "") if entry.agency_id else "",
                "to": [names.get(UUID(each), "") for each in entry.detail.get("to", [])],
                "until": parse_datetime(entry.detail.get("until", "")),
            }
            for entry in entries
        ]
        return self.show("staff/dangers/page.html", {"rows": rows, "about": id})


def _named(entries: list[AuditEntry]) -> set[UUID]:
    """Return the agencies that the entries name."""
    told = {UUID(each) for entry in entries for each in entry.detail.get("to", [])}
    return told | {entry.agency_id for entry in entries if entry.agency_id}
