"""Reading the open data of care service offices that the Ministry publishes.

介護サービス情報公表システム: bytes in, offices and refused lines out; no database is touched.

**Refused, line by line, while the rest goes on:** a line that has more or fewer cells than the
header; whose office number, name, service or municipality is missing or cannot be read; and a line
that repeats a service of its office.

**Left empty, and told:** any other cell that cannot be read or is longer than we keep. Nothing is
guessed, and what was known of the office stays.

**Refused together:** all lines of one office number that contradict each other: two corporations,
two municipalities, or a line that shares neither name nor telephone nor address with any other.
Nobody can tell which of them is right, so what is known of that office stays as it is.

Anything less is a typist's variant (full-width digits, a space in the name, a building said twice):
what most lines say is taken, the first of them where they are even.
"""

from carenet.areas.open_data.area_table import AreaLine, AreaTable, read_areas
from carenet.areas.open_data.cells import ClosingRule, closing_rule
from carenet.areas.open_data.offices import Office, OpenData, Refusal, Service, read
from carenet.areas.open_data.records import BrokenFile

__all__ = [
    "AreaLine",
    "AreaTable",
    "BrokenFile",
    "ClosingRule",
    "Office",
    "OpenData",
    "Refusal",
    "Service",
    "closing_rule",
    "read",
    "read_areas",
]
