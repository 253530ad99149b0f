"""A referral entered in error: the receiver sees nothing of it any more, at once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.cases.actions.cases import move
from carenet.cases.models import Case, EndReason
from carenet.cases.states import CaseVerb
from carenet.referrals.actions import acceptance_and_outcome, voided_referrals
from carenet.referrals.models import Referral
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry, Reminder
from tests.factories import a_case, a_draft, a_member, a_sent_referral, a_system, an_agency, api

pytestmark = pytest.mark.django_db


def void(actor: Actor, referral: Referral) -> Referral:
    return voided_referrals.void(actor=actor, referral_id=referral.pk, reason="別人の記録")


def test_the_receivers_view_and_share_end_at_once(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    assert void(sender, sent).status == "void"
    for address in (
        f"referrals/{sent.pk}",
        f"cases/{sent.case_id}",
        f"residents/{sent.resident_id}",
    ):
        assert api(receiver).get(f"/api/v1/{address}/").status_code == 404
    assert api(sender).get(f"/api/v1/referrals/{sent.pk}/").status_code == 200


def test_a_lead_that_had_moved_returns(sender: Actor, receiver: Actor) -> None:
    case = a_case(sender)
    sent = a_sent_referral(sender, receiver.agency, case, kind="TRANSFER_OF_LEAD")
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    void(sender, sent)
    assert Case.objects.get(pk=case.pk).lead_agency == sender.agency
    assert api(receiver).get(f"/api/v1/cases/{case.pk}/").status_code == 404


def test_what_the_receiver_made_of_it_passes_to_the_sender(sender: Actor, receiver: Actor) -> None:
    third = a_member(an_agency(AgencyKind.LIFE_SUPPORT_CENTER))
    whole = a_sent_referral(sender, receiver.agency)
    whole = acceptance_and_outcome.accept(actor=receiver, referral_id=whole.pk)
    part = a_sent_referral(receiver, third.agency, whole.case, part_of=whole)
    draft = a_draft(receiver, third.agency, whole.case, part_of=whole)
    void(sender, whole)
    part.refresh_from_db()
    draft.refresh_from_db()
    assert (part.sender, draft.status) == (sender.agency, "discarded")
    assert api(receiver).get(f"/api/v1/residents/{whole.resident_id}/").status_code == 404


def test_a_system_never_voids(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    answer = a_system(sender.agency).post(
        f"/api/v1/referrals/{sent.pk}/void/", {"reason": "別人"}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")


# A case that ends takes its referrals along; both sides are told.


@pytest.mark.django_db(transaction=True)
def test_both_sides_are_told_of_a_settled_referral(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    move(actor=sender, case_id=sent.case_id, verb=CaseVerb.CLOSE, reason=EndReason.DIED)
    while work_once(now=timezone.now()):
        pass
    entries = InboxEntry.objects.filter(reminder__kind="referral.settled", user__isnull=False)
    assert {entry.user for entry in entries} == {sender.user, receiver.user}
    assert (
        Reminder.objects.filter(subject_id=sent.pk, kind="referral.unanswered")
        .latest("id")
        .settled_at
    )
