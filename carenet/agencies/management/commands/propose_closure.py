"""`manage.py propose_closure`: the operator is the first of the two people who close an agency."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actions import propose_closure
from carenet.agencies.management.arguments import chosen_agency
from carenet.agencies.management.output import as_command_error, in_both
from carenet.core.errors import CarenetError


class Command(BaseCommand):
    help = (
        "Proposes to close an agency, with a successor for everything that hangs on it. Nothing changes "
        "until a manager of the agency or somebody of its ward office confirms it, signed in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("agency", help="id, office number or name")
        parser.add_argument("--successor", required=True, help="id, office number or name")
        parser.add_argument("--reason", required=True)

    def handle(self, *, agency: str, successor: str, reason: str, **_options: Any) -> None:
        closing, heir = chosen_agency(agency), chosen_agency(successor)
        try:
            propose_closure(actor=None, agency=closing, successor=heir, reason=reason)
        except CarenetError as error:
            raise as_command_error(error) from error
        said = _("The closure of {agency} is proposed. Somebody confirms it in their own sign-in.")
        self.stdout.write(in_both(format_lazy(said, agency=closing.name)))
