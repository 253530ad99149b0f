"""What a handover pack says of referrals."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carenet.access.actor_queries import ActorQuery, Rows
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases.models import Case
from carenet.cases.registry import PackLine
from carenet.referrals.models import Need, Referral
from carenet.referrals.policy import visible_to
from carenet.referrals.states import OPEN, ReferralStatus


def _open(actor: Actor, *, case: UUID) -> QuerySet[Referral]:
    waiting = [status.value for status in OPEN]
    found = visible_to(actor).filter(case=case, status__in=waiting)
    return found.select_related("sender", "receiver").order_by("pk")


_OPEN = ActorQuery(_open, "case")


class OpenReferrals:
    """The open referrals of a case in its handover pack, as far as the reader has a part in them."""

    name = "referrals"
    title = _("Open referrals")

    def rows(self, *, actor: Actor, case: Case) -> Rows[Referral]:
        return _OPEN(actor, case=case.pk)

    def line(self, referral: Referral) -> PackLine:
        log_read("referral", referral.pk)
        due = timezone.localdate(referral.due_at) if referral.due_at else None
        need, status = Need(referral.need).label, ReferralStatus(referral.status).label
        to = referral.receiver.name if referral.receiver else _("an open pool")
        between = f"{referral.sender.name} → {to}"
        text = f"[{status}] {referral.code} {between}: {need}"
        return PackLine(text, on=due, kind="referral", id=referral.pk)
