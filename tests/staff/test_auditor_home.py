"""Where an auditor begins: numbers that lead to what they count, and incidents until they are closed."""

from __future__ import annotations

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.oversight.models import Incident
from carenet.referrals.actions.voided_referrals import void
from tests.factories import a_case, a_member, a_sent_referral, an_agency, api
from tests.staff.browser import session_of
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
HOME, INCIDENTS = "/desk/audit/", "/desk/incidents/"


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


@pytest.fixture
def officer(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.AUDITOR)


@pytest.fixture
def incident(officer: Actor) -> Incident:  # noqa: ARG001 - the ward office is there first
    sender = a_member(an_agency())
    referral = a_sent_referral(sender, a_member(an_agency()).agency)
    void(actor=sender, referral_id=referral.pk, reason="別人の記録")
    return Incident.objects.get(referral=referral)


def test_an_auditor_begins_where_something_was_refused() -> None:
    case = a_case(a_member(an_agency()))
    tries = a_member(an_agency(name="別の事業所"))
    api(tries).get(f"/api/v1/cases/{case.pk}/")
    client = desk(a_member(tries.agency, Role.AUDITOR))
    assert client.get("/")["Location"] == HOME
    page = client.get(HOME).content.decode()
    assert "<strong>1</strong> <span>refused today</span>" in page
    assert "別の事業所" in page
    assert len(queries(client, HOME)) <= 12


def test_incidents_are_listed_until_there_is_a_finding(officer: Actor, incident: Incident) -> None:
    client = desk(officer)
    assert incident.referral.code in client.get(f"{INCIDENTS}?state=open").content.decode()
    assert incident.referral.code not in client.get(f"{INCIDENTS}?state=closed").content.decode()
    assert client.get(f"{INCIDENTS}?state=lost").status_code == 400
    assert len(queries(client, INCIDENTS)) <= 12


@pytest.mark.operation("incidents_close_create")
def test_the_privacy_officer_closes_one_on_its_page(officer: Actor, incident: Incident) -> None:
    given = {"version": incident.version, "finding": "受領先に連絡し、廃棄を確認した"}
    assert desk(officer).post(f"{INCIDENTS}{incident.pk}/", given).status_code == 303
    assert incident.referral.code in desk(officer).get(f"{INCIDENTS}?state=closed").content.decode()


def test_bases_in_use_are_counted_and_their_objects_listed(officer: Actor) -> None:
    sender = a_member(an_agency())
    referral = a_sent_referral(sender, a_member(an_agency()).agency)
    client, there = desk(officer), f"/desk/bases-in-use/?basis={referral.sharing_basis}"
    page = client.get(there).content.decode()
    assert referral.get_sharing_basis_display() in page
    assert referral.code in page
    assert referral.resident.family_name not in page
    stranger = a_member(an_agency(), Role.AUDITOR)
    assert referral.code not in desk(stranger).get(there).content.decode()
    assert client.get("/desk/bases-in-use/?basis=MOOD").status_code == 400
    assert len(queries(client, there)) <= 12
