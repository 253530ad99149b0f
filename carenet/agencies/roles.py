"""Who may do what by role alone: the first half of every permission.

The second half, on which objects, stands in each room's `policy.py`. `docs/permissions.md` shows
this table to people, and a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member does in an agency; `integration` is the role of its API clients."""

    STAFF = "staff", _("staff")
    MANAGER = "manager", _("manager")
    COORDINATOR = "coordinator", _("coordinator")
    WATCHER = "watcher", _("watcher")
    AUDITOR = "auditor", _("auditor")
    INTEGRATION = "integration", _("integration")


#: Roles that a person can be given; `integration` belongs to API clients alone.
HUMAN_ROLES = frozenset(Role) - {Role.INTEGRATION}
#: Members in these roles stand in the group that receives case grants; watchers and auditors never.
CASEWORK_ROLES = frozenset({Role.STAFF, Role.MANAGER})
#: Whoever may look in on somebody.
LOOKING_IN_ROLES = CASEWORK_ROLES | {Role.COORDINATOR, Role.WATCHER}


class Scope(models.TextChoices):
    """What an API client may be let into (OAuth 2.0 scopes)."""

    RESIDENTS_READ = "residents:read", _("read residents")
    RESIDENTS_WRITE = "residents:write", _("write residents")
    CONSULTATIONS_READ = "consultations:read", _("read consultations")
    CONSULTATIONS_WRITE = "consultations:write", _("write consultations")
    CASES_READ = "cases:read", _("read cases")
    CASES_WRITE = "cases:write", _("write cases")
    REFERRALS_READ = "referrals:read", _("read referrals")
    REFERRALS_WRITE = "referrals:write", _("write referrals")
    WATCHOVER_READ = "watchover:read", _("read watch-over")
    WATCHOVER_WRITE = "watchover:write", _("write watch-over")
    REMINDERS_READ = "reminders:read", _("read reminders")
    REMINDERS_WRITE = "reminders:write", _("write reminders")
    AGENCIES_READ = "agencies:read", _("read agencies")
    AGENCIES_WRITE = "agencies:write", _("write agencies")


@dataclass(frozen=True, slots=True)
class Ability:
    """One row of the table: the roles that may, and the scope a client needs besides.

    `by_itself`: a machine does this without anybody behind it. Any other write of a client names the
    person who answers for it.
    """

    roles: frozenset[Role]
    scope: Scope | None = None
    by_itself: bool = False


def _for(*roles: Role, scope: Scope | None = None, by_itself: bool = False) -> Ability:
    return Ability(frozenset(roles), scope, by_itself)


_S, _M, _C = Role.STAFF, Role.MANAGER, Role.COORDINATOR
_W, _A, _I = Role.WATCHER, Role.AUDITOR, Role.INTEGRATION

ABILITIES: dict[str, Ability] = {
    "agencies.view": _for(_S, _M, _C, _W, _A, _I, scope=Scope.AGENCIES_READ),
    "agencies.view_members": _for(_S, _M, _C, _A, _I, scope=Scope.AGENCIES_READ),
    "agencies.manage_members": _for(_M),
    "agencies.manage_calendar": _for(_M),
    "agencies.record_absence": _for(_S, _M, _C, _W),
    "agencies.manage_chasing": _for(_M),
    "agencies.view_settings": _for(_S, _M, _C, _W, _A, _I, scope=Scope.AGENCIES_READ),
    "agencies.manage_settings": _for(_M),
    "agencies.publish_capacity": _for(_M),
    "agencies.close": _for(_M, _C),
    "residents.view": _for(_S, _M, _C, _I, scope=Scope.RESIDENTS_READ),
    "residents.register": _for(_S, _I, scope=Scope.RESIDENTS_WRITE),
    "residents.edit": _for(_S, _I, scope=Scope.RESIDENTS_WRITE),
    "residents.view_details": _for(_S, _M, _I, scope=Scope.RESIDENTS_READ),
    "residents.record_consent": _for(_S, _I, scope=Scope.RESIDENTS_WRITE),
    "residents.end": _for(_S, _M),
    "residents.inquire": _for(_S, _M),
    "residents.answer_inquiry": _for(_S, _M),
    "residents.merge": _for(_S),
    "consultations.view": _for(_S, _M, _I, scope=Scope.CONSULTATIONS_READ),
    "consultations.record": _for(_S, _I, scope=Scope.CONSULTATIONS_WRITE),
    "consultations.triage": _for(_S, _I, scope=Scope.CONSULTATIONS_WRITE),
    "cases.view": _for(_S, _M, _I, scope=Scope.CASES_READ),
    "cases.open": _for(_S, _I, scope=Scope.CASES_WRITE),
    "cases.edit": _for(_S, _I, scope=Scope.CASES_WRITE),
    "cases.write_note": _for(_S, _I, scope=Scope.CASES_WRITE),
    "cases.change_state": _for(_S, _I, scope=Scope.CASES_WRITE),
    "cases.reassign": _for(_S, _M),
    "cases.restrict": _for(_S, _M),
    "cases.share": _for(_S, _M),
    "cases.assess": _for(_S, _I, scope=Scope.CASES_WRITE),
    "cases.plan": _for(_S, _I, scope=Scope.CASES_WRITE),
    "cases.hand_over": _for(_M),
    "tasks.view": _for(_S, _M, _I, scope=Scope.CASES_READ),
    "tasks.give": _for(_S, _M, _I, scope=Scope.CASES_WRITE),
    "tasks.work": _for(_S, _M, _I, scope=Scope.CASES_WRITE),
    "abuse.view": _for(_S, _M, _C),
    "abuse.report": _for(_S),
    "abuse.record": _for(_S, _M),
    "abuse.decide": _for(_M, _C),
    "abuse.confirm": _for(_S, _M, _C),
    "abuse.reporter": _for(_S, _M, _C),
    "deadlines.view": _for(_S, _M, _C, _W, _A, _I, scope=Scope.AGENCIES_READ),
    "deadlines.manage": _for(_M),
    "other_desks.view": _for(_S, _M, _C, _W, _A, _I, scope=Scope.AGENCIES_READ),
    "other_desks.manage": _for(_M),
    "referrals.view": _for(_S, _M, _C, _I, scope=Scope.REFERRALS_READ),
    "referrals.draft": _for(_S, _I, scope=Scope.REFERRALS_WRITE),
    "referrals.attach": _for(_S, _I, scope=Scope.REFERRALS_WRITE),
    "referrals.send": _for(_S, _I, scope=Scope.REFERRALS_WRITE),
    "referrals.receive": _for(_S, _I, scope=Scope.REFERRALS_WRITE, by_itself=True),
    "referrals.answer": _for(_S, _I, scope=Scope.REFERRALS_WRITE),
    "referrals.settle_up": _for(_S, _C, _I, scope=Scope.REFERRALS_WRITE),
    "referrals.void": _for(_S, _C),
    "referrals.review": _for(_M, _C),
    "watch.view": _for(_S, _M, _C, _W, _I, scope=Scope.WATCHOVER_READ),
    "watch.assign": _for(_S, _M, _C, _I, scope=Scope.WATCHOVER_WRITE),
    "watch.check_in": _for(_S, _M, _C, _W, _I, scope=Scope.WATCHOVER_WRITE),
    "watch.pause": _for(_S, _M, _C, _W, _I, scope=Scope.WATCHOVER_WRITE),
    "watch.respond": _for(_S, _M, _C, _W, _I, scope=Scope.WATCHOVER_WRITE),
    "watch.resolve": _for(_S, _M, _C, _I, scope=Scope.WATCHOVER_WRITE),
    "watch.escalate": _for(_M, _C),
    "watch.signal": _for(_I, scope=Scope.WATCHOVER_WRITE, by_itself=True),
    "concerns.report": _for(_S, _M, _C, _W, _I, scope=Scope.WATCHOVER_WRITE),
    "concerns.view": _for(_S, _M, _C),
    "concerns.triage": _for(_S, _M, _C),
    "lists.view": _for(_S, _M, _C, _W),
    "lists.import": _for(_S, _M, _C),
    "lists.work": _for(_S, _M, _C, _W),
    "watch.count": _for(_M, _C, _A),
    "watch.review": _for(_M, _C),
    "watch.report": _for(_S, _M, _C, _W),
    "reminders.view": _for(_S, _M, _C, _W, _A, _I, scope=Scope.REMINDERS_READ),
    "reminders.note_read": _for(
        _S, _M, _C, _W, _A, _I, scope=Scope.REMINDERS_WRITE, by_itself=True
    ),
    "reminders.respond": _for(_S, _M, _C, _W, _A, _I, scope=Scope.REMINDERS_WRITE),
    "jobs.view": _for(_S, _M, _C, _A),
    "jobs.run": _for(_S, _M, _C, _A),
    "jobs.release": _for(_M, _A),
    "audit.view": _for(_A),
    "audit.disclose": _for(_A),
    "incidents.view": _for(_A),
    "incidents.close": _for(_A),
}
