"""The areas of the demo: their names are real, which town lies in which of them is made up."""

from __future__ import annotations

from pathlib import Path

from carenet.agencies.models import Agency
from carenet.areas import open_data
from carenet.areas.actions.areas import assign_area, import_area_table
from carenet.areas.models import Area, AreaKind, AreaPart

#: Made for the demo: plausible, and no source for anybody's real address.
TABLE = Path(__file__).parent / "data" / "areas_sample.csv"


def divide_the_ward() -> None:
    """Enter the areas, and let each plaza serve its own."""
    import_area_table(actor=None, table=open_data.read_areas(TABLE.read_bytes()))
    plazas = {agency.name: agency for agency in Agency.objects.filter(kind="CARE_PLAZA")}
    for area in Area.objects.filter(kind=AreaKind.PLAZA_AREA).order_by("name"):
        if area.name in plazas:
            assign_area(actor=None, agency=plazas[area.name], area=area, part=AreaPart.SERVES)
