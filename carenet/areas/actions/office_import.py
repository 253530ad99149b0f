"""Bringing the directory up to date with the Ministry's open data, in a fixed number of queries.

- An office is known by its number. Its kind never changes: a care plaza that offers day service
  stays a plaza.
- What the file says replaces what an earlier file said; where it is silent, what is known stays,
  for the Ministry also publishes one file per service. Nothing is ever deleted.
- An agency that somebody entered by hand keeps what they wrote; only empty fields are filled.
- The calendar follows 利用可能曜日 until somebody sets it otherwise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, transaction

from carenet.agencies import policy
from carenet.agencies.actions.directory import group_name
from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import DirectoryKeeper
from carenet.agencies.models import (
    Agency,
    AgencyKind,
    AgencyService,
    AgencySource,
    Designation,
    Operator,
)
from carenet.agencies.selectors import with_details
from carenet.areas.actions.missing_offices import suggest_closures
from carenet.areas.open_data import Office, OpenData, Refusal, Service, closing_rule
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand

#: One import at a time: two would enter the same office twice. (An arbitrary number of our own.)
_LOCK = 0x0FF1CE
_SAME_NAMED = (
    "municipality_code", "name", "name_kana", "address", "building", "latitude", "longitude",
    "phone", "fax", "url",
)  # fmt: skip
_CALENDAR = ("closed_weekdays", "closed_on_holidays")
_SERVICE_FIELDS = ("capacity", "weekdays", "weekdays_note")


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of one office, and on which lines it stands."""

    number: str
    name: str
    lines: tuple[int, ...]


@dataclass(slots=True)
class ImportReport:
    """What an import has done."""

    created: list[ImportOutcome] = field(default_factory=list)
    changed: list[ImportOutcome] = field(default_factory=list)
    unchanged: list[ImportOutcome] = field(default_factory=list)
    refused: tuple[Refusal, ...] = ()
    gaps: tuple[Refusal, ...] = ()
    missing: list[ImportOutcome] = field(default_factory=list)  # suggested for closing


@dataclass(slots=True)
class _Work:
    """The rows that an import will write, gathered first and written in bulk."""

    new: list[Agency] = field(default_factory=list)
    changed: list[Agency] = field(default_factory=list)
    services: list[AgencyService] = field(default_factory=list)
    ended: list[Designation] = field(default_factory=list)
    designations: list[Designation] = field(default_factory=list)


@transaction.atomic
def import_offices(*, actor: DirectoryKeeper, data: OpenData) -> ImportReport:
    """Enter the offices that are new, and change those of which the file says something else.

    1. Wait for any other import; lock the agencies that the file names.
    2. Enter their corporations, under the name that most offices give.
    3. Compare each office with what is known of it.
    4. Write what differs, in bulk; who imported it and which agencies were touched is audited.
    5. Suggest the closure of whoever the file no longer names (`missing_offices`).
    """
    demand(policy.can_keep_directory(actor))
    known = _lock_known(data.offices)
    operators = _operators(data.offices)
    work, report = _Work(), ImportReport(refused=data.refusals, gaps=data.gaps)
    for office in data.offices:
        agency = known.get(office.number)
        operator = operators.get(_corporation(office))
        outcome = ImportOutcome(office.number, office.name, office.lines)
        if agency is None:
            _enter(work, office, operator)
            report.created.append(outcome)
        elif _bring_up_to_date(work, agency, office, operator):
            report.changed.append(outcome)
        else:
            report.unchanged.append(outcome)
    _write(work)
    for name, agencies in (("created", work.new), ("changed", work.changed)):
        if agencies:
            log_write(
                who_of(actor), f"agency.import_{name}", "agency", *(row.pk for row in agencies)
            )
    report.missing = [
        ImportOutcome(agency.office_number or "", agency.name, ())
        for agency in suggest_closures(actor=actor, data=data)
    ]
    return report


def _lock_known(offices: Iterable[Office]) -> dict[str | None, Agency]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    numbers = [office.number for office in offices]
    held = Agency.objects.select_for_update(no_key=True).filter(office_number__in=numbers)
    return {agency.office_number: agency for agency in with_details(held).order_by("id")}


def _corporation(office: Office) -> str:
    """Return what a corporation is known by: its number, or its name if it gives none."""
    return office.corporate_number or office.corporation


def _operators(offices: Iterable[Office]) -> dict[str, Operator]:
    """Return the corporations of these offices, entering the unknown and renaming the renamed."""
    names: dict[tuple[str, str | None], Counter[str]] = defaultdict(Counter)
    for office in offices:
        if office.corporation:
            names[_corporation(office), office.corporate_number][office.corporation] += 1
    numbers = [number for _key, number in names if number]
    unnumbered = [key for key, number in names if number is None]
    known = {
        row.corporate_number: row for row in Operator.objects.filter(corporate_number__in=numbers)
    }
    same_name = Operator.objects.filter(corporate_number=None, name__in=unnumbered)
    found: dict[str, Operator] = {row.name: row for row in same_name.order_by("-id")}
    new, renamed = [], []
    for (key, number), said in names.items():
        name = said.most_common(1)[0][0]
        operator = known.get(number) if number else found.get(key)
        if operator is None:
            operator = Operator(name=name, corporate_number=number)
            new.append(operator)
        elif operator.name != name:
            operator.name = name
            renamed.append(operator)
        found[key] = operator
    Operator.objects.bulk_create(new)
    Operator.objects.bulk_update(renamed, ["name"])
    return found


def _enter(work: _Work, office: Office, operator: Operator | None) -> None:
    rule = closing_rule(service.weekdays for service in office.services)
    agency = Agency(
        kind=AgencyKind.CARE_SERVICE_OFFICE,
        office_number=office.number,
        source=AgencySource.MHLW,
        closed_weekdays=list(rule.weekdays),
        closed_on_holidays=rule.on_holidays,
        **{name: getattr(office, name) for name in _SAME_NAMED},
    )
    work.new.append(agency)
    work.services += [_service(agency, service) for service in office.services]
    if operator:
        work.designations.append(Designation(agency=agency, operator=operator))


def _bring_up_to_date(
    work: _Work, agency: Agency, office: Office, operator: Operator | None
) -> bool:
    """Note what the file says differently of a known agency; False when nothing."""
    services = _changed_services(agency, office)
    values = _changed_values(agency, office) | _changed_calendar(agency, services)
    for name, value in values.items():
        setattr(agency, name, value)
    renamed = _change_operator(work, agency, office, operator)
    if not (services or values or renamed):
        return False
    agency.version += 1
    work.changed.append(agency)
    work.services += services
    return True


def _changed_values(agency: Agency, office: Office) -> dict[str, Any]:
    by_hand = not agency.source
    changes = {}
    for name in _SAME_NAMED:
        said, kept = getattr(office, name), getattr(agency, name)
        if said not in {None, "", kept} and not (by_hand and kept):
            changes[name] = said
    return changes


def _changed_services(agency: Agency, office: Office) -> list[AgencyService]:
    known = {service.name: service for service in agency.services.all()}
    told = [_with_known(service, known.get(service.name)) for service in office.services]
    return [
        _service(agency, service)
        for service in told
        if service.name not in known
        or any(
            getattr(service, name) != getattr(known[service.name], name) for name in _SERVICE_FIELDS
        )
    ]


def _with_known(service: Service, known: AgencyService | None) -> Service:
    """Return a service with what is known of it where the file cannot be read."""
    if known is None or not service.unread:
        return service
    return replace(service, **{name: getattr(known, name) for name in service.unread})


def _changed_calendar(agency: Agency, changed: list[AgencyService]) -> dict[str, Any]:
    """Derive the calendar anew, unless somebody set another one than the last file's."""
    weekdays = {service.name: service.weekdays for service in agency.services.all()}
    before = closing_rule(weekdays.values())
    set_by_hand = (
        tuple(agency.closed_weekdays) != before.weekdays
        or agency.closed_on_holidays != before.on_holidays
    )
    after = closing_rule((weekdays | {each.name: each.weekdays for each in changed}).values())
    if set_by_hand or not agency.source or after == before:
        return {}
    return {"closed_weekdays": list(after.weekdays), "closed_on_holidays": after.on_holidays}


def _change_operator(
    work: _Work, agency: Agency, office: Office, operator: Operator | None
) -> bool:
    """Note that another corporation runs the agency now; whether its operator shows differently."""
    current = agency.operator
    if operator is None or (current and current.pk == operator.pk):
        return bool(current and operator and current.name != operator.name)
    if current and current.name == operator.name and not office.corporate_number:
        return False  # the same corporation, its number left out this time
    today = clock.today()
    for designation in agency.designations.all():
        if designation.until is None:
            designation.until = today
            work.ended.append(designation)
    work.designations.append(
        Designation(agency=agency, operator=operator, since=today if current else None)
    )
    return True


def _service(agency: Agency, service: Service) -> AgencyService:
    return AgencyService(
        agency=agency,
        name=service.name,
        **{name: getattr(service, name) for name in _SERVICE_FIELDS},
    )


def _write(work: _Work) -> None:
    groups = Group.objects.bulk_create([Group(name=group_name(agency)) for agency in work.new])
    for agency, group in zip(work.new, groups, strict=True):
        agency.group = group
    Agency.objects.bulk_create(work.new)
    Agency.objects.bulk_update(work.changed, [*_SAME_NAMED, *_CALENDAR, "version"])
    AgencyService.objects.bulk_create(
        work.services,
        update_conflicts=True,
        unique_fields=["agency", "name"],
        update_fields=_SERVICE_FIELDS,
    )
    Designation.objects.bulk_update(work.ended, ["until"])
    Designation.objects.bulk_create(work.designations)
