"""Whoever leaves while they are being handed something leaves without it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from rest_framework.test import APIClient

from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from tests.cases.paths import at
from tests.factories import a_case, a_member, a_resident, an_agency, api

CASES = 8


@pytest.mark.django_db(transaction=True)
def test_no_case_stays_with_whoever_leaves_meanwhile() -> None:
    worker = a_member(an_agency())
    leaver, manager = a_member(worker.agency), a_member(worker.agency, Role.MANAGER)
    person = a_resident(worker)
    cases = [a_case(worker, person) for _ in range(CASES)]
    place = Membership.objects.get(user=leaver.user)
    end = f"/api/v1/agencies/{worker.agency_id}/members/{place.pk}/end/"
    deeds: list[tuple[APIClient, str, dict[str, str]]] = [
        (api(worker), at(case, "reassign"), {"person": str(leaver.user_id)}) for case in cases
    ]
    deeds.insert(CASES // 2, (api(manager), end, {}))
    together = Barrier(len(deeds))

    def do(deed: tuple[APIClient, str, dict[str, str]]) -> int:
        client, address, body = deed
        together.wait()
        try:
            return client.post(address, body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        answers = Counter(pool.map(do, deeds))

    assert set(answers) <= {200, 400}
    assert not Case.objects.filter(person_in_charge=leaver.user).exists()
