"""A consent is taken back while the receiver accepts: whoever comes first, the case stays closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from carenet.access.models import AccessEntry, Grant
from carenet.agencies.models import AgencyKind
from carenet.residents.models import Consent
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency, api
from tests.residents.samples import a_consent

PAIRS = 6


@pytest.mark.django_db(transaction=True)
def test_no_share_outlives_its_consent() -> None:
    lead, helper = a_member(an_agency()), a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))
    calls = []
    for _ in range(PAIRS):
        person = a_resident(lead)
        consent = a_consent(lead, person, helper.agency)
        sent = a_sent_referral(lead, helper.agency, a_case(lead, person), consent=consent)
        withdrawal = f"/api/v1/residents/{person.pk}/consents/{consent.pk}/withdraw/"
        calls.append((api(lead), withdrawal, {"method": "oral"}))
        calls.append((api(helper), f"/api/v1/referrals/{sent.pk}/accept/", {}))
    together = Barrier(len(calls))

    def call(number: int) -> int:
        together.wait()
        client, address, body = calls[number]
        try:
            return client.post(address, body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        statuses = list(pool.map(call, range(len(calls))))

    assert set(statuses) <= {200, 404, 409}
    withdrawn = Consent.objects.exclude(withdrawal=None)
    assert withdrawn.count() == statuses[::2].count(200)
    for consent in withdrawn:
        shares = Grant.objects.live().filter(subject_id__in=consent.resident.cases.values("pk"))
        assert not shares.exists()
        entries = AccessEntry.objects.filter(kind="case", agency=helper.agency)
        assert not entries.filter(object_id__in=consent.resident.cases.values("pk")).exists()
