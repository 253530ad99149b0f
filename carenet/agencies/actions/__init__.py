"""Every write to agencies, their members, calendars and clients.

`actor=None` is the operator of the service at the command line.
"""

from carenet.agencies.actions.areas import (
    AreaReport,
    assign_area,
    end_area,
    import_area_table,
)
from carenet.agencies.actions.calendar import (
    add_calendar_exception,
    remove_calendar_exception,
    set_calendar,
)
from carenet.agencies.actions.clients import create_client
from carenet.agencies.actions.directory import create_agency, designate, register_operator
from carenet.agencies.actions.importing import ImportReport, Outcome, import_offices
from carenet.agencies.actions.members import (
    add_member,
    change_roles,
    create_account,
    end_membership,
)

__all__ = [
    "AreaReport",
    "ImportReport",
    "Outcome",
    "add_calendar_exception",
    "add_member",
    "assign_area",
    "change_roles",
    "create_account",
    "create_agency",
    "create_client",
    "designate",
    "end_area",
    "end_membership",
    "import_area_table",
    "import_offices",
    "register_operator",
    "remove_calendar_exception",
    "set_calendar",
]
