"""Somebody is worried about a person whom perhaps nobody here knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role, Scope
from carenet.areas.models import AddressArea, AgencyArea, Area, AreaKind, AreaPart
from carenet.audit.models import AuditEntry
from carenet.cases.models import Consultation
from carenet.reminders.models import Reminder
from carenet.residents.actions import merge
from carenet.watchover.actions.concerns import report, triage
from carenet.watchover.models import Concern, WatchAssignment
from tests.factories import a_member, a_resident, a_system, an_agency, api
from tests.watchover.watches import START, Neighbourhood, at, notified, sweep

pytestmark = pytest.mark.django_db
CONCERNS, PUBLIC = "/api/v1/concerns/", "/api/v1/public/concerns/"
RECEIPT = f"{PUBLIC}receipt/"
SEEN: dict[str, Any] = {
    "danger_to_life": False, "reporter_kind": "neighbour", "what": "新聞がたまっている",
    "where": "大豆戸町7-2", "whom": "一人暮らしの男性", "reporter_phone": "045-111-1111",
}  # fmt: skip


@pytest.fixture
def plaza(who: Neighbourhood) -> Actor:
    """Coordinates 大豆戸町; the desk works there, too."""
    with time_machine.travel(START - timedelta(days=20), tick=False):
        area = Area.objects.create(
            kind=AreaKind.PLAZA_AREA, name="大豆戸", municipality_code="141097"
        )
        AddressArea.objects.create(area=area, town="大豆戸町")
        AgencyArea.objects.create(agency=who.desk.agency, area=area, part=AreaPart.COORDINATES)
        return a_member(who.desk.agency, Role.COORDINATOR)


def a_concern(when: str = "10:00", **said: Any) -> Concern:
    with time_machine.travel(at(24, when), tick=False):
        concern, _receipt = report(actor=None, **SEEN | said)
    return concern


# Reporting.


def test_without_an_account_and_without_reading() -> None:
    an_agency(AgencyKind.WARD_OFFICE)
    answer = api().post(PUBLIC, SEEN)
    assert answer.status_code == 201, answer.content
    assert set(answer.json()) == {"call_first", "message", "receipt", "state"}
    for address in (PUBLIC, RECEIPT, CONCERNS):
        assert api().get(address).status_code in {401, 405}


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


# Whose it is.


def test_an_address_leads_to_the_plaza_that_coordinates_there(
    who: Neighbourhood, plaza: Actor
) -> None:
    assert a_concern().agency == plaza.agency
    assert a_concern(where="篠原町1").agency == who.ward.agency


def serving(kind: AgencyKind, *roles: Role, area_kind: AreaKind = AreaKind.PLAZA_AREA) -> Agency:
    """Return an agency that serves the area of 大豆戸町, with somebody in each of these roles."""
    with time_machine.travel(START - timedelta(days=20), tick=False):
        agency = an_agency(kind)
        for role in roles:
            a_member(agency, role)
    area, _new = Area.objects.get_or_create(
        kind=area_kind, name="大豆戸", municipality_code="141097"
    )
    AddressArea.objects.get_or_create(area=area, town="大豆戸町")
    AgencyArea.objects.create(agency=agency, area=area, part=AreaPart.SERVES)
    return agency


@pytest.mark.usefixtures("plaza")
def test_the_plaza_that_serves_a_place_comes_before_who_coordinates_there(
    who: Neighbourhood,
) -> None:
    serves = serving(AgencyKind.CARE_PLAZA, Role.STAFF)
    concern = a_concern()
    assert concern.agency == serves
    assert api(who.desk).get(f"{CONCERNS}{concern.pk}/").status_code == 404
    assert api(who.ward).get(f"{CONCERNS}{concern.pk}/").status_code == 200


def test_a_plaza_comes_before_other_agencies_that_serve_a_narrower_area(
    who: Neighbourhood,  # noqa: ARG001 - there is a ward office
) -> None:
    serving(AgencyKind.COMMISSIONERS_COUNCIL, Role.COORDINATOR)
    serves = serving(AgencyKind.CARE_PLAZA, Role.STAFF, area_kind=AreaKind.FEDERATION)
    assert a_concern().agency == serves


def test_who_serves_a_place_and_could_not_decide_is_passed_over(who: Neighbourhood) -> None:
    serving(AgencyKind.CARE_PLAZA, Role.WATCHER, Role.AUDITOR)
    assert a_concern().agency == who.ward.agency


@pytest.mark.usefixtures("plaza")
def test_the_serving_plaza_then_its_managers_then_the_ward_are_told(who: Neighbourhood) -> None:
    with time_machine.travel(at(1), tick=False):
        serves = serving(AgencyKind.CARE_PLAZA)
        desk, manager = a_member(serves), a_member(serves, Role.MANAGER)
    concern = a_concern()
    steps = []
    for day in (24, 25, 26):
        sweep(at(day, "10:00"))
        steps.append(set(notified(concern)))
    assert steps[0] == {desk.user_id}
    assert steps[1] == {desk.user_id, manager.user_id}
    assert steps[2] == {desk.user_id, manager.user_id, who.ward.user_id}


@pytest.mark.usefixtures("plaza")
def test_another_agency_does_not_see_it(who: Neighbourhood) -> None:
    concern = a_concern()
    for actor, seen in ((who.desk, 200), (who.ward, 200), (a_member(an_agency()), 404)):
        assert api(actor).get(f"{CONCERNS}{concern.pk}/").status_code == seen
        found = api(actor).get(CONCERNS).json()["results"]
        assert len(found) == (seen == 200)


# Chasing.


def test_the_desk_then_managers_then_the_ward_until_it_is_triaged(
    who: Neighbourhood, plaza: Actor
) -> None:
    with time_machine.travel(at(1), tick=False):
        manager = a_member(who.desk.agency, Role.MANAGER)
    concern = a_concern(danger_to_life=True)
    sweep(at(24, "10:00"))
    assert set(notified(concern)) == {who.desk.user_id, plaza.user_id}
    sweep(at(24, "10:30"))
    assert manager.user_id in notified(concern)
    assert who.ward.user_id not in notified(concern)
    sweep(at(24, "11:00"))
    assert who.ward.user_id in notified(concern)
    before = len(notified(concern))
    sweep(at(24, "11:30"))
    assert len(notified(concern)) > before
    with time_machine.travel(at(24, "11:40"), tick=False):
        triage(actor=who.desk, concern_id=concern.pk, outcome="nothing", reason="本人は旅行中")
    before = len(notified(concern))
    sweep(at(25, "12:00"))
    assert len(notified(concern)) == before


@pytest.mark.usefixtures("plaza")
def test_only_danger_comes_while_the_desk_is_closed(who: Neighbourhood) -> None:
    with time_machine.travel(at(31, month=12), tick=False):
        calm, _ = report(actor=None, **SEEN)
        danger, _ = report(actor=None, **SEEN | {"danger_to_life": True})
    sweep(at(31, "09:01", month=12))
    assert who.desk.user_id in notified(danger)
    assert not notified(calm)
    sweep(at(4, "09:01", month=1, year=2027))
    assert who.desk.user_id in notified(calm)


@pytest.mark.usefixtures("plaza")
def test_its_reminder_is_answered_by_triage_alone(who: Neighbourhood) -> None:
    a_concern(danger_to_life=True)
    sweep(at(24, "10:00"))
    with time_machine.travel(at(24, "10:01"), tick=False):
        (entry,) = api(who.desk).get("/api/v1/reminders/").json()["results"]
        assert "新聞" not in str(entry)
        taken = api(who.desk).post(f"/api/v1/reminders/{entry['id']}/acknowledge/", {})
    assert taken.status_code == 409


@pytest.mark.usefixtures("plaza")
def test_many_dangers_without_a_name_ring_no_more_than_so_often(
    who: Neighbourhood, settings: Settings
) -> None:
    settings.CONCERN_DANGERS_AN_HOUR = 2
    came = [a_concern(f"10:0{minute}", danger_to_life=True) for minute in range(5)]
    sweep(at(24, "10:05"))
    assert [who.desk.user_id in notified(each) for each in came] == [True, True, True, False, False]
    assert Reminder.objects.filter(kind="concern.gathered").count() == 1
    later = a_concern("11:10", danger_to_life=True)
    sweep(at(24, "11:10"))
    assert who.desk.user_id in notified(later), "an hour later they are told one by one again"
    with time_machine.travel(at(24, "10:30"), tick=False):
        shown = api(who.desk).get(CONCERNS).json()["results"]
    assert {each["id"] for each in shown} == {str(each.pk) for each in [*came, later]}


@pytest.mark.usefixtures("plaza")
def test_one_reminder_chases_all_that_were_gathered_until_the_last_is_triaged(
    who: Neighbourhood, settings: Settings
) -> None:
    settings.CONCERN_DANGERS_AN_HOUR = 0
    first, second = (a_concern(when, danger_to_life=True) for when in ("10:00", "10:01"))
    for each, left in ((first, 1), (second, 0)):
        with time_machine.travel(at(24, "10:30"), tick=False):
            triage(actor=who.desk, concern_id=each.pk, outcome="nothing", reason="旅行中")
        assert Reminder.objects.filter(kind="concern.gathered", settled_at=None).count() == left


@pytest.mark.usefixtures("plaza")
def test_whoever_has_an_account_is_never_gathered(who: Neighbourhood, settings: Settings) -> None:
    settings.CONCERN_DANGERS_AN_HOUR = 0
    with time_machine.travel(at(24, "10:00"), tick=False):
        concern, _receipt = report(actor=who.desk, **SEEN | {"danger_to_life": True})
    sweep(at(24, "10:00"))
    assert who.desk.user_id in notified(concern)
    assert concern.gathered_under is None


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


# Triage.


@pytest.fixture
def concern(plaza: Actor) -> Concern:  # noqa: ARG001 - it coordinates there
    return a_concern(danger_to_life=True)


def triaged(actor: Actor, concern: Concern, code: int = 200, **body: Any) -> Any:
    with time_machine.travel(at(24, "10:30"), tick=False):
        answer = api(actor).post(f"{CONCERNS}{concern.pk}/triage/", body)
    assert answer.status_code == code, answer.content
    return answer.json()


def test_into_a_consultation_in_one_go(who: Neighbourhood, concern: Concern) -> None:
    shown = triaged(who.desk, concern, outcome="consultation", topics=["health"])
    made = Consultation.objects.get(pk=shown["consultation"])
    assert (shown["state"], made.urgency) == ("dealt_with", "today")
    assert (made.content, made.relationship) == (SEEN["what"], "neighbour")
    assert (made.caller_phone, made.subject) == (SEEN["reporter_phone"], None)
    assert SEEN["where"] in made.subject_description


def test_who_may_not_record_consultations_cannot_make_one(
    who: Neighbourhood, concern: Concern
) -> None:
    triaged(who.ward, concern, 403, outcome="consultation")
    concern.refresh_from_db()
    assert concern.triaged_at is None


def test_joined_to_a_watch_it_opens_an_alert_there(
    who: Neighbourhood, concern: Concern, watch: WatchAssignment
) -> None:
    shown = triaged(who.desk, concern, outcome="joined", assignment=str(watch.pk))
    alert = watch.alerts.get()
    assert (alert.kind, alert.level) == ("concern", 3)
    assert shown["resident"] == str(watch.resident_id)


def test_joined_to_a_resident_it_follows_a_merge(who: Neighbourhood, concern: Concern) -> None:
    person, twin = a_resident(who.desk), a_resident(who.desk)
    triaged(who.desk, concern, outcome="joined", resident=str(person.pk))
    merge(actor=who.desk, survivor_id=twin.pk, loser_id=person.pk, reason="同じ人")
    concern.refresh_from_db()
    assert concern.resident == twin


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"outcome": "nothing"}, "/reason"),
        ({"outcome": "joined"}, "/resident"),
        ({"outcome": "joined", "resident": str(uuid4())}, "/resident"),
        ({"outcome": "joined", "assignment": "x"}, "/assignment"),
        ({"outcome": "nothing", "reason": "旅行", "urgency": "today"}, "/urgency"),
        ({"outcome": "consultation", "topics": ["health", "health"]}, "/topics"),
        ({"outcome": "consultation", "topics": ["care"], "main_topic": "debt"}, "/main_topic"),
        ({"outcome": "lost"}, "/outcome"),
        ({}, "/outcome"),
    ],
)
def test_a_triage_that_says_too_little_or_too_much(
    who: Neighbourhood, concern: Concern, body: dict[str, Any], pointer: str
) -> None:
    problem = triaged(who.desk, concern, 400, **body)
    assert [each["pointer"] for each in problem["errors"]] == [pointer]


def test_it_is_triaged_once(who: Neighbourhood, concern: Concern) -> None:
    triaged(who.desk, concern, outcome="nothing", reason="旅行中")
    triaged(who.desk, concern, 409, outcome="nothing", reason="旅行中")


def test_the_reporter_learns_only_that_it_was_dealt_with(plaza: Actor) -> None:
    receipt = api().post(PUBLIC, SEEN).json()["receipt"]
    assert api().post(RECEIPT, {"receipt": receipt}).json() == {"state": "received"}
    concern = Concern.objects.get()
    assert receipt not in str(vars(concern))
    triage(actor=plaza, concern_id=concern.pk, outcome="nothing", reason="旅行中")
    assert api().post(RECEIPT, {"receipt": receipt}).json() == {"state": "dealt_with"}
    assert api().post(RECEIPT, {"receipt": f"{receipt}x"}).status_code == 400


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
