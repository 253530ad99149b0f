"""Sending on what came to nothing, reopening what ended too early, and parts of a referral."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.actions.cases import move
from carenet.cases.models import Case, EndReason
from carenet.cases.policy import can_write_note
from carenet.cases.states import CaseVerb
from carenet.core.errors import Conflict, Invalid
from carenet.referrals.actions import (
    acceptance_and_outcome,
    drafts,
    loop_closure,
    onward_referral,
    reopened_referrals,
    withdrawal,
)
from carenet.referrals.models import NeedMet, Referral, ReferralOutcome
from carenet.reminders.models import Reminder
from tests.factories import a_case, a_draft, a_member, a_sent_referral, an_agency, api
from tests.referrals.sweeps import open_chases

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)


@pytest.fixture
def failed(ward: Actor, sender: Actor, receiver: Actor) -> Referral:  # noqa: ARG001 - ordering
    sent = a_sent_referral(sender, receiver.agency, summary="独居", part_of=None)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    return acceptance_and_outcome.fail(actor=receiver, referral_id=sent.pk, reason="連絡が取れない")


@pytest.fixture
def third(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency(AgencyKind.LIFE_SUPPORT_CENTER))


def reroute(actor: Actor, referral: Referral, to: Actor) -> Referral:
    onward_referral.reroute(actor=actor, referral_id=referral.pk, receiver=to.agency)
    return Referral.objects.get(replaces=referral)


def story(actor: Actor, referral: Referral) -> list[str]:
    rows = api(actor).get(f"/api/v1/referrals/{referral.pk}/events/").json()["results"]
    return [row["verb"] for row in rows]


# Rerouting


def test_rerouting_closes_and_drafts_anew(sender: Actor, third: Actor, failed: Referral) -> None:
    draft = reroute(sender, failed, third)
    failed.refresh_from_db()
    assert (failed.status, failed.closed_as) == ("closed", "rerouted")
    assert (draft.status, draft.receiver, draft.summary) == ("draft", third.agency, "独居")


def test_what_was_decided_for_one_receiver_is_decided_anew(
    sender: Actor, third: Actor, failed: Referral
) -> None:
    draft = reroute(sender, failed, third)
    assert (draft.sharing_basis, draft.discloses_address, draft.addressee) == ("", False, None)


def test_the_new_one_inherits_the_history_and_its_receiver_does_not(
    sender: Actor, third: Actor, failed: Referral
) -> None:
    draft = reroute(sender, failed, third)
    drafts.edit(actor=sender, referral_id=draft.pk, sharing_basis="WITHIN_PURPOSE")
    drafts.send(actor=sender, referral_id=draft.pk)
    assert story(sender, draft) == ["send", "reroute", "fail", "accept", "send"]
    assert story(third, draft) == ["send"]


def test_a_draft_of_the_coordinators_is_the_senders(
    ward: Actor, sender: Actor, third: Actor, failed: Referral
) -> None:
    draft = reroute(ward, failed, third)
    assert (draft.sender, draft.sender_person) == (sender.agency, sender.user)
    assert api(ward).get(f"/api/v1/referrals/{draft.pk}/").status_code == 404
    assert open_chases(draft) == {"referral.rerouted"}
    assert draft.due_at
    assert draft.due_at <= timezone.now()
    drafts.discard(actor=sender, referral_id=draft.pk)
    assert not open_chases(draft)


def test_what_the_sender_reroutes_must_not_rest_unsent(
    sender: Actor, third: Actor, failed: Referral
) -> None:
    draft = reroute(sender, failed, third)
    assert open_chases(draft) == {"referral.rerouted"}
    assert draft.due_at
    assert draft.due_at > timezone.now()


def test_a_first_draft_chases_nobody(sender: Actor, receiver: Actor) -> None:
    draft = drafts.draft(
        actor=sender, case_id=a_case(sender).pk, receiver=receiver.agency,
        kind="CO_SUPPORT", need="care",
    )  # fmt: skip
    assert not open_chases(draft)


def test_it_goes_elsewhere(sender: Actor, receiver: Actor, failed: Referral) -> None:
    for agency in (receiver.agency, sender.agency):
        with pytest.raises(Invalid):
            onward_referral.reroute(actor=sender, referral_id=failed.pk, receiver=agency)
    failed.refresh_from_db()
    assert failed.status == "failed"


# Reopening


def completed(sender: Actor, receiver: Actor, **fields: Any) -> Referral:
    sent = a_sent_referral(sender, receiver.agency, **fields)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    done: Any = {"outcome": ReferralOutcome.ADVICE_GIVEN, "report": "助言した"}
    return acceptance_and_outcome.complete(actor=receiver, referral_id=sent.pk, **done)


def reopen(actor: Actor, referral: Referral) -> Referral:
    return reopened_referrals.reopen(actor=actor, referral_id=referral.pk, reason="再発")


def test_work_goes_on_with_the_shares_back(sender: Actor, receiver: Actor) -> None:
    done = completed(sender, receiver)
    again = reopen(sender, done)
    assert (again.status, again.r_until, again.report) == ("in_progress", None, "")
    with time_machine.travel(timezone.now() + timedelta(days=364)):
        assert can_write_note(receiver, Case.objects.get(pk=done.case_id))


def test_a_failed_transfer_takes_the_lead_again(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency, kind="TRANSFER_OF_LEAD")
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    acceptance_and_outcome.fail(actor=receiver, referral_id=sent.pk, reason="連絡が取れない")
    reopen(sender, sent)
    assert Case.objects.get(pk=sent.case_id).lead_agency == receiver.agency


def test_after_closing_the_receiver_accepts_anew(sender: Actor, receiver: Actor) -> None:
    done = completed(sender, receiver)
    loop_closure.close(actor=sender, referral_id=done.pk, need_met=NeedMet.YES)
    again = reopen(sender, done)
    assert (again.status, again.accepted_at, again.closed_as) == ("sent", None, "")
    assert Reminder.objects.filter(subject_id=done.pk, settled_at=None).exists()
    accepted = acceptance_and_outcome.accept(actor=receiver, referral_id=done.pk)
    assert accepted.status == "accepted"


def test_a_closed_transfer_whose_lead_is_still_there_is_taken_up(
    sender: Actor, receiver: Actor
) -> None:
    done = completed(sender, receiver, kind="TRANSFER_OF_LEAD")
    loop_closure.close(actor=sender, referral_id=done.pk, need_met=NeedMet.YES)
    reopen(sender, done)
    withdrawal.withdraw(actor=sender, referral_id=done.pk, reason="戻す")
    assert Case.objects.get(pk=done.case_id).lead_agency == sender.agency


def test_a_lead_that_went_on_elsewhere_is_not_called_back(
    sender: Actor, receiver: Actor, third: Actor
) -> None:
    done = completed(sender, receiver, kind="TRANSFER_OF_LEAD")
    onward = a_sent_referral(receiver, third.agency, done.case, kind="TRANSFER_OF_LEAD")
    acceptance_and_outcome.accept(actor=third, referral_id=onward.pk)
    with pytest.raises(Conflict):
        reopen(sender, done)


def test_there_is_a_window(sender: Actor, receiver: Actor) -> None:
    done = completed(sender, receiver)
    with time_machine.travel(timezone.now() + timedelta(days=31)), pytest.raises(Conflict):
        reopen(sender, done)


def test_the_case_must_be_open(ward: Actor, sender: Actor, receiver: Actor) -> None:
    done = completed(sender, receiver)
    loop_closure.close(actor=sender, referral_id=done.pk, need_met=NeedMet.YES)
    over: Any = {"verb": CaseVerb.CLOSE, "reason": EndReason.OTHER}
    move(actor=sender, case_id=done.case_id, **over)
    with pytest.raises(Conflict):
        reopen(ward, done)


# Parts


def test_a_part_is_shown_with_its_whole(sender: Actor, receiver: Actor, third: Actor) -> None:
    whole = a_sent_referral(sender, receiver.agency)
    whole = acceptance_and_outcome.accept(actor=receiver, referral_id=whole.pk)
    part = a_sent_referral(receiver, third.agency, whole.case, part_of=whole)
    shown = api(sender).get(f"/api/v1/referrals/{whole.pk}/").json()["parts"]
    assert [(each["code"], each["status"]) for each in shown] == [(part.code, "sent")]
    theirs = api(third).get(f"/api/v1/referrals/{part.pk}/").json()
    assert theirs["part_of"] == {"id": str(whole.pk), "code": whole.code}


def test_a_part_that_is_not_sent_is_nobody_elses_business(
    sender: Actor, receiver: Actor, third: Actor
) -> None:
    whole = a_sent_referral(sender, receiver.agency)
    whole = acceptance_and_outcome.accept(actor=receiver, referral_id=whole.pk)
    a_draft(receiver, third.agency, whole.case, part_of=whole)
    assert api(sender).get(f"/api/v1/referrals/{whole.pk}/").json()["parts"] == []


def test_a_part_belongs_to_what_one_has_accepted_in_the_same_case(
    sender: Actor, receiver: Actor, third: Actor
) -> None:
    whole = a_sent_referral(sender, receiver.agency)
    for case in (whole.case, a_case(sender)):
        with pytest.raises(Invalid) as refused:
            a_draft(sender, third.agency, case, part_of=whole)
        assert "part_of" in refused.value.fields
