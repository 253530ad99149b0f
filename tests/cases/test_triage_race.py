"""Several colleagues decide at once what becomes of one consultation: one of them does."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from rest_framework.test import APIClient

from carenet.cases.models import Case, Consultation, ProgressNote
from tests.cases.calls import recorded
from tests.factories import a_case, a_member, an_agency, api


@pytest.mark.django_db(transaction=True)
def test_one_decision_counts() -> None:
    worker = a_member(an_agency())
    case = a_case(worker)
    address = recorded(api(worker), subject=str(case.resident_id))
    joined = {"outcome": "case_joined", "case": str(case.pk)}
    decisions = [joined, joined, {"outcome": "case_opened"}, {"outcome": "one_off"}]
    deeds = [(api(a_member(worker.agency)), decision) for decision in decisions]
    together = Barrier(len(deeds))

    def do(deed: tuple[APIClient, dict[str, str]]) -> int:
        client, decision = deed
        together.wait()
        try:
            return client.post(f"{address}triage/", decision).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        answers = Counter(pool.map(do, deeds))

    assert answers == {200: 1, 409: len(deeds) - 1}
    status = Consultation.objects.get().status
    assert ProgressNote.objects.count() == (status == "case_joined")
    assert Case.objects.count() == 1 + (status == "case_opened")
