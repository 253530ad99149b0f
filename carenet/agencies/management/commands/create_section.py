"""`manage.py create_section`: a section of a ward office, in which nobody works yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from carenet.agencies.actions import create_agency
from carenet.agencies.management.arguments import chosen_agency
from carenet.agencies.management.output import as_command_error, in_both
from carenet.agencies.models import AgencyKind, WardSection
from carenet.core.errors import CarenetError


class Command(BaseCommand):
    help = (
        "Enters a section of a ward office: an agency of its own, with people of its own. Its name "
        "begins with that of the office. Nothing changes hands by that."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("office", help="id or name of the ward office")
        parser.add_argument("section", choices=WardSection.values, help="what the section is for")
        parser.add_argument("--name", default="", help="its own name, if it is not the usual one")
        parser.add_argument("--kana", default="", help="its name in kana")
        parser.add_argument("--phone", default="")

    def handle(
        self, *, office: str, section: str, name: str, kana: str, phone: str, **_options: Any
    ) -> None:
        parent = chosen_agency(office)
        with override("ja"):
            usual = str(WardSection(section).label)
        try:
            made = create_agency(
                actor=None, kind=AgencyKind.WARD_SECTION, name=name or usual, name_kana=kana,
                parent=parent, section=section, phone=phone,
            )  # fmt: skip
        except CarenetError as error:
            raise as_command_error(error) from error
        said = _("{name} is entered. Give it people: create_member.")
        self.stdout.write(in_both(format_lazy(said, name=made.name)))
