"""The main job over the API: a referral goes from a care plaza to another agency and back."""

from __future__ import annotations

import pytest

from carenet.agencies.models import AgencyKind
from carenet.core import clock
from tests.factories import a_member, an_agency, api

pytestmark = pytest.mark.django_db


def test_a_referral_goes_there_and_back() -> None:
    plaza, core = an_agency(), an_agency(AgencyKind.CORE_CONSULTATION_CENTER)
    sender, receiver = api(a_member(plaza)), api(a_member(core))

    person = sender.post(
        "/api/v1/residents/",
        {"family_name": "髙橋", "given_name": "一郎", "birth_year": 1941, "address": "大豆戸町1"},
    ).json()
    consultation = sender.post(
        "/api/v1/consultations/",
        {
            "channel": "phone",
            "relationship": "neighbour",
            "caller_name": "隣の人",
            "subject": person["id"],
            "topics": ["community", "health"],
            "main_topic": "community",
            "content": "三日前から姿を見ない",
        },
    ).json()
    triaged = sender.post(
        f"/api/v1/consultations/{consultation['id']}/triage/",
        {"outcome": "case_opened", "urgency": "today"},
    ).json()
    referral = sender.post(
        "/api/v1/referrals/",
        {
            "case": triaged["case"],
            "receiver": str(core.pk),
            "kind": "CO_SUPPORT",
            "need": "assessment",
            "reason": "精神面の見立てをお願いしたい",
            "sharing_basis": "WITHIN_PURPOSE",
        },
    ).json()
    address = f"/api/v1/referrals/{referral['id']}"

    assert sender.post(f"{address}/send/", {}).json()["status"] == "sent"
    assert [
        row["id"] for row in receiver.get("/api/v1/referrals/?box=inbox").json()["results"]
    ] == [referral["id"]]
    assert receiver.get(f"/api/v1/cases/{triaged['case']}/").status_code == 404
    assert receiver.post(f"{address}/receive/", {}).json()["status"] == "received"
    assert receiver.post(f"{address}/accept/", {}).json()["status"] == "accepted"
    assert receiver.get(f"/api/v1/cases/{triaged['case']}/").status_code == 200
    started = receiver.post(f"{address}/start/", {"first_contact_on": f"{clock.today()}"})
    assert started.json()["status"] == "in_progress"
    completed = receiver.post(
        f"{address}/complete/", {"outcome": "service_started", "report": "通所につながった"}
    )
    assert completed.json()["status"] == "completed"
    assert receiver.post(f"{address}/close/", {"need_met": "yes"}).status_code == 403
    assert sender.post(f"{address}/close/", {"need_met": "yes"}).json()["status"] == "closed"
    story = sender.get(f"{address}/events/").json()["results"]
    assert [event["verb"] for event in story[::-1]] == [
        "send", "receive", "accept", "start", "complete", "close",
    ]  # fmt: skip
