"""Areas: the address table brought up to date, and agencies given their part in an area."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies import policy
from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import DirectoryKeeper
from carenet.agencies.models import Agency
from carenet.areas.models import AddressArea, AgencyArea, Area, AreaPart
from carenet.areas.open_data import AreaLine, AreaTable, Refusal
from carenet.areas.places import town_key
from carenet.audit.actions import log_write
from carenet.core.decisions import demand
from carenet.core.errors import Conflict

#: One import at a time. (An arbitrary number of our own.)
_LOCK = 0x0A2EA5


@dataclass(slots=True)
class AreaReport:
    """What an import has done with which lines."""

    created: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


@transaction.atomic
def import_area_table(*, actor: DirectoryKeeper, table: AreaTable) -> AreaReport:
    """Enter the lines that are new, and end or prolong those of which the file says another end.

    Nothing is deleted. A line that would put one place into two areas of one kind at the same time is
    refused; to move a place, the file ends the old line and begins a new one.
    """
    demand(policy.can_keep_directory(actor))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    report = AreaReport(refused=list(table.refusals))
    known = {_key(row): row for row in AddressArea.objects.select_related("area")}
    areas = {(area.municipality_code, area.kind, area.name): area for area in Area.objects.all()}
    entered = {area.pk for area in areas.values()}
    wanted = {line.key: _row(line, areas) for line in table.lines}
    in_town = _by_town(
        [*(row for key, row in known.items() if key not in wanted), *wanted.values()]
    )
    for line in sorted(table.lines, key=lambda each: each.line):
        row, before = wanted[line.key], known.get(line.key)
        other = next((each for each in in_town[_town(row)] if _contradict(row, each)), None)
        if other:
            why = _("This place lies in {area} at the same time.")
            report.refused.append(Refusal(line.line, format_lazy(why, area=other.area.name)))
        elif before is None:
            if row.area.pk not in entered:
                row.area.save(force_insert=True)
                entered.add(row.area.pk)
            row.save(force_insert=True)
            report.created.append(line.line)
        elif before.until != row.until:
            before.until = row.until
            before.save(update_fields=["until"])
            report.changed.append(line.line)
        else:
            report.unchanged.append(line.line)
    report.refused.sort(key=lambda refusal: refusal.line)
    if report.created or report.changed:
        log_write(
            who_of(actor), "area.import", "area", created=len(report.created),
            changed=len(report.changed),
        )  # fmt: skip
    return report


@transaction.atomic
def assign_area(
    *,
    actor: DirectoryKeeper,
    agency: Agency,
    area: Area,
    part: AreaPart = AreaPart.SERVES,
    since: date | None = None,
) -> AgencyArea:
    """Give an agency its part in an area; raises `Conflict` when another one coordinates it."""
    demand(policy.can_keep_directory(actor))
    held = Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    current = AgencyArea.objects.filter(area=held, part=part, until=None)
    same = current.filter(agency=agency).first()
    if same:
        return same
    if part == AreaPart.COORDINATES and current.exists():
        raise Conflict(_("Another agency coordinates this area. End its part first."))
    made = AgencyArea.objects.create(agency=agency, area=held, part=part, since=since)
    log_write(who_of(actor), "area.assign", "agency", agency.pk, area=str(held.pk), part=str(part))
    return made


@transaction.atomic
def end_area(*, actor: DirectoryKeeper, part: AgencyArea, until: date) -> AgencyArea:
    """End an agency's part in an area: `until` is its last day."""
    demand(policy.can_keep_directory(actor))
    part.until = until
    part.save(update_fields=["until"])
    log_write(who_of(actor), "area.leave", "agency", part.agency_id, area=str(part.area_id))
    return part


def _key(row: AddressArea) -> tuple[object, ...]:
    area = row.area
    return (
        area.municipality_code, area.kind, area.name, row.town, row.chome,
        row.block_from, row.block_to, row.since,
    )  # fmt: skip


def _row(line: AreaLine, areas: dict[tuple[str, str, str], Area]) -> AddressArea:
    name = (line.municipality_code, line.kind.value, line.name)
    area = areas.setdefault(name, Area(municipality_code=name[0], kind=line.kind, name=line.name))
    return AddressArea(
        area=area,
        town=line.town,
        chome=line.chome,
        block_from=line.block_from,
        block_to=line.block_to,
        since=line.since,
        until=line.until,
    )


def _town(row: AddressArea) -> tuple[str, str, str]:
    return row.area.municipality_code, row.area.kind, town_key(row.town)


def _by_town(rows: list[AddressArea]) -> dict[tuple[str, str, str], list[AddressArea]]:
    found = defaultdict(list)
    for row in rows:
        found[_town(row)].append(row)
    return found


def _contradict(one: AddressArea, other: AddressArea) -> bool:
    """Whether two lines of one town and kind put one place into two areas at the same time."""
    return (
        one.area.pk != other.area.pk
        and (None in {one.chome, other.chome} or one.chome == other.chome)
        and _meet(one.block_from, one.block_to, other.block_from, other.block_to)
        and _meet_in_time(one, other)
    )


def _meet(a: int | None, b: int | None, c: int | None, d: int | None) -> bool:
    if a is None or b is None or c is None or d is None:
        return True
    return a <= d and c <= b


def _meet_in_time(one: AddressArea, other: AddressArea) -> bool:
    ends_before = one.until and other.since and one.until < other.since
    begins_after = one.since and other.until and one.since > other.until
    return not (ends_before or begins_after)
