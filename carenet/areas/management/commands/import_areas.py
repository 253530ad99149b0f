"""`manage.py import_areas FILE`: which address lies in which areas.

The columns stand in `carenet.areas.open_data.area_table`; what is refused besides lines that nobody
can read, in `carenet.areas.actions.areas`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies.management.output import in_both
from carenet.areas import open_data
from carenet.areas.actions.areas import AreaReport, import_area_table
from carenet.areas.management.files import read_from

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Command(BaseCommand):
    help = (
        "Imports the address table of areas from a CSV file (UTF-8 with or without BOM, or cp932). "
        "Running it twice changes nothing; nothing is ever deleted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report, but change nothing")

    def handle(self, *, file: Path, dry_run: bool, **_options: Any) -> None:
        table = read_from(file, open_data.read_areas)
        with transaction.atomic():
            report = import_area_table(actor=None, table=table)
            if dry_run:
                transaction.set_rollback(True)
        self._tell(report)
        if dry_run:
            self.stdout.write(in_both(_("This was a rehearsal: nothing was changed.")))
        if not table.lines:
            raise CommandError(in_both(_("No line of the file could be used.")))

    def _tell(self, report: AreaReport) -> None:
        for heading, lines in (
            (_("Created: {lines} lines."), report.created),
            (_("Changed: {lines} lines."), report.changed),
            (_("Unchanged: {lines} lines."), report.unchanged),
        ):
            self._say(heading, lines=len(lines))
        self._say(_("Refused: {refused} lines. {lines}"), refused=len(report.refused), lines="")
        for refusal in report.refused:
            self._say(_("  Line {line}: {reason}"), line=refusal.line, reason=refusal.reason)

    def _say(self, message: StrOrPromise, **values: Any) -> None:
        self.stdout.write(in_both(format_lazy(message, **values)).rstrip())
