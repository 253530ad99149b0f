"""Every write to agencies, their members and calendars.

`actor=None` is the operator of the service at the command line.
"""

from carenet.agencies.actions.absences import end_absence, record_absence
from carenet.agencies.actions.acting_agency import choose_agency
from carenet.agencies.actions.calendar import (
    add_calendar_exception,
    remove_calendar_exception,
    set_calendar,
)
from carenet.agencies.actions.capacity import publish_capacity
from carenet.agencies.actions.chasing_rules import (
    add_chasing_rule,
    change_chasing_rule,
    remove_chasing_rule,
)
from carenet.agencies.actions.closures import (
    confirm_closure,
    propose_closure,
    withdraw_closure,
)
from carenet.agencies.actions.directory import create_agency, designate, register_operator
from carenet.agencies.actions.held_work import hand_on_work
from carenet.agencies.actions.invitations import (
    accept_invitation,
    agree_to_auditor,
    decline_invitation,
    invite,
    withdraw_invitation,
)
from carenet.agencies.actions.locks import lock_membership
from carenet.agencies.actions.members import (
    add_member,
    change_roles,
    end_membership,
)
from carenet.agencies.actions.notification_settings import choose_notifications, set_settings
from carenet.agencies.actions.operator_changes import (
    confirm_kept,
    plan_operator_change,
    withdraw_operator_change,
)

__all__ = [
    "accept_invitation",
    "add_calendar_exception",
    "add_chasing_rule",
    "add_member",
    "agree_to_auditor",
    "change_chasing_rule",
    "change_roles",
    "choose_agency",
    "choose_notifications",
    "confirm_closure",
    "confirm_kept",
    "create_agency",
    "decline_invitation",
    "designate",
    "end_absence",
    "end_membership",
    "hand_on_work",
    "invite",
    "lock_membership",
    "plan_operator_change",
    "propose_closure",
    "publish_capacity",
    "record_absence",
    "register_operator",
    "remove_calendar_exception",
    "remove_chasing_rule",
    "set_calendar",
    "set_settings",
    "withdraw_closure",
    "withdraw_invitation",
    "withdraw_operator_change",
]
