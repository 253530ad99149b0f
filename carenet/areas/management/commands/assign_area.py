"""`manage.py assign_area AGENCY KIND AREA`: an agency's part in an area, or the end of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies.management.arguments import chosen_agency
from carenet.agencies.management.output import as_command_error, in_both
from carenet.agencies.models import Agency
from carenet.areas.actions.areas import assign_area, end_area
from carenet.areas.models import AgencyArea, Area, AreaKind, AreaPart
from carenet.core.errors import CarenetError


class Command(BaseCommand):
    help = (
        "Lets an agency serve an area, or coordinate the referrals of those who live there; with "
        "--until its part ends on that day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("agency", help="id, office number or name")
        parser.add_argument("kind", choices=AreaKind.values)
        parser.add_argument("area", help="name, as import_areas entered it")
        parser.add_argument("--coordinates", action="store_true")
        parser.add_argument("--since", type=date.fromisoformat, help="2027-04-01")
        parser.add_argument("--until", type=date.fromisoformat, help="2027-03-31")

    def handle(self, *, agency: str, kind: str, area: str, **options: Any) -> None:
        chosen = chosen_agency(agency)
        part = AreaPart.COORDINATES if options["coordinates"] else AreaPart.SERVES
        found = Area.objects.filter(
            kind=kind, name=area, municipality_code=chosen.municipality_code
        ).first()
        if found is None:
            message = _("There is no area of this kind called “{text}”.")
            raise CommandError(in_both(format_lazy(message, text=area)))
        try:
            if options["until"]:
                end_area(
                    actor=None, part=_current_areas(chosen, found, part), until=options["until"]
                )
            else:
                assign_area(
                    actor=None, agency=chosen, area=found, part=part, since=options["since"]
                )
        except CarenetError as error:
            raise as_command_error(error) from error
        self.stdout.write(f"{chosen.name} @ {found.name}: {part.value}")


def _current_areas(agency: Agency, area: Area, part: AreaPart) -> AgencyArea:
    held = AgencyArea.objects.filter(agency=agency, area=area, part=part, until=None).first()
    if held is None:
        raise CommandError(in_both(_("This agency has no such part in this area.")))
    return held
