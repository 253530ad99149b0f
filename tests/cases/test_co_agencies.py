"""Everybody on a case knows who else is, in which part, until when, and how to reach them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.referrals.actions.acceptance_and_outcome import accept
from tests.cases.paths import at, share
from tests.factories import a_member, a_sent_referral, an_agency, api


def on_it(actor: Actor, case: Case) -> dict[str, Any]:
    answer = api(actor).get(at(case, "agencies"))
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_the_lead_and_who_there_is_in_charge(worker: Actor, case: Case) -> None:
    lead = on_it(worker, case)["lead"]
    assert lead["agency"]["id"] == str(worker.agency_id)
    assert lead["person_in_charge"]["id"] == str(worker.user_id)
    assert {"phone", "fax", "address"} <= set(lead["agency"])


def test_who_came_by_a_referral(worker: Actor, helper: Actor, case: Case) -> None:
    sent = a_sent_referral(worker, helper.agency, case)
    assert on_it(worker, case)["others"] == []
    accept(actor=helper, referral_id=sent.pk)
    (part,) = on_it(worker, case)["others"]
    assert (part["agency"]["id"], part["supports"]) == (str(helper.agency_id), True)
    assert part["through"][0]["cause_id"] == str(sent.pk)


def test_until_when(worker: Actor, helper: Actor, case: Case) -> None:
    until = timezone.now() + timedelta(days=30)
    share(worker, case, helper.agency_id, "view_case", until=until.isoformat())
    (part,) = on_it(worker, case)["others"]
    assert part["until"].startswith(timezone.localtime(until).isoformat()[:19])
    assert part["supports"] is False


def test_two_ways_in_are_one_agency_with_the_later_end(
    worker: Actor, helper: Actor, case: Case
) -> None:
    soon = (timezone.now() + timedelta(days=1)).isoformat()
    share(worker, case, helper.agency_id, "view_case", until=soon)
    share(worker, case, helper.agency_id)
    (part,) = on_it(worker, case)["others"]
    assert part["until"] > (timezone.now() + timedelta(days=300)).isoformat()
    assert (part["supports"], len(part["through"])) == (True, 2)


def test_what_has_ended_is_not_there(worker: Actor, helper: Actor, case: Case) -> None:
    grant = share(worker, case, helper.agency_id)
    api(worker).post(at(case, "grants", grant, "revoke"), {})
    assert on_it(worker, case)["others"] == []


def test_how_others_came_in_is_the_leads_to_know(worker: Actor, helper: Actor, case: Case) -> None:
    third = a_member(an_agency())
    share(worker, case, helper.agency_id)
    share(worker, case, third.agency_id)
    through = {part["agency"]["id"]: len(part["through"]) for part in on_it(helper, case)["others"]}
    assert through == {str(helper.agency_id): 1, str(third.agency_id): 0}
