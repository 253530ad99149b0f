"""What of cases a member may have in hand, and where it falls when they leave."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from carenet.agencies.registry import HeldKind
from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.cases.actions.held_work import pass_cases_on, pass_tasks_on
from carenet.cases.selectors.held_work import cases_held, goals_held, tasks_held

HELD_KINDS = (
    HeldKind(
        name="cases",
        label=_("open cases"),
        otherwise=_(
            "nobody is in charge of them until you say who; of a restricted one you are named"
        ),
        found=cases_held,
        pass_on=pass_cases_on,
        roles=frozenset({Role.STAFF}),
    ),
    HeldKind(
        name="tasks",
        label=_("open tasks"),
        otherwise=_("they wait for the whole agency"),
        found=tasks_held,
        pass_on=pass_tasks_on,
        roles=CASEWORK_ROLES,
    ),
    HeldKind(
        name="goals",
        label=_("open goals of plans"),
        otherwise=_(
            "they go with their case; in the cases of others they wait for the whole agency"
        ),
        found=goals_held,
    ),
)
