"""What this room hangs into lower rooms: incidents of voided referrals, and their reminder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carenet.abuse.actions.reporter import strike_out
from carenet.abuse.registry import reporter_texts
from carenet.agencies.actors import Actor
from carenet.agencies.registry import stays_with_agency
from carenet.agencies.roles import Role
from carenet.audit.actions import log_read, log_write
from carenet.audit.models import AuditEntry
from carenet.cases.models import Case
from carenet.core.clock import midnight
from carenet.core.errors import Invalid
from carenet.jobs import registry as jobs
from carenet.jobs.registry import Options, SheetExport
from carenet.oversight import policy
from carenet.oversight.actions import INCIDENT_OPEN, open_incident
from carenet.oversight.api.trail import TrailSpan
from carenet.oversight.models import Incident, IncidentState
from carenet.referrals.registry import referral_voided
from carenet.reminders import registry as reminders
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence

#: As many rows as a trail that goes out may have.
MOST_ROWS = 200_000


def register() -> None:
    """Called once, when the apps are ready."""
    referral_voided.register(open_incident)
    reporter_texts.append(ReporterTextInIncidents())
    reminders.register(IncidentOpen())
    jobs.register(TrailExport())
    stays_with_agency(
        "oversight.Incident.office",
        "oversight.Incident.opened_by_agency",
        "oversight.Incident.receiver",
        "oversight.Incident.sender",
    )


class ReporterTextInIncidents:
    """What is said of disclosures about the person of a reported case."""

    def callers(self, calls: Sequence[UUID]) -> Sequence[dict[str, str]]:
        return []

    def forget(
        self, *, actor: Actor, case: Case, calls: Sequence[UUID], strike: Callable[[str], str]
    ) -> None:
        rows = Incident.objects.filter(referral__resident=case.resident_id)
        for row in strike_out(rows, strike, "reason", "finding"):
            log_write(actor.who, "incident.forget_reporter", "incident", row.pk)


class TrailExport(SheetExport):
    """The trail from a day to a day, as far as the auditor reads it.

    It ends where it stood when it was asked for: an export leaves its own marks there.
    """

    name = "trail.export"
    label = _("Audit trail as CSV")
    ability = "audit.view"
    released_for = frozenset(Role)
    row_kind = "audit_entry"
    columns = (
        "time", "id", "deed", "action", "actor_kind", "actor_id", "agency_id", "claimed_person",
        "purpose", "object_kind", "object_ids", "detail", "address", "request_id",
        "written_at",
    )  # fmt: skip

    def begin(self, actor: Actor, options: Options, content: bytes) -> int:
        number = self.rows(actor, options)[: MOST_ROWS + 1].count()
        if number > MOST_ROWS:
            told = _("The trail of these days has more than %(most)s rows. Choose fewer days.")
            raise Invalid({"until": told % {"most": MOST_ROWS}})
        return number

    def rows(self, actor: Actor, options: Options) -> QuerySet[AuditEntry]:
        shape = TrailSpan(data=options)
        if not shape.is_valid():
            raise Invalid({name: " ".join(map(str, told)) for name, told in shape.errors.items()})
        span = shape.validated_data
        if span["since"] > span["until"]:
            raise Invalid({"until": _("Give a day that is not before the first one.")})
        end = min(midnight(span["until"] + timedelta(days=1)), span["asked_at"])
        entries = policy.visible_to(actor).filter(time__gte=midnight(span["since"]), time__lt=end)
        return entries.order_by("time", "id")

    def cells(self, actor: Actor, row: AuditEntry) -> Sequence[object]:
        # Who looked whom up is as telling as the records themselves.
        log_read("audit_entry", row.id)
        told = {str(name): getattr(row, str(name)) for name in self.columns}
        told |= {
            "time": timezone.localtime(row.time).isoformat(),
            "written_at": timezone.localtime(row.written_at).isoformat() if row.written_at else "",
            "object_ids": " ".join(map(str, row.object_ids)),
            "detail": json.dumps(row.detail, ensure_ascii=False) if row.detail else "",
        }
        return ["" if cell is None else str(cell) for cell in told.values()]

    def key(self, row: AuditEntry) -> str:
        return f"{row.time.isoformat()} {row.id}"

    def after(self, rows: QuerySet[AuditEntry], key: str) -> QuerySet[AuditEntry]:
        time, id = key.split()
        return rows.filter(pk__gt=(datetime.fromisoformat(time), UUID(id)))

    def file_name(self, options: Options) -> str:
        return "audit-trail.csv"


class IncidentOpen(BaseKind):
    """An incident waits for the privacy officer: the auditors of the ward office.

    Where there is no ward office, the sender's own auditors hear of it. It asks again until there is
    a finding; where nobody holds the role, the engine looks each day whether somebody does.
    """

    name = INCIDENT_OPEN
    subject_kind = "incident"
    roles = ({Role.AUDITOR},)
    working_days = 3
    endless = True
    message = _("Referral %(code)s was entered in error; the incident waits for you.")
    visible_to = staticmethod(policy.incidents_visible_to)

    def applicable(self) -> QuerySet[Any]:
        return Incident.objects.filter(state=IncidentState.OPEN)

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return super().next_due(occurrence, now) if self.recipients(occurrence) else None
