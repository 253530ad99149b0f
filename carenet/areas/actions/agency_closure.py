"""Areas of an agency that closes go to its successor."""

from __future__ import annotations

from carenet.agencies.registry import ClosureBatch
from carenet.areas.models import AgencyArea
from carenet.audit.actions import log_write
from carenet.core import clock


def pass_areas(batch: ClosureBatch) -> None:
    """Let the successor work in these areas from today on."""
    today = clock.today()
    for part in batch.rows:
        begun = part.since is None or part.since <= today
        same = AgencyArea.objects.filter(area=part.area_id, part=part.part, agency=batch.successor)
        lasting = same.filter(until=None).exists()
        if begun:
            AgencyArea.objects.filter(pk=part.pk).update(until=today)
            if not lasting:
                AgencyArea.objects.create(
                    agency=batch.successor, area_id=part.area_id, part=part.part, since=today,
                    until=part.until,
                )  # fmt: skip
        else:
            AgencyArea.objects.filter(pk=part.pk).update(agency=batch.successor)
        log_write(batch.by.who, "area.pass_on", "agency", batch.agency.pk, area=str(part.area_id))
