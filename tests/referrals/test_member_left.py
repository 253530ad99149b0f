"""Referrals do not stay in the hands of somebody who has left, or who hands a case over."""

from __future__ import annotations

from carenet.agencies.actions import end_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership, User
from carenet.agencies.roles import Role
from carenet.cases.actions.handover import hand_over
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.referrals.models import Referral
from tests.factories import a_case, a_draft, a_member, a_sent_referral, an_agency, api


def leave(person: Actor) -> None:
    end_membership(actor=None, membership=Membership.objects.get(user=person.user))


def people(referral: Referral) -> tuple[User | None, User | None, User | None]:
    found = Referral.objects.get(pk=referral.pk)
    return found.sender_person, found.person_in_charge, found.addressee


def pair() -> tuple[Actor, Actor]:
    return a_member(an_agency()), a_member(an_agency())


def test_what_was_sent_falls_to_the_desk(db: None) -> None:  # noqa: ARG001
    sender, receiver = pair()
    sent = a_sent_referral(sender, receiver.agency)
    leave(sender)
    assert people(sent) == (None, None, None)


def test_so_does_what_was_accepted(db: None) -> None:  # noqa: ARG001
    sender, receiver = pair()
    sent = a_sent_referral(sender, receiver.agency)
    accept(actor=receiver, referral_id=sent.pk)
    leave(receiver)
    assert people(sent) == (sender.user, None, None)


def test_a_restricted_one_goes_to_a_manager(db: None) -> None:  # noqa: ARG001
    sender, receiver = pair()
    boss = a_member(receiver.agency, Role.MANAGER)
    case = a_case(sender, confidentiality="restricted")
    sent = a_sent_referral(sender, receiver.agency, case, addressee=receiver.user)
    address = f"/api/v1/referrals/{sent.pk}/"
    assert api(boss).get(address).status_code == 404
    leave(receiver)
    assert people(sent) == (sender.user, None, boss.user)
    assert api(boss).get(address).status_code == 200


def test_a_draft_for_somebody_who_left_needs_a_new_addressee(db: None) -> None:  # noqa: ARG001
    sender, receiver = pair()
    draft = a_draft(sender, receiver.agency, addressee=receiver.user)
    leave(receiver)
    assert people(draft)[2] is None


def test_a_successor_is_the_senders_person_from_then_on(db: None) -> None:  # noqa: ARG001
    sender, receiver = pair()
    manager, successor = a_member(sender.agency, Role.MANAGER), a_member(sender.agency)
    sent = a_sent_referral(sender, receiver.agency)
    hand_over(actor=manager, from_person=sender.user_id, to_person=successor.user, reason="異動")
    assert people(sent) == (successor.user, None, None)
