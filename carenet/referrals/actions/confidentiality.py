"""What happens to open referrals when their case is restricted, or opened again."""

from __future__ import annotations

from carenet.agencies.actors import Actor
from carenet.cases.actions.locks import name_members
from carenet.cases.models import Case
from carenet.referrals.actions.transitions import index
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN


def adapt_to_restriction(*, actor: Actor, case: Case) -> None:
    """Bring the lists up to date, and name those who hold the ball: it must not be dropped."""
    for referral in (
        Referral.objects.filter(case=case).order_by("pk").select_for_update(of=("self",))
    ):
        referral.case = case
        if case.restricted and referral.status in OPEN:
            name_members(case, actor.user, referral.sender_person, referral.person_in_charge)
        index(referral)
