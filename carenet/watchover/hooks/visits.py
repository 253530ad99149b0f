"""Long work with what was found on visits: those of a month as a sheet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.core.clock import midnight
from carenet.core.errors import Invalid
from carenet.jobs.registry import Options, SheetExport
from carenet.rest.csv_export import change_rows
from carenet.watchover import selectors
from carenet.watchover.models import CheckIn, WatchAssignment
from carenet.watchover.selectors.activity_report import month_named
from carenet.watchover.states import CheckInOutcome


class VisitsExport(SheetExport):
    """Who has looked in on whom in a month of Japan, and what they found."""

    name = "visits.export"
    label = gettext_lazy("Visits of a month as CSV")
    ability = "watch.view"
    row_kind = "checkin"
    shows_words = True
    columns = (
        gettext_lazy("Watch"), gettext_lazy("Name"), gettext_lazy("Observed at"),
        gettext_lazy("Outcome"), gettext_lazy("Recorded by"), gettext_lazy("Agency"),
        gettext_lazy("For somebody else"), gettext_lazy("Note"),
    )  # fmt: skip

    def rows(self, actor: Actor, options: Options) -> QuerySet[CheckIn]:
        begin = _month(options)
        end = (begin + timedelta(days=31)).replace(day=1)
        return (
            selectors.check_ins(actor)
            .filter(observed_at__gte=midnight(begin), observed_at__lt=midnight(end))
            .select_related("by_user", "by_agency", "assignment__resident")
            .order_by("pk")
        )

    def cells(self, actor: Actor, row: CheckIn) -> Sequence[object]:
        person = row.assignment.resident
        log_read("checkin", row.pk)
        log_read("resident", person.pk)
        # Words of another agency are for who keeps the watch, as over the API.
        told = row.kept or row.by_agency_id == actor.agency_id  # type: ignore[attr-defined]
        by = row.by_user.name if row.by_user else row.claimed_person if told else ""
        return [
            row.assignment.code,
            person.name,
            _minute(row.observed_at),
            CheckInOutcome(row.outcome).label,
            by,
            row.by_agency.name,
            _("yes") if row.by_proxy else "",
            row.note if told else "",
        ]

    def struck(
        self, part: bytes, object_ids: Collection[UUID], strike: Callable[[str], str]
    ) -> bytes:
        codes = {each.code for each in WatchAssignment.objects.filter(resident__in=object_ids)}
        sent = CheckIn.objects.filter(assignment__resident__in=object_ids, by_user=None)
        by_systems = {
            (each.assignment.code, _minute(each.observed_at))
            for each in sent.select_related("assignment")
        }

        def change(row: list[str]) -> list[str]:
            if row[0] not in codes:
                return row
            # Whom a system named goes as in the table: nothing stands in the name's place.
            if (row[0], row[2]) in by_systems and strike(row[4]) != row[4]:
                row = [*row[:4], "", *row[5:]]
            return [*row[:-1], strike(row[-1])]

        return change_rows(part.decode(), change).encode()

    def file_name(self, options: Options) -> str:
        return f"visits-{_month(options):%Y-%m}.csv"


def _minute(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _month(options: Options) -> date:
    try:
        return month_named(str(options.get("month")))
    except ValidationError:
        raise Invalid({"month": _("Give a month that has begun, as 2026-11.")}) from None
