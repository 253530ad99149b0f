"""A voided referral opens an incident: who had read it, and what the privacy officer found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.oversight.models import Incident
from carenet.referrals.actions import voided_referrals
from carenet.referrals.models import Referral
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry, Reminder
from tests.factories import a_member, a_sent_referral, an_agency, api
from tests.referrals.sweeps import sweep

pytestmark = pytest.mark.django_db
INCIDENTS = "/api/v1/incidents/"


@pytest.fixture
def officer(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.AUDITOR)


@pytest.fixture
def sender(officer: Actor) -> Actor:  # noqa: ARG001 - the ward office is there first
    return a_member(an_agency())


@pytest.fixture
def receiver(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))


@pytest.fixture
def sent(sender: Actor, receiver: Actor) -> Referral:
    return a_sent_referral(sender, receiver.agency)


def void(actor: Actor, referral: Referral) -> Incident:
    voided_referrals.void(actor=actor, referral_id=referral.pk, reason="別人の記録")
    return Incident.objects.get(referral=referral)


def close(actor: Actor, incident: Incident, **body: Any) -> Any:
    given = {"finding": "受領先に連絡し、印刷物の廃棄を確認した"} | body
    return api(actor).post(f"{INCIDENTS}{incident.pk}/close/", given)


def test_it_lists_who_had_read_it(sender: Actor, receiver: Actor, sent: Referral) -> None:
    for _ in range(2):
        api(receiver).get(f"/api/v1/referrals/{sent.pk}/")
    api(sender).get(f"/api/v1/referrals/{sent.pk}/")
    incident = void(sender, sent)
    (reader,) = incident.readers
    assert (reader["agency_id"], reader["actor_id"], reader["times"]) == (
        str(receiver.agency_id), str(receiver.user_id), 2,
    )  # fmt: skip
    assert incident.agencies_to_tell == [str(receiver.agency_id)]


def test_nobody_is_to_be_told_of_what_nobody_read(sender: Actor, sent: Referral) -> None:
    assert void(sender, sent).agencies_to_tell == []


@pytest.mark.django_db(transaction=True)
def test_the_privacy_officer_finds_it_in_the_inbox(
    officer: Actor, sender: Actor, sent: Referral
) -> None:
    void(sender, sent)
    while work_once(now=timezone.now()):
        pass
    (entry,) = api(officer).get("/api/v1/reminders/").json()["results"]
    assert (entry["kind"], entry["subject"]["code"]) == ("incident.open", sent.code)


@pytest.mark.django_db(transaction=True)
def test_the_privacy_officer_is_asked_again_until_there_is_a_finding(
    officer: Actor, sender: Actor, sent: Referral
) -> None:
    incident = void(sender, sent)
    now = timezone.now()
    for days in (0, 10):
        sweep(now + timedelta(days=days))
    entries = InboxEntry.objects.filter(reminder__subject_id=incident.pk, user=officer.user)
    assert entries.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_incident_waits_for_a_privacy_officer_to_come(
    officer: Actor, sender: Actor, sent: Referral
) -> None:
    assert officer.user
    officer.user.memberships.update(until=timezone.now())
    incident, now = void(sender, sent), timezone.now()
    sweep(now)
    found = Reminder.objects.get(subject_id=incident.pk)
    assert (found.step, found.settled_at) == (0, None)
    assert found.due_at
    assert found.due_at > now


def test_the_privacy_officer_closes_it_with_a_finding(
    officer: Actor, sender: Actor, sent: Referral
) -> None:
    incident = void(sender, sent)
    answer = close(officer, incident)
    assert (answer.status_code, answer.json()["state"]) == (200, "closed")
    assert not Reminder.objects.filter(subject_id=incident.pk, settled_at=None).exists()
    assert close(officer, incident).status_code == 409


def test_a_finding_is_not_empty(officer: Actor, sender: Actor, sent: Referral) -> None:
    assert close(officer, void(sender, sent), finding="").status_code == 400


def test_the_senders_auditor_reads_and_does_not_close(sender: Actor, sent: Referral) -> None:
    auditor, incident = a_member(sender.agency, Role.AUDITOR), void(sender, sent)
    assert api(auditor).get(f"{INCIDENTS}{incident.pk}/").status_code == 200
    assert close(auditor, incident).status_code == 403


def test_the_receivers_auditor_does_not_see_it(
    sender: Actor, receiver: Actor, sent: Referral
) -> None:
    auditor, incident = a_member(receiver.agency, Role.AUDITOR), void(sender, sent)
    assert api(auditor).get(f"{INCIDENTS}{incident.pk}/").status_code == 404
    assert api(auditor).get(INCIDENTS).json()["results"] == []


def test_the_list_is_filtered_by_state(officer: Actor, sender: Actor, sent: Referral) -> None:
    void(sender, sent)
    found = {
        state: len(api(officer).get(INCIDENTS, {"state": state}).json()["results"])
        for state in ("open", "closed")
    }
    assert found == {"open": 1, "closed": 0}
    assert api(officer).get(INCIDENTS, {"state": "lost"}).status_code == 400


def many(sent: Referral, number: int) -> None:
    """Incidents written straight into the table: the list is what counts."""
    made = Referral.objects.bulk_create(
        Referral(
            kind="CO_SUPPORT", need="other", reason="…", case_id=sent.case_id,
            resident_id=sent.resident_id, sender_id=sent.sender_id, receiver_id=sent.receiver_id,
        )
        for _ in range(number)
    )  # fmt: skip
    Incident.objects.bulk_create(
        Incident(
            kind="referral_voided", referral_id=each.pk, sender_id=sent.sender_id, reason="誤り",
            receiver_id=sent.receiver_id, opened_by_agency_id=sent.sender_id,
            disclosed_at=timezone.now(),
        )
        for each in made
    )  # fmt: skip


def test_few_incidents_and_many_cost_the_same(officer: Actor, sent: Referral) -> None:
    counted = {}
    for number in (3, 8):
        many(sent, number)
        with CaptureQueriesContext(connection) as queries:
            answer = api(officer).get(INCIDENTS, {"limit": 200})
        counted[len(answer.json()["results"])] = len(queries)
    assert counted[3] == counted[11]
