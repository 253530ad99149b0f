"""`manage.py review_bases`: what was disclosed on a basis that does not hold, listed, and ended."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import defaultdict
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies.management.output import in_both
from carenet.residents.registry import disclosures

BATCH = 100


class Command(BaseCommand):
    help = (
        "Lists shares, open referrals, answered inquiries, watches, watch-over lists and first visits "
        "from them whose lawful basis does not hold by the table of bases: kind, reason, number and "
        "ids. With --end they are ended, and whoever gave them is told. What is ended is not found "
        "again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--end", action="store_true", help="end them, in batches")

    def handle(self, *, end: bool, **_options: Any) -> None:
        number = 0
        for room in disclosures:
            found: dict[str, list[UUID]] = defaultdict(list)
            ids = list(room.ids())
            for begin in range(0, len(ids), BATCH):
                with transaction.atomic():
                    for each in room.review(ids[begin : begin + BATCH], end=end):
                        found[each.reason].append(each.id)
            for reason, these in sorted(found.items()):
                number += len(these)
                self.stdout.write(f"{room.kind} {reason} {len(these)}: {' '.join(map(str, these))}")
        told = (
            _("Ended for lack of a lawful basis: {count}.")
            if end
            else _(
                "Without a lawful basis that holds: {count}. Nothing was changed; --end ends them."
            )
        )
        self.stdout.write(in_both(format_lazy(told, count=number)))
