"""A hundred people accept at once: one wins, the others are told, and it has happened once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from carenet.agencies.models import AgencyKind
from carenet.cases.models import CaseShare
from carenet.referrals.models import Referral, ReferralEvent
from tests.factories import a_member, a_sent_referral, an_agency, api

PARALLEL = 100


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_parallel_accepts_one_wins() -> None:
    receiver = a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))
    sent = a_sent_referral(a_member(an_agency()), receiver.agency)
    clients = [api(receiver) for _ in range(PARALLEL)]
    together = Barrier(PARALLEL)

    def accept(number: int) -> int:
        together.wait()
        try:
            return clients[number].post(f"/api/v1/referrals/{sent.pk}/accept/", {}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = Counter(pool.map(accept, range(PARALLEL)))

    assert answers == {200: 1, 409: PARALLEL - 1}
    assert ReferralEvent.objects.filter(referral=sent.pk, verb="accept").count() == 1
    assert Referral.objects.get(pk=sent.pk).version == sent.version + 1


@pytest.mark.django_db(transaction=True)
def test_accepted_or_taken_back_but_not_both() -> None:
    receiver, sender = (
        a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER)),
        a_member(an_agency()),
    )
    sent = a_sent_referral(sender, receiver.agency)
    asked = [
        (api(actor), verb, body)
        for actor, verb, body in (
            (receiver, "accept", {}),
            (sender, "withdraw", {"reason": "誤り"}),
        )
        for _ in range(10)
    ]
    together = Barrier(len(asked))

    def ask(number: int) -> tuple[str, int]:
        client, verb, body = asked[number]
        seen = {"if-match": f'"{sent.version}"'}
        together.wait()
        try:
            address = f"/api/v1/referrals/{sent.pk}/{verb}/"
            return verb, client.post(address, body, headers=seen).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asked)) as pool:
        answers = Counter(pool.map(ask, range(len(asked))))

    (winner,) = (verb for verb, code in answers if code == 200)
    assert answers[winner, 200] == 1
    assert {code for _verb, code in answers} == {200, 412}
    status = Referral.objects.get(pk=sent.pk).status
    assert status == {"accept": "accepted", "withdraw": "withdrawn"}[winner]
    shared = CaseShare.objects.filter(content_object=sent.case_id).exists()
    assert shared == (winner == "accept")


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_parallel_claims_one_wins() -> None:
    pool = [a_member(an_agency()) for _ in range(20)]
    sent = a_sent_referral(a_member(an_agency()), None, pool=[each.agency for each in pool])
    clients = [api(pool[number % len(pool)]) for number in range(PARALLEL)]
    together = Barrier(PARALLEL)

    def claim(number: int) -> int:
        together.wait()
        try:
            return clients[number].post(f"/api/v1/referrals/{sent.pk}/claim/", {}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(PARALLEL) as threads:
        answers = Counter(threads.map(claim, range(PARALLEL)))

    claimed = Referral.objects.get(pk=sent.pk)
    assert answers == {200: 1, 409: PARALLEL - 1}
    assert ReferralEvent.objects.get(referral=sent.pk, verb="claim").by_agency == claimed.receiver
    assert claimed.version == sent.version + 1
