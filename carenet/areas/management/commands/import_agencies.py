"""`manage.py import_agencies FILE`: the Ministry's open data of care service offices.

What is refused, and why, is told in `carenet.areas.open_data`; what is changed, and what is left
as it is, in `carenet.areas.actions.office_import`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies.management.output import in_both
from carenet.areas import open_data
from carenet.areas.actions.office_import import ImportOutcome, ImportReport, import_offices
from carenet.areas.management.files import read_from
from carenet.areas.open_data import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: With `-v 2` each office is named.
NAME_EACH = 2


class Command(BaseCommand):
    help = (
        "Imports care service offices from a CSV file of the care service information system "
        "(UTF-8 with or without BOM, or cp932). Running it twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report, but change nothing")

    def handle(self, *, file: Path, dry_run: bool, verbosity: int, **_options: Any) -> None:
        data = read_from(file, open_data.read)
        with transaction.atomic():
            report = import_offices(actor=None, data=data)
            if dry_run:
                transaction.set_rollback(True)
        self._tell(report, name_each=verbosity >= NAME_EACH)
        if dry_run:
            self.stdout.write(in_both(_("This was a rehearsal: nothing was changed.")))
        if not data.offices:
            raise CommandError(in_both(_("No line of the file could be used.")))

    def _tell(self, report: ImportReport, *, name_each: bool) -> None:
        for heading, outcomes in (
            (_("Created: {offices} offices. {lines}"), report.created),
            (_("Changed: {offices} offices. {lines}"), report.changed),
            (_("Unchanged: {offices} offices. {lines}"), report.unchanged),
        ):
            lines = [line for outcome in outcomes for line in outcome.lines]
            self._say(heading, offices=len(outcomes), lines=_lines_of(lines))
            if name_each:
                self._name(outcomes)
        self._say(
            _("No longer named, suggested for closing: {offices} offices."),
            offices=len(report.missing),
        )
        for outcome in report.missing:
            self.stdout.write(f"  {outcome.number} {outcome.name}")
        refused = [refusal.line for refusal in report.refused]
        self._say(
            _("Refused: {refused} lines. {lines}"), refused=len(refused), lines=_lines_of(refused)
        )
        self._explain(report.refused)
        gaps = [gap.line for gap in report.gaps]
        self._say(
            _("Taken, with a cell left empty: {cells} cells. {lines}"),
            cells=len(gaps), lines=_lines_of(set(gaps)),
        )  # fmt: skip
        self._explain(report.gaps)

    def _explain(self, refusals: Iterable[Refusal]) -> None:
        for refusal in refusals:
            self._say(_("  Line {line}: {reason}"), line=refusal.line, reason=refusal.reason)

    def _name(self, outcomes: Iterable[ImportOutcome]) -> None:
        for outcome in outcomes:
            self.stdout.write(f"  {_ranges(outcome.lines)}: {outcome.number} {outcome.name}")

    def _say(self, message: StrOrPromise, **values: Any) -> None:
        self.stdout.write(in_both(format_lazy(message, **values)))


def _lines_of(lines: Iterable[int]) -> StrOrPromise:
    ranges = _ranges(lines)
    return format_lazy(_("(lines {ranges})"), ranges=ranges) if ranges else ""


def _ranges(lines: Iterable[int]) -> str:
    """Return numbers as people write them: "2–5, 7"."""
    spans: list[list[int]] = []
    for line in sorted(lines):
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans)
