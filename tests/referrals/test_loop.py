"""The loop: what each verb needs, does and leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.core.errors import Conflict, Forbidden, Invalid, NotFound
from carenet.referrals.actions import acceptance_and_outcome, decline, drafts, loop_closure
from carenet.referrals.models import DeclineCode, DeclinedBy, NeedMet, Referral, ReferralOutcome
from carenet.referrals.policy import visible_to
from carenet.reminders.models import Reminder
from tests.factories import a_case, a_draft, a_member, a_resident, a_sent_referral, an_agency, api

pytestmark = pytest.mark.django_db


def accepted(sender: Actor, receiver: Actor, **fields: Any) -> Referral:
    sent = a_sent_referral(sender, receiver.agency, **fields)
    return acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)


def completed(sender: Actor, receiver: Actor, **fields: Any) -> Referral:
    referral = accepted(sender, receiver, **fields)
    return acceptance_and_outcome.complete(
        actor=receiver,
        referral_id=referral.pk,
        outcome=ReferralOutcome.ADVICE_GIVEN,
        report="助言した",
    )


# Drafting and sending


def test_nobody_but_the_sender_sees_a_draft(sender: Actor, receiver: Actor) -> None:
    draft = a_draft(sender, receiver.agency)
    assert visible_to(sender).filter(pk=draft.pk).exists()
    assert not visible_to(receiver).filter(pk=draft.pk).exists()


def test_a_discarded_draft_is_hidden_from_everybody(sender: Actor, receiver: Actor) -> None:
    draft = a_draft(sender, receiver.agency)
    drafts.discard(actor=sender, referral_id=draft.pk)
    assert not visible_to(sender).filter(pk=draft.pk).exists()


def test_sending_needs_a_lawful_basis(sender: Actor, receiver: Actor) -> None:
    draft = a_draft(sender, receiver.agency, sharing_basis="")
    with pytest.raises(Invalid) as refused:
        drafts.send(actor=sender, referral_id=draft.pk)
    assert "sharing_basis" in refused.value.fields


def test_an_ended_case_cannot_be_referred(sender: Actor, receiver: Actor) -> None:
    case = a_case(sender)
    api(sender).post(f"/api/v1/cases/{case.pk}/close/", {"reason": "moved_away"})
    with pytest.raises(Conflict):
        a_draft(sender, receiver.agency, case)


def test_an_answer_is_wanted_in_the_future(sender: Actor, receiver: Actor) -> None:
    draft = a_draft(sender, receiver.agency, answer_wanted_by=timezone.now())
    with pytest.raises(Invalid) as refused:
        drafts.send(actor=sender, referral_id=draft.pk)
    assert "answer_wanted_by" in refused.value.fields


def test_what_is_other_is_said_in_words(sender: Actor, receiver: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        a_draft(sender, receiver.agency, need="other")
    assert list(refusal.value.fields) == ["need_text"]
    assert a_draft(sender, receiver.agency, need="other", need_text="雪かき").need_text


def test_nobody_refers_to_their_own_agency(sender: Actor) -> None:
    with pytest.raises(Invalid):
        a_draft(sender, sender.agency)


def test_what_was_sent_is_frozen(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    with pytest.raises(Conflict):
        drafts.edit(actor=sender, referral_id=sent.pk, reason="別の理由")


def test_a_draft_can_still_be_changed(sender: Actor, receiver: Actor) -> None:
    draft = a_draft(sender, receiver.agency)
    assert drafts.edit(actor=sender, referral_id=draft.pk, reason="別の理由").reason == "別の理由"


def test_only_the_lead_sends_transfers(sender: Actor, receiver: Actor) -> None:
    case = a_case(sender)
    accepted(sender, receiver, case=case)
    third = an_agency()
    draft = a_draft(receiver, third, case, kind="TRANSFER_OF_LEAD")
    with pytest.raises(Forbidden):
        drafts.send(actor=receiver, referral_id=draft.pk)


def test_the_code_names_the_year_and_grants_nothing(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    assert sent.code == f"R-{timezone.localdate():%y}-{sent.number:06d}"
    stranger = api(a_member(an_agency()))
    assert stranger.get(f"/api/v1/referrals/{sent.code}/").status_code == 404


# Answering


def test_reading_does_not_count_as_receiving(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    assert api(receiver).get(f"/api/v1/referrals/{sent.pk}/").json()["received_at"] is None


def test_receiving_stamps_the_time_for_the_sender(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.receive(actor=receiver, referral_id=sent.pk)
    assert api(sender).get(f"/api/v1/referrals/{sent.pk}/").json()["received_at"]


def test_accepting_lets_the_receiver_into_the_case(sender: Actor, receiver: Actor) -> None:
    case = a_case(sender)
    sent = a_sent_referral(sender, receiver.agency, case)
    assert api(receiver).get(f"/api/v1/cases/{case.pk}/").status_code == 404
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    assert api(receiver).get(f"/api/v1/cases/{case.pk}/").status_code == 200


def test_the_person_in_charge_is_a_caseworker_of_the_receiver(
    sender: Actor, receiver: Actor
) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    watcher = a_member(receiver.agency, Role.WATCHER)
    for person in (sender.user, watcher.user):
        with pytest.raises(Invalid):
            acceptance_and_outcome.accept(
                actor=receiver, referral_id=sent.pk, person_in_charge=person
            )


def test_a_first_contact_has_taken_place(sender: Actor, receiver: Actor) -> None:
    referral = accepted(sender, receiver)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Invalid):
        acceptance_and_outcome.start(
            actor=receiver, referral_id=referral.pk, first_contact_on=tomorrow
        )


def test_declining_for_another_reason_needs_words(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    with pytest.raises(Invalid):
        decline.propose_decline(
            actor=receiver,
            referral_id=sent.pk,
            code=DeclineCode.OTHER,
            declined_by=DeclinedBy.PROVIDER,
        )


def test_a_decline_is_confirmed_by_the_sender(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    decline.propose_decline(
        actor=receiver,
        referral_id=sent.pk,
        code=DeclineCode.NO_CAPACITY,
        declined_by=DeclinedBy.PROVIDER,
    )
    with pytest.raises(Forbidden):
        decline.confirm_decline(actor=receiver, referral_id=sent.pk)
    assert decline.confirm_decline(actor=sender, referral_id=sent.pk).status == "declined"


# Closing


def test_the_receiver_never_closes_alone(sender: Actor, receiver: Actor) -> None:
    referral = completed(sender, receiver)
    with pytest.raises(Forbidden):
        loop_closure.close(actor=receiver, referral_id=referral.pk, need_met=NeedMet.YES)


def test_closing_with_an_unmet_need_says_what_is_missing(sender: Actor, receiver: Actor) -> None:
    referral = completed(sender, receiver)
    with pytest.raises(Invalid):
        loop_closure.close(actor=sender, referral_id=referral.pk, need_met=NeedMet.PARTLY)


def test_the_coordinator_of_the_ward_may_close(sender: Actor, receiver: Actor) -> None:
    coordinator = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)
    referral = completed(sender, receiver)
    closed = loop_closure.close(actor=coordinator, referral_id=referral.pk, need_met=NeedMet.YES)
    assert closed.status == "closed"


def test_a_ward_office_that_received_does_not_close_as_coordinator(sender: Actor) -> None:
    ward = an_agency(AgencyKind.WARD_OFFICE)
    officer = a_member(ward, Role.STAFF, Role.COORDINATOR)
    referral = completed(sender, officer)
    with pytest.raises(Forbidden):
        loop_closure.close(actor=officer, referral_id=referral.pk, need_met=NeedMet.YES)


def test_the_receiver_loses_sight_of_case_and_referral_after_the_end(
    sender: Actor, receiver: Actor, settings: Any
) -> None:
    settings.REFERRAL_VISIBLE_DAYS_AFTER_END = 0
    referral = completed(sender, receiver)
    assert api(receiver).get(f"/api/v1/referrals/{referral.pk}/").status_code == 404
    assert api(receiver).get(f"/api/v1/cases/{referral.case_id}/").status_code == 404


def test_the_sender_keeps_sight_until_it_has_closed_the_loop(
    sender: Actor, receiver: Actor, settings: Any
) -> None:
    settings.REFERRAL_VISIBLE_DAYS_AFTER_END = 0
    referral = completed(sender, receiver)
    assert api(sender).get(f"/api/v1/referrals/{referral.pk}/").status_code == 200
    loop_closure.close(actor=sender, referral_id=referral.pk, need_met=NeedMet.YES)
    assert api(sender).get(f"/api/v1/referrals/{referral.pk}/").status_code == 404


# What stays behind


def test_each_transition_leaves_one_event(sender: Actor, receiver: Actor) -> None:
    referral = completed(sender, receiver)
    loop_closure.close(actor=sender, referral_id=referral.pk, need_met=NeedMet.YES)
    verbs = list(referral.events.order_by("id").values_list("verb", flat=True))
    assert verbs == ["send", "accept", "complete", "close"]


def test_a_refused_verb_changes_nothing(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    with pytest.raises(Conflict):
        loop_closure.close(actor=sender, referral_id=sent.pk, need_met=NeedMet.YES)
    after = Referral.objects.get(pk=sent.pk)
    assert (after.status, after.version, after.events.count()) == ("sent", sent.version, 1)


def test_an_outsider_finds_nothing_to_act_on(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    with pytest.raises(NotFound):
        acceptance_and_outcome.accept(actor=a_member(an_agency()), referral_id=sent.pk)


def test_the_receiver_sees_the_person_but_not_a_protected_address(
    sender: Actor, receiver: Actor
) -> None:
    resident = a_resident(sender, address="大豆戸町1", address_protected=True)
    a_sent_referral(sender, receiver.agency, a_case(sender, resident))
    shown = api(receiver).get(f"/api/v1/residents/{resident.pk}/").json()
    assert (shown["family_name"], shown["address"], shown["address_hidden"]) == ("髙橋", None, True)


def test_an_address_that_is_disclosed_is_seen_from_acceptance_on(
    sender: Actor, receiver: Actor
) -> None:
    resident = a_resident(sender, address="大豆戸町1", address_protected=True)
    accepted(sender, receiver, case=a_case(sender, resident), discloses_address=True)
    assert api(receiver).get(f"/api/v1/residents/{resident.pk}/").json()["address"] == "大豆戸町1"


# Chasing


def test_a_sent_referral_is_chased_at_the_receivers_desk(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    reminder = Reminder.objects.get(kind="referral.unanswered", subject_id=sent.pk)
    assert (reminder.agency, reminder.settled_at) == (receiver.agency, None)


def test_an_accepted_referral_is_not_chased(sender: Actor, receiver: Actor) -> None:
    referral = accepted(sender, receiver)
    reminder = Reminder.objects.get(kind="referral.unanswered", subject_id=referral.pk)
    assert reminder.settled_because == "accepted"


def test_receiving_alone_is_no_answer(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.receive(actor=receiver, referral_id=sent.pk)
    assert Reminder.objects.get(subject_id=sent.pk).settled_at is None


def test_the_sender_may_want_the_answer_earlier(sender: Actor, receiver: Actor) -> None:
    soon = timezone.now() + timedelta(minutes=10)
    sent = a_sent_referral(sender, receiver.agency, answer_wanted_by=soon)
    assert Reminder.objects.get(subject_id=sent.pk).due_at == soon
