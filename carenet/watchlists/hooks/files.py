"""Long work with the city's list: its import from a file, and its export as a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.settings import api_settings

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.actions import log_read, no_such
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.jobs.registry import ADDRESS, Batch, Options, Part, SheetExport
from carenet.residents.models import Resident
from carenet.residents.policy import address_seen_by
from carenet.rest.ids import ids_in
from carenet.rest.limits import demand_recent
from carenet.watchlists import policy, selectors
from carenet.watchlists.actions.bases import demand_of_list
from carenet.watchlists.actions.list_import import Line, LineOutcome, LineResult, import_list
from carenet.watchlists.api.files import COLUMNS, Given, line_of, lines_in, some_lines_in
from carenet.watchlists.api.serializers import EntrySerializer, ListHeadInput
from carenet.watchlists.models import ListEntry
from carenet.watchlists.states import ListState, ScreenReason

#: How many lines a step takes in.
LINES_AT_ONCE = 200
#: Nothing has come of such a line.
_REFUSED = frozenset({LineResult.UNUSABLE, LineResult.DIFFERS, LineResult.TWICE})
#: As much as is told of one line, whatever it holds.
_MOST_ERRORS, _LONGEST_WHY, _LONGEST_NAME = 5, 500, 50


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks, as the API's fields want to know it."""

    actor: Actor


class ListImport:
    """The ward office's list comes in from a file, as over the API, so many lines with each step.

    A preview takes the lines of a step in and undoes that. What resembles a line of another step is
    thus seen only when it is carried out; it then waits for a person to decide, as always.
    """

    name = "list.import"
    label = gettext_lazy("Take in a watch-over list")
    ability = "lists.import"
    takes_file = True
    heads = {
        LineResult.REGISTERED: gettext_lazy("new on the register"),
        LineResult.MATCHED: gettext_lazy("found on the register"),
        LineResult.UNCLEAR: gettext_lazy("waits for somebody to decide whom it means"),
        LineResult.KNOWN: gettext_lazy("taken in before"),
        LineResult.DIFFERS: gettext_lazy("differs from the line that was taken in"),
        LineResult.TWICE: gettext_lazy("the same person under another line"),
        LineResult.UNUSABLE: gettext_lazy("cannot be used"),
    }

    def begin(self, actor: Actor, options: Options, content: bytes) -> int:
        head = _head(actor, options)
        demand(policy.can_import(actor, head.get("agency") or actor.agency))
        demand_of_list(head["sharing_basis"])
        if head["delivered_on"] > clock.today():
            raise Invalid({"delivered_on": _("Give a day that is not in the future.")})
        demand_recent("delivered_on", head["delivered_on"])
        return len(lines_in(content))

    def run_batch(self, actor: Actor, part: Part) -> Batch:
        at = int(part.at or 0)
        given = some_lines_in(part.content, at, LINES_AT_ONCE + 1)
        here = given[:LINES_AT_ONCE]
        read = [_line(each) for each in here]
        lines = [each for each in read if isinstance(each, Line)]
        with transaction.atomic():
            _list, fates = import_list(actor=actor, lines=lines, **_head(actor, part.options))
            if part.preview:
                transaction.set_rollback(True)
        rest = iter(fates)
        told = [each if isinstance(each, LineOutcome) else next(rest) for each in read]
        counts = {result.value: 0 for result in LineResult}
        for fate in told:
            counts[fate.result.value] += 1
        return Batch(
            done=len(here),
            at=str(at + len(here)) if len(given) > len(here) else None,
            counts=counts,
            told=[
                {"line": line.number, "key": fate.key, "words": _why(fate)}
                for line, fate in zip(here, told, strict=True)
                if fate.result in _REFUSED or fate.notes
            ],
        )


class ListExport(SheetExport):
    """The people on a list, and what became of each, as far as the actor sees them."""

    name = "list.export"
    label = gettext_lazy("Watch-over list as CSV")
    ability = "lists.view"
    #: Who runs an agency takes no list of people along alone.
    released_for = frozenset({Role.MANAGER})
    row_kind = "listentry"
    shows_address = True
    columns = (
        gettext_lazy("Number on the list"), gettext_lazy("Name"), gettext_lazy("Kana"),
        gettext_lazy("Address"), gettext_lazy("Telephone"), gettext_lazy("State"),
        gettext_lazy("Screened out because"), gettext_lazy("First visit by"),
        gettext_lazy("First visit at"), gettext_lazy("Decided at"),
    )  # fmt: skip

    def rows(self, actor: Actor, options: Options) -> QuerySet[ListEntry]:
        try:
            watch_list = selectors.watch_lists(actor).filter(pk=options["list"]).first()
        except (KeyError, ValueError):
            watch_list = None
        if watch_list is None:
            raise no_such("list", "watchlist", ids_in([options.get("list")]))
        return selectors.entries(actor).filter(watch_list=watch_list).order_by("pk")

    def cells(self, actor: Actor, row: ListEntry) -> Sequence[object]:
        shown = EntrySerializer(row).data
        person, words = shown["resident"] or {}, shown["words"] or {}
        if row.resident_id and person.get("address"):
            log_read(ADDRESS, row.resident_id)
        because = row.screened_because
        return [
            shown["key"],
            person.get("name") or _together(words, "family_name", "given_name"),
            person.get("kana") or _together(words, "family_kana", "given_kana"),
            _("protected") if person.get("address_hidden") else _either(person, words, "address"),
            _either(person, words, "phone"),
            ListState(row.state).label,
            ScreenReason(because).label if because else "",
            row.visitor.name if row.visitor else "",
            _local(row.visited_at),
            _local(row.decided_at),
        ]

    def still_sees_addresses(self, actor: Actor, shown: AbstractSet[UUID]) -> bool:
        seen = Resident.objects.filter(address_seen_by(actor), pk__in=shown)
        return seen.count() == len(shown)

    def file_name(self, options: Options) -> str:
        return "watch-list.csv"


def _head(actor: Actor, options: Options) -> dict[str, Any]:
    shape = ListHeadInput(data=options, context={"request": _Asking(actor)})
    if not shape.is_valid():
        raise Invalid({name: " ".join(map(str, told)) for name, told in shape.errors.items()})
    head: dict[str, Any] = shape.validated_data
    return head


def _line(given: Given) -> Line | LineOutcome:
    if given.fields is None:
        broken = _("This line cannot be read: its cells do not fit the header, or it is no object.")
        return LineOutcome("", LineResult.UNUSABLE, errors={"": [broken]})
    return line_of(given.fields)


def _why(fate: LineOutcome) -> str:
    """Return why nothing came of a line, or what of it is not kept, by the columns of files."""
    told = fate.errors if fate.result == LineResult.UNUSABLE else fate.notes
    said = [
        ": ".join(filter(None, [_named(name), " ".join(words)]))
        for name, words in islice(told.items(), _MOST_ERRORS)
    ]
    if fate.result != LineResult.UNUSABLE:
        said.insert(0, str(fate.result.label))
    return " ".join(said)[:_LONGEST_WHY]


def _named(name: str) -> str:
    """Return a field as files call it; one that is unknown by the name that it was given."""
    if name in COLUMNS:
        return COLUMNS[name][0]
    return "" if name == api_settings.NON_FIELD_ERRORS_KEY else name[:_LONGEST_NAME]


def _together(words: dict[str, str], *names: str) -> str:
    return " ".join(filter(None, (words.get(name) for name in names)))


def _either(person: dict[str, Any], words: dict[str, str], name: str) -> str:
    return person.get(name) or words.get(name) or ""


def _local(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
