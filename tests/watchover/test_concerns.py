"""Somebody is worried about a person whom perhaps nobody here knows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Scope
from carenet.audit.models import AuditEntry
from carenet.watchover.models import Concern
from tests.factories import a_resident, a_system, an_agency, api
from tests.watchover.concerns import CONCERNS, PUBLIC, RECEIPT, SEEN, a_concern
from tests.watchover.watches import Neighbourhood

pytestmark = pytest.mark.django_db


def test_without_an_account_and_without_reading() -> None:
    an_agency(AgencyKind.WARD_OFFICE)
    answer = api().post(PUBLIC, SEEN)
    assert answer.status_code == 201, answer.content
    assert set(answer.json()) == {"call_first", "message", "receipt", "state"}
    found = [api().get(address).status_code for address in (PUBLIC, RECEIPT, CONCERNS)]
    assert found == [405, 405, 401]


@pytest.mark.usefixtures("plaza")
def test_the_answer_is_the_same_whoever_the_person_is(who: Neighbourhood) -> None:
    a_resident(who.desk, family_name="豊田", address="大豆戸町7-2")
    known, unknown = (
        api().post(PUBLIC, SEEN | {"where": where, "whom": whom}).json() | {"receipt": ""}
        for where, whom in (("大豆戸町7-2", "豊田"), ("どこか", "だれか"))
    )
    assert known == unknown


@pytest.mark.usefixtures("who")
def test_nothing_that_was_said_comes_back() -> None:
    answer = api().post(PUBLIC, SEEN | {"reporter_name": "近所の人"})
    for said in ("新聞", "大豆戸", "一人暮らし", "045-111-1111", "近所の人"):
        assert said not in answer.content.decode()


def test_danger_to_life_says_first_whom_to_call(who: Neighbourhood) -> None:
    partner = a_system(an_agency(AgencyKind.WATCH_PARTNER), Scope.WATCHOVER_WRITE)
    for client, address in ((api(), PUBLIC), (partner, CONCERNS), (api(who.desk), CONCERNS)):
        answer = client.post(address, SEEN | {"danger_to_life": True})
        assert answer.status_code == 201, answer.content
        assert next(iter(answer.json().items())) == ("call_first", ["119", "110"])
        assert "119" in answer.json()["message"]


def test_no_danger_calls_nobody(who: Neighbourhood) -> None:
    answer = api(who.desk).post(CONCERNS, SEEN)
    assert answer.json()["call_first"] == []


def test_a_partner_reports_and_reads_nothing_of_it(who: Neighbourhood, plaza: Actor) -> None:
    partner = a_system(an_agency(AgencyKind.WATCH_PARTNER))
    assert partner.post(CONCERNS, SEEN | {"reporter_kind": "delivery"}).status_code == 201
    concern = Concern.objects.get()
    assert (concern.agency, concern.by_client != "") == (who.desk.agency, True)
    for address in (CONCERNS, f"{CONCERNS}{concern.pk}/"):
        assert partner.get(address).status_code == 403
    assert api(plaza).get(f"{CONCERNS}{concern.pk}/").json()["what"] == SEEN["what"]


def test_a_client_without_the_scope_reports_nothing() -> None:
    reader = a_system(an_agency(), Scope.WATCHOVER_READ)
    assert reader.post(CONCERNS, SEEN).status_code == 403


def test_few_reports_per_address(monkeypatch: pytest.MonkeyPatch, who: Neighbourhood) -> None:
    monkeypatch.setattr(
        "carenet.watchover.api.public.ConcernThrottle.rate", "2/hour", raising=False
    )
    codes = [api().post(PUBLIC, SEEN).status_code for _ in range(3)]
    refused = api().post(PUBLIC, SEEN)
    assert codes == [201, 201, 429]
    assert int(refused.headers["Retry-After"]) > 0
    assert Concern.objects.count() == 2
    assert AuditEntry.objects.filter(deed="denial", detail__code="throttled").count() == 2
    assert api(who.desk).post(CONCERNS, SEEN).status_code == 201
    elsewhere = api().post(PUBLIC, SEEN, REMOTE_ADDR="203.0.113.7")
    assert elsewhere.status_code == 201


def test_few_questions_about_receipts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "carenet.watchover.api.public.ReceiptThrottle.rate", "2/hour", raising=False
    )
    codes = [api().post(RECEIPT, {"receipt": "x"}).status_code for _ in range(3)]
    assert codes == [400, 400, 429]


@pytest.mark.usefixtures("who")
@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"what": ""}, "/what"),
        ({"where": "あ" * 301}, "/where"),
        ({"what": "\x00"}, "/what"),
        ({"reporter_kind": "spy"}, "/reporter_kind"),
        ({"observed_at": "2026-11-24T09:00:00"}, "/observed_at"),
        ({"observed_at": "2199-01-01T00:00:00+09:00"}, "/observed_at"),
        ({"danger_to_life": "perhaps"}, "/danger_to_life"),
        ({"municipality_code": "1"}, "/municipality_code"),
        ({"municipality_code": "011002"}, "/municipality_code"),
        ({"resident": "?"}, "/resident"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], pointer: str) -> None:
    answer = api().post(PUBLIC, SEEN | changes)
    assert answer.status_code == 400, answer.content
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


@pytest.mark.usefixtures("who")
@pytest.mark.parametrize("body", ["[]", '"x"', "{", "", "null", '{"what": {}}'])
def test_what_is_no_report_is_refused(body: str) -> None:
    for address in (PUBLIC, RECEIPT):
        answer = api().post(address, body, content_type="application/json")
        assert answer.status_code == 400


def test_without_a_desk_the_reporter_hears_of_it(who: Neighbourhood) -> None:
    Agency.objects.filter(kind=who.ward.agency.kind).update(active=False)
    answer = api().post(PUBLIC, SEEN)
    assert answer.status_code == 400
    assert "ward office" in answer.json()["errors"][0]["detail"]


def test_a_network_of_ipv6_counts_as_one_for_reports(
    monkeypatch: pytest.MonkeyPatch,
    who: Neighbourhood,  # noqa: ARG001 - there is a ward office
) -> None:
    monkeypatch.setattr(
        "carenet.watchover.api.public.ConcernThrottle.rate", "2/hour", raising=False
    )
    codes = [
        api().post(PUBLIC, SEEN, REMOTE_ADDR=f"2001:db8:1:2::{each}").status_code
        for each in range(3)
    ]
    assert codes == [201, 201, 429]
    assert api().post(PUBLIC, SEEN, REMOTE_ADDR="2001:db8:1:3::1").status_code == 201


@pytest.mark.usefixtures("plaza")
def test_a_list_costs_the_same_however_long(who: Neighbourhood) -> None:
    client, counts = api(who.desk), []
    for more in (2, 5):
        for _ in range(more):
            a_concern()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(CONCERNS).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
