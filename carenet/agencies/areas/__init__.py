"""Areas of several kinds, who works in them, and which address lies where.

The kinds do not nest: a ward has federations of associations, commissioners' councils and the areas of
care plazas, and their borders cut through a chōme. So an address leads to areas, one of each kind.
"""

from carenet.agencies.areas.models import AddressArea, AgencyArea, Area, AreaKind, AreaPart
from carenet.agencies.areas.places import Place, place_in, plain

__all__ = [
    "AddressArea",
    "AgencyArea",
    "Area",
    "AreaKind",
    "AreaPart",
    "Place",
    "place_in",
    "plain",
]
