"""Referrals for each address of the contract: sent, received, and on detours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Model

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.core import clock
from carenet.oversight.models import Incident
from carenet.referrals.actions.acceptance_and_outcome import accept, complete, start
from carenet.referrals.actions.decline import confirm_decline, propose_decline
from carenet.referrals.actions.questions_and_pauses import ask, hold
from carenet.referrals.actions.voided_referrals import void
from carenet.referrals.actions.withdrawal import request_withdrawal
from carenet.referrals.models import DeclineCode, DeclinedBy, ReferralOutcome
from tests.factories import a_draft, a_member, a_sent_referral, an_agency, an_attachment
from tests.system.people import BASE


def referrals_by_address(actor: Actor, partner: Actor, case: Case) -> dict[str, Model]:
    """Return a referral for each of its addresses, sent or received."""
    draft = a_draft(actor, partner.agency, case)
    offered = a_sent_referral(partner, None, pool=[actor.agency, an_agency()])
    received = a_sent_referral(partner, actor.agency)
    at_work = a_sent_referral(partner, actor.agency)
    accept(actor=actor, referral_id=at_work.pk)
    refused = a_sent_referral(actor, partner.agency, case)
    propose_decline(
        actor=partner,
        referral_id=refused.pk,
        code=DeclineCode.NO_CAPACITY,
        declined_by=DeclinedBy.PROVIDER,
    )
    done = a_sent_referral(actor, partner.agency, case)
    accept(actor=partner, referral_id=done.pk)
    complete(
        actor=partner,
        referral_id=done.pk,
        outcome=ReferralOutcome.SERVICE_STARTED,
        report="通所",
    )
    one = f"{BASE}/referrals/{{id}}"
    return {
        one: draft,
        f"{one}/claim/": offered,
        f"{BASE}/referral-pool/{{id}}": offered,
        f"{BASE}/referrals/{{referral_id}}": draft,
        f"{BASE}/referrals/{{referral_id}}/attachments/{{id}}": an_attachment(actor, draft),
        **dict.fromkeys([f"{one}/receive/", f"{one}/accept/", f"{one}/propose-decline/"], received),
        **dict.fromkeys([f"{one}/start/", f"{one}/complete/", f"{one}/fail/"], at_work),
        **dict.fromkeys([f"{one}/confirm-decline/", f"{one}/contest-decline/"], refused),
        **dict.fromkeys([f"{one}/close/", f"{one}/reopen/"], done),
        f"{one}/deliver/": a_sent_referral(actor, an_agency(), case),
    }


def detours_by_address(actor: Actor, partner: Actor, case: Case) -> dict[str, Model]:
    """Return a referral for each address that does not lead straight on."""
    elsewhere = a_member(an_agency())
    why: Any = {"code": DeclineCode.NO_CAPACITY, "declined_by": DeclinedBy.PROVIDER}
    questioned, mistaken = (a_sent_referral(actor, partner.agency, case) for _ in "12")
    accept(actor=partner, referral_id=questioned.pk)
    ask(actor=partner, referral_id=questioned.pk, question="鍵は?")
    void(actor=actor, referral_id=mistaken.pk, reason="別人")
    declining, held, begun = (a_sent_referral(partner, actor.agency) for _ in "123")
    propose_decline(actor=actor, referral_id=declining.pk, **why)
    for each in (held, begun):
        accept(actor=actor, referral_id=each.pk)
    soon = clock.today() + timedelta(days=1)
    hold(actor=actor, referral_id=held.pk, reason="入院", review_on=soon)
    request_withdrawal(actor=partner, referral_id=held.pk, reason="辞退")
    declined = a_sent_referral(actor, elsewhere.agency, case)
    propose_decline(actor=elsewhere, referral_id=declined.pk, **why)
    confirm_decline(actor=actor, referral_id=declined.pk)
    own = a_sent_referral(actor, partner.agency, case)
    accept(actor=partner, referral_id=own.pk)
    start(actor=partner, referral_id=own.pk, first_contact_on=clock.today())
    sent = a_sent_referral(actor, partner.agency, case)
    one = f"{BASE}/referrals/{{id}}"
    return {
        f"{one}/answer/": questioned,
        f"{one}/retract-decline/": declining,
        **dict.fromkeys([f"{one}/ask/", f"{one}/hold/"], begun),
        **dict.fromkeys([f"{one}/resume/", f"{one}/agree-withdrawal/"], held),
        f"{one}/reroute/": declined,
        f"{one}/request-withdrawal/": own,
        **dict.fromkeys([f"{one}/withdraw/", f"{one}/void/"], sent),
        **dict.fromkeys([f"{BASE}/incidents/{{id}}", f"{BASE}/incidents/{{id}}/close/"],
                        Incident.objects.get(referral=mistaken)),
    }  # fmt: skip
