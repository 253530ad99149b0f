"""The pages that are looked at: by axe, on every screen, and by people as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import time_machine
from django.utils import timezone

from carenet.agencies.models import AgencyKind
from carenet.reminders.actions import work_once
from tests.staff.pocket import visits_of
from tests.world import a_member, a_sent_referral, an_agency

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor


@dataclass(frozen=True)
class Look:
    """One page, as it is looked at."""

    name: str
    path: str
    signed_in: bool = True

    def __str__(self) -> str:
        return self.name


LOOKS = (
    Look("sign-in", "/sign-in/", signed_in=False),
    Look("today", "/desk/"),
    Look("account", "/account/"),
    Look("agency", "/account/agency/"),
    Look("password", "/account/password/"),
    Look("pocket", "/pocket/"),
    Look("devices", "/desk/devices/"),
    Look("report", "/pocket/report/"),
    Look("pocket-offline", "/pocket/offline/", signed_in=False),
)


def a_scene() -> Actor:
    """Return somebody for whom a referral and a reminder wait."""
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        core = an_agency(AgencyKind.CORE_CONSULTATION_CENTER)
        desk = a_member(core)
    referral = a_sent_referral(a_member(an_agency()), core)
    assert referral.due_at
    while work_once(now=referral.due_at):
        pass
    visits_of(desk)
    return desk
