"""From records to offices: one per 事業所番号, with its services, or a reason why not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.areas.open_data import cells
from carenet.areas.open_data.cells import LATITUDES, LONGITUDES, Unreadable, essence
from carenet.areas.open_data.records import Record, records

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

T = TypeVar("T")

MUNICIPALITY = "都道府県コード又は市町村コード"
NAME = "事業所名"
KANA = "事業所名カナ"
SERVICE = "サービスの種類"
ADDRESS = "住所"
BUILDING = "方書（ビル名等）"
LATITUDE = "緯度"
LONGITUDE = "経度"
PHONE = "電話番号"
FAX = "FAX番号"
CORPORATE_NUMBER = "法人番号"
CORPORATION = "法人の名称"
OFFICE_NUMBER = "事業所番号"
WEEKDAYS = "利用可能曜日"
WEEKDAYS_NOTE = "利用可能曜日特記事項"
CAPACITY = "定員"
URL = "URL"
COLUMNS = (
    MUNICIPALITY, NAME, KANA, SERVICE, ADDRESS, BUILDING, LATITUDE, LONGITUDE, PHONE, FAX,
    CORPORATE_NUMBER, CORPORATION, OFFICE_NUMBER, WEEKDAYS, WEEKDAYS_NOTE, CAPACITY, URL,
)  # fmt: skip


_OF_A_SERVICE: tuple[tuple[str, Callable[[str, str], Any], str], ...] = (
    ("capacity", cells.capacity, CAPACITY),
    ("weekdays", cells.weekdays, WEEKDAYS),
    ("weekdays_note", cells.note, WEEKDAYS_NOTE),
)


@dataclass(frozen=True, slots=True)
class Service:
    """A service that an office offers, and when."""

    name: str
    capacity: int | None
    weekdays: str
    weekdays_note: str
    #: Which of these stand in the file and cannot be read: what is known of them stays.
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Office:
    """An office as the file describes it, and the lines that do."""

    number: str
    municipality_code: str
    name: str
    name_kana: str
    address: str
    building: str
    latitude: Decimal | None
    longitude: Decimal | None
    phone: str
    fax: str
    url: str
    corporation: str
    corporate_number: str | None
    services: tuple[Service, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was not taken, or a cell of it that was left empty, and why."""

    line: int
    reason: StrOrPromise


@dataclass(frozen=True, slots=True)
class OpenData:
    """What a file holds: offices, lines that were not taken, and cells that were left empty.

    `named` are all offices of which any line speaks, taken or not; `unnamed_lines` counts the lines of
    which nobody can tell about which office they are.
    """

    offices: tuple[Office, ...]
    refusals: tuple[Refusal, ...]
    gaps: tuple[Refusal, ...] = ()
    named: frozenset[str] = frozenset()
    unnamed_lines: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    """One readable line: what it says of its office, and of one service."""

    line: int
    number: str
    municipality: str
    name: str
    kana: str
    place: tuple[str, str]  # address, building
    position: tuple[Decimal, Decimal] | None  # latitude, longitude
    phone: str
    fax: str
    url: str
    corporation: str
    corporate_number: str | None
    service: Service


def read(content: bytes) -> OpenData:
    """Read a file; raises `BrokenFile` when it cannot be read as a whole."""
    by_number: dict[str, list[_Row]] = defaultdict(list)
    refusals: list[Refusal] = []
    gaps: list[Refusal] = []
    named: set[str] = set()
    unnamed = 0
    for record in records(content, COLUMNS):
        number = _number_of(record)
        named.add(number)
        unnamed += not number
        optional = _Optional(record.line)
        try:
            row = _row(record, optional)
        except Unreadable as error:
            refusals.append(Refusal(record.line, error.reason))
        else:
            by_number[row.number].append(row)
            gaps += optional.gaps
    offices: list[Office] = []
    for rows in by_number.values():
        contradiction = _contradiction(rows)
        if contradiction:
            refusals += [Refusal(row.line, contradiction) for row in rows]
            continue
        kept, repeated = _without_repetition(rows)
        refusals += repeated
        offices.append(_office(kept))
    return OpenData(
        tuple(offices),
        tuple(sorted(refusals, key=lambda refusal: refusal.line)),
        tuple(gaps),
        frozenset(named - {""}),
        unnamed,
    )


def _number_of(record: Record) -> str:
    """Return the office of which a line speaks, even where the rest cannot be read; "" if none can."""
    try:
        return cells.office_number((record.cells or {}).get(OFFICE_NUMBER, ""), OFFICE_NUMBER)
    except Unreadable:
        return ""


@dataclass(slots=True)
class _Optional:
    """The cells of one line without which an office can do; what cannot be read is left empty."""

    line: int
    gaps: list[Refusal] = field(default_factory=list)

    def read(self, parse: Callable[..., T], cell: str, *more: Any) -> T:
        """Return what `parse` makes of a cell, of an empty one when it cannot be read."""
        try:
            return parse(cell, *more)
        except Unreadable as error:
            self.gaps.append(Refusal(self.line, error.reason))
            return parse("", *more)


def _row(record: Record, optional: _Optional) -> _Row:
    """Return a readable line; raises `Unreadable` without number, name, service or municipality."""
    of = record.cells
    if of is None:
        raise Unreadable(_("The line has more or fewer cells than the header."))
    number = cells.office_number(of[OFFICE_NUMBER], OFFICE_NUMBER)
    municipality = cells.municipality(of[MUNICIPALITY], MUNICIPALITY)
    name = cells.required(of[NAME], NAME, 200)
    service = _service(of, optional)
    latitude = optional.read(cells.degrees, of[LATITUDE], LATITUDE, LATITUDES)
    longitude = optional.read(cells.degrees, of[LONGITUDE], LONGITUDE, LONGITUDES)
    return _Row(
        line=record.line,
        number=number,
        municipality=municipality,
        name=name,
        kana=optional.read(cells.text, of[KANA], KANA, 200),
        place=_place(of, optional),
        position=None if latitude is None or longitude is None else (latitude, longitude),
        phone=optional.read(cells.phone, of[PHONE], PHONE),
        fax=optional.read(cells.phone, of[FAX], FAX),
        url=optional.read(cells.web_address, of[URL], URL),
        corporation=optional.read(cells.text, of[CORPORATION], CORPORATION, 200),
        corporate_number=optional.read(
            cells.corporate_number, of[CORPORATE_NUMBER], CORPORATE_NUMBER
        ),
        service=service,
    )


def _place(of: Mapping[str, str], optional: _Optional) -> tuple[str, str]:
    """Return address and building; published addresses often say the building a second time."""
    address = optional.read(cells.text, of[ADDRESS], ADDRESS, 300)
    building = optional.read(cells.text, of[BUILDING], BUILDING, 200)
    return address.removesuffix(building).rstrip() or address, building


def _service(of: Mapping[str, str], optional: _Optional) -> Service:
    name = cells.required(of[SERVICE], SERVICE, 100)
    unread = set()
    told: dict[str, Any] = {}
    for field_name, parse, column in _OF_A_SERVICE:
        before = len(optional.gaps)
        told[field_name] = optional.read(parse, of[column], column)
        if len(optional.gaps) > before:
            unread.add(field_name)
    return Service(name=name, unread=frozenset(unread), **told)


def _contradiction(rows: list[_Row]) -> StrOrPromise:
    """Return why these rows of one number cannot all be true, "" when they can."""
    lines = "、".join(str(row.line) for row in rows)
    if len({row.corporate_number for row in rows} - {None}) > 1:
        why = _("Lines {lines} name different corporations (法人番号) for office {number}.")
    elif len({row.municipality for row in rows}) > 1:
        why = _("Lines {lines} name different municipalities for office {number}.")
    elif not all(_akin(row, rows) for row in rows):
        why = _("Lines {lines} describe different offices under the number {number}.")
    else:
        return ""
    return format_lazy(why, lines=lines, number=rows[0].number)


def _akin(row: _Row, rows: list[_Row]) -> bool:
    """Whether the row shares its name, telephone or address with another one, if there is one."""
    others = [other for other in rows if other is not row]
    return not others or any(_marks(row) & _marks(other) for other in others)


def _marks(row: _Row) -> set[tuple[str, str]]:
    told = {NAME: row.name, PHONE: row.phone, ADDRESS: row.place[0]}
    return {(column, essence(said)) for column, said in told.items() if said}


def _without_repetition(rows: list[_Row]) -> tuple[list[_Row], list[Refusal]]:
    first: dict[str, _Row] = {}
    repeated = []
    for row in rows:
        kept = first.setdefault(row.service.name, row)
        if kept is not row:
            reason = format_lazy(
                _("Line {line} already names the service {service} of office {number}."),
                line=kept.line, service=row.service.name, number=row.number,
            )  # fmt: skip
            repeated.append(Refusal(row.line, reason))
    return list(first.values()), repeated


def _office(rows: list[_Row]) -> Office:
    address, building = _prevailing(row.place for row in rows if row.place[0]) or ("", "")
    position = _prevailing(row.position for row in rows if row.position)
    return Office(
        number=rows[0].number,
        municipality_code=rows[0].municipality,
        name=_prevailing(row.name for row in rows) or "",
        name_kana=_prevailing(row.kana for row in rows if row.kana) or "",
        address=address,
        building=building,
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        phone=_prevailing(row.phone for row in rows if row.phone) or "",
        fax=_prevailing(row.fax for row in rows if row.fax) or "",
        url=_prevailing(row.url for row in rows if row.url) or "",
        corporation=_prevailing(row.corporation for row in rows if row.corporation) or "",
        corporate_number=_prevailing(row.corporate_number for row in rows if row.corporate_number),
        services=tuple(row.service for row in rows),
        lines=tuple(row.line for row in rows),
    )


def _prevailing(values: Iterable[T]) -> T | None:
    """Return what most lines say, the first of equals; None when none says anything."""
    most = Counter(values).most_common(1)
    return most[0][0] if most else None
