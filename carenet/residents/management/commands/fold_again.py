"""`manage.py fold_again`: makes the search keys of the register anew after a new version."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies.management.output import in_both
from carenet.residents.actions import rebuild_search_keys

BATCH = 500


class Command(BaseCommand):
    help = "Makes the search keys anew that older rules of folding have made, in batches."

    def handle(self, **_options: Any) -> None:
        done = 0
        while made := rebuild_search_keys(most=BATCH):
            done += made
        self.stdout.write(in_both(format_lazy(_("Search keys made anew: {count}."), count=done)))
