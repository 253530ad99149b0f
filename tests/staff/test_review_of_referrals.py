"""Referrals in the review: figures by agency as picture, table and sheet, and what they lead to."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.referrals.actions import acceptance_and_outcome
from carenet.referrals.actions.questions_and_pauses import hold
from carenet.referrals.models import Referral
from tests.factories import NOWHERE, a_member, a_sent_referral, an_agency
from tests.staff.review_requests import as_, assert_few, read

pytestmark = pytest.mark.django_db
WAITING, FUNNEL, LIST = (f"/review/referrals/{each}" for each in ("", "funnel/", "list/"))


@pytest.fixture
def office(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)


@pytest.fixture
def sent(office: Actor) -> Referral:  # noqa: ARG001 -- is there before, so that it coordinates
    return a_sent_referral(a_member(an_agency()), a_member(an_agency(name="=1+1 プラザ")).agency)


def test_whose_turn_it_is_shows_as_a_bar_and_leads_to_the_referrals(
    office: Actor, sent: Referral
) -> None:
    page = read(office, WAITING)
    address = f"{LIST}?stage=turn&amp;agency={sent.receiver_id}"
    assert page.count(f'href="{address}"') == 2
    assert 'aria-label="=1+1 プラザ: up to 1 days 1, up to 3 days 0' in page
    assert sent.code in read(office, address.replace("&amp;", "&"))


def test_what_is_put_off_for_longer_than_usual_shows_and_leads_to_the_referrals(
    office: Actor, sent: Referral
) -> None:
    asked = a_member(sent.received_by)
    acceptance_and_outcome.accept(actor=asked, referral_id=sent.pk)
    acceptance_and_outcome.start(
        actor=asked, referral_id=sent.pk, first_contact_on=timezone.localdate()
    )
    held = hold(
        actor=asked, referral_id=sent.pk, reason="入院",
        review_on=timezone.localdate() + timedelta(days=40),
    )  # fmt: skip
    address = f"{LIST}?stage=put_off&amp;agency={held.receiver_id}"
    assert f'<a href="{address}">1</a>' in read(office, WAITING)
    assert held.code in read(office, address.replace("&amp;", "&"))
    assert as_(office).get(f"/api/v1/referrals/{held.pk}/").json()["put_off"]


def test_whoever_was_listed_is_in_the_trail(office: Actor, sent: Referral) -> None:
    read(office, f"{LIST}?stage=turn&agency={sent.receiver_id}")
    seen = AuditEntry.objects.filter(object_ids__contains=[str(sent.resident_id)])
    assert seen.filter(object_kind="resident", agency_id=office.agency_id).exists()


def test_the_funnel_counts_step_by_step_and_leads_to_each(office: Actor, sent: Referral) -> None:
    acceptance_and_outcome.accept(actor=a_member(sent.received_by), referral_id=sent.pk)
    page = read(office, FUNNEL)
    assert "sent 1, received 1, accepted 1, started 0, closed 0" in page
    assert f"?stage=accepted&amp;agency={sent.receiver_id}&amp;days=90" in page
    assert sent.code in read(office, f"{LIST}?stage=accepted&agency={sent.receiver_id}&days=90")


def test_the_funnel_is_of_the_time_that_was_chosen(office: Actor, sent: Referral) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=False):
        assert "No referral was sent within this time." in read(office, f"{FUNNEL}?days=30")
        assert sent.received_by.name in read(office, f"{FUNNEL}?days=90")
        assert sent.received_by.name in read(office, f"{FUNNEL}?days=x")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"{WAITING}?as=csv", "referrals-waiting"),
        (f"{FUNNEL}?as=csv&days=30", "referrals-funnel"),
        (f"{LIST}?as=csv&stage=turn&agency={{agency}}", "referrals"),
    ],
)
def test_each_is_a_sheet_too_in_which_no_name_becomes_a_formula(
    office: Actor, sent: Referral, path: str, name: str
) -> None:
    answer = as_(office).get(path.format(agency=sent.receiver_id))
    assert f'filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"' in answer["Content-Disposition"]
    text = answer.content.decode()
    assert "'=1+1 プラザ" in text
    assert (sent.resident.name in text) == (name == "referrals")


@pytest.mark.parametrize(
    "query", ["", "stage=turn", f"stage=far&agency={NOWHERE}", "stage=turn&agency=x"]
)
def test_a_figure_that_is_none_leads_nowhere(office: Actor, query: str) -> None:
    assert as_(office).get(f"{LIST}?{query}").status_code == 404


def test_an_agency_without_a_part_in_it_sees_nothing_of_it(sent: Referral) -> None:
    other = a_member(an_agency(), Role.MANAGER)
    for path in (WAITING, FUNNEL, f"{LIST}?stage=turn&agency={sent.receiver_id}"):
        page = read(other, path)
        assert sent.code not in page
        assert "=1+1" not in page


@pytest.mark.parametrize("path", [WAITING, FUNNEL, f"{LIST}?stage=turn&agency={{agency}}"])
def test_a_page_asks_at_most_ten_queries(office: Actor, sent: Referral, path: str) -> None:
    a_sent_referral(a_member(an_agency()), sent.received_by)
    a_sent_referral(a_member(an_agency()), an_agency())
    assert_few(office, path.format(agency=sent.receiver_id))
