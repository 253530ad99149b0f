"""Every write to people on the register."""

from carenet.residents.actions.inquiring import decline, inquire, share
from carenet.residents.actions.looking_up import look_up
from carenet.residents.actions.merging import demand_unmerged, merge, unmerge
from carenet.residents.actions.registering import edit, register

__all__ = [
    "decline",
    "demand_unmerged",
    "edit",
    "inquire",
    "look_up",
    "merge",
    "register",
    "share",
    "unmerge",
]
