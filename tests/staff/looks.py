"""The pages that are looked at: by axe, on every screen, and by people as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carenet.agencies.models import AgencyKind
from carenet.cases.models import Case
from carenet.referrals.models import Referral
from carenet.reminders.actions import work_once
from tests.world import a_case, a_member, a_sent_referral, an_agency

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

    def address(self) -> str:
        """Return where it is; the scene must stand."""
        return self.path.format(
            referral=getattr(Referral.objects.order_by("id").first(), "pk", ""),
            case=getattr(Case.objects.order_by("id").last(), "pk", ""),
        )


LOOKS = (
    Look("sign-in", "/sign-in/", signed_in=False),
    Look("today", "/desk/"),
    Look("consultation-new", "/desk/consultations/new/"),
    Look("referrals", "/desk/referrals/"),
    Look("referrals-filtered", "/desk/referrals/?box=outbox&turn=mine"),
    Look("referral", "/desk/referrals/{referral}/"),
    Look("referral-decline", "/desk/referrals/{referral}/propose-decline/"),
    Look("sheet", "/desk/referrals/{referral}/sheet/"),
    Look("answer", "/desk/answer/"),
    Look("cases", "/desk/cases/"),
    Look("case", "/desk/cases/{case}/"),
    Look("pack", "/desk/cases/{case}/pack/"),
    Look("account", "/account/"),
    Look("agency", "/account/agency/"),
    Look("password", "/account/password/"),
)


def a_scene() -> Actor:
    """Return somebody for whom a referral and a reminder wait."""
    core = an_agency(AgencyKind.CORE_CONSULTATION_CENTER)
    desk = a_member(core)
    referral = a_sent_referral(a_member(an_agency()), core)
    assert referral.due_at
    while work_once(now=referral.due_at):
        pass
    a_case(desk)
    return desk
