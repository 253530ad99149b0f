"""Letting an agency in, as agreed in a meeting: given, running out, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.access.models import AccessEntry, Grant
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.cases.models import Case, CaseShare
from carenet.referrals.actions.acceptance_and_outcome import accept
from tests.cases.paths import at, sees, share
from tests.factories import a_case, a_member, a_sent_referral, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer


def give(client: APIClient, case: Case, agency_id: Any, **more: Any) -> Answer:
    body = {
        "agency": str(agency_id),
        "permission": "view_case",
        "basis": "WITHIN_PURPOSE",
        "reason": "支援会議 6月5日",
    }
    return client.post(at(case, "grants"), body | more)


def revoke(client: APIClient, case: Case, grant: object) -> Answer:
    return client.post(at(case, "grants", grant, "revoke"), {})


def test_a_share_opens_the_case(client: APIClient, helper: Actor, case: Case) -> None:
    assert not sees(helper, case)
    assert give(client, case, helper.agency_id).status_code == 201
    assert sees(helper, case)


def test_to_those_who_do_casework_there(client: APIClient, helper: Actor, case: Case) -> None:
    give(client, case, helper.agency_id)
    assert sees(a_member(helper.agency, Role.MANAGER), case)
    for role in (Role.WATCHER, Role.AUDITOR, Role.COORDINATOR):
        assert api(a_member(helper.agency, role)).get(at(case)).status_code == 403


def test_it_shows_the_person_too(client: APIClient, helper: Actor, case: Case) -> None:
    give(client, case, helper.agency_id)
    assert api(helper).get(f"/api/v1/residents/{case.resident_id}/").status_code == 200


def test_to_read_is_not_to_change(client: APIClient, helper: Actor, case: Case) -> None:
    give(client, case, helper.agency_id)
    seen = {"If-Match": '"1"'}
    assert code_of(api(helper).patch(at(case), {"plan": "x"}, headers=seen), 403) == "not_lead"
    assert code_of(api(helper).get(at(case, "grants")), 403) == "not_lead"


def test_the_ledger_says_on_which_ground(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    give(client, case, helper.agency_id)
    (line,) = client.get(at(case, "grants")).json()["results"]
    assert (line["agency"]["id"], line["permission"]) == (str(helper.agency_id), "view_case")
    assert (line["cause_kind"], line["basis"]) == ("case", "WITHIN_PURPOSE")
    assert line["reason"] == "支援会議 6月5日"
    assert line["given_by"]["id"] == str(worker.user_id)
    assert line["until"]
    assert line["revoked_at"] is None


def test_it_runs_out_by_the_clock(client: APIClient, helper: Actor, case: Case) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    give(client, case, helper.agency_id, until=tomorrow.isoformat())
    assert sees(helper, case)
    share_in_force = CaseShare.objects.get(content_object=case)
    assert share_in_force.until == tomorrow
    CaseShare.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert api(helper).get(at(case)).status_code == 404


def test_the_list_tests_the_clock_as_well(client: APIClient, helper: Actor, case: Case) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    give(client, case, helper.agency_id, until=tomorrow.isoformat())
    entry = AccessEntry.objects.get(kind="case", agency=helper.agency)
    assert entry.until == tomorrow
    AccessEntry.objects.filter(pk=entry.pk).update(until=timezone.now())
    assert api(helper).get("/api/v1/cases/").json()["results"] == []


def test_it_does_not_run_out_in_the_past(client: APIClient, helper: Actor, case: Case) -> None:
    now = timezone.now().isoformat()
    assert pointers_of(give(client, case, helper.agency_id, until=now)) == ["/until"]


def test_it_is_taken_back_at_once(client: APIClient, helper: Actor, case: Case) -> None:
    grant = share(a_member(case.lead_agency), case, helper.agency_id)
    assert sees(helper, case)
    assert revoke(client, case, grant).json()["revoked_at"]
    assert not sees(helper, case)


def test_what_ended_cannot_end_again(client: APIClient, helper: Actor, case: Case) -> None:
    grant = share(a_member(case.lead_agency), case, helper.agency_id)
    revoke(client, case, grant)
    assert code_of(revoke(client, case, grant), 409) == "conflict"


def test_of_two_shares_one_stays_when_the_other_ends(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    first, second = (share(worker, case, helper.agency_id) for _ in range(2))
    revoke(client, case, first)
    assert sees(helper, case)
    revoke(client, case, second)
    assert not sees(helper, case)


def test_the_latest_end_of_two_counts(client: APIClient, helper: Actor, case: Case) -> None:
    later = timezone.now() + timedelta(days=9)
    for until in (later, timezone.now() + timedelta(days=1)):
        give(client, case, helper.agency_id, until=until.isoformat())
    assert CaseShare.objects.get(content_object=case).until == later


def test_a_referrals_share_is_not_ended_here(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    referral = a_sent_referral(worker, helper.agency, case)
    accept(actor=helper, referral_id=referral.pk)
    grant = Grant.objects.get(cause_id=referral.pk)
    assert code_of(revoke(client, case, grant.pk), 409) == "conflict"
    assert sees(helper, case)


def test_a_share_of_another_case_is_not_found_in_this_one(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    other = a_case(worker)
    grant = share(worker, other, helper.agency_id)
    for absent in (grant, uuid4()):
        assert code_of(revoke(client, case, absent), 404) == "not_found"
    assert sees(helper, other)


def test_nobody_shares_with_themselves(client: APIClient, plaza: Agency, case: Case) -> None:
    assert pointers_of(give(client, case, plaza.pk)) == ["/agency"]


def test_nor_with_an_agency_that_takes_no_part_any_more(
    client: APIClient, helper: Actor, case: Case
) -> None:
    Agency.objects.filter(pk=helper.agency_id).update(active=False)
    for absent in (helper.agency_id, uuid4()):
        assert pointers_of(give(client, case, absent)) == ["/agency"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("permission", "change_case"), ("basis", "CURIOSITY"), ("reason", ""), ("reason", "x" * 301)],
)
def test_a_share_has_a_ground(
    client: APIClient, helper: Actor, case: Case, field: str, value: str
) -> None:
    answer = give(client, case, helper.agency_id, **{field: value})
    assert pointers_of(answer) == [f"/{field}"]
    assert not Grant.objects.exists()


def test_the_manager_shares_too(plaza: Agency, helper: Actor, case: Case) -> None:
    manager = api(a_member(plaza, Role.MANAGER))
    assert give(manager, case, helper.agency_id).status_code == 201


def test_whom_it_is_shared_with_shares_it_no_further(
    worker: Actor, helper: Actor, case: Case
) -> None:
    grant = share(worker, case, helper.agency_id)
    assert code_of(give(api(helper), case, an_agency().pk), 403) == "not_lead"
    assert code_of(revoke(api(helper), case, grant), 403) == "not_lead"


def test_out_of_reach_there_is_no_ledger(helper: Actor, case: Case) -> None:
    assert code_of(api(helper).get(at(case, "grants")), 404) == "not_found"
    assert code_of(give(api(helper), case, helper.agency_id), 404) == "not_found"


def test_no_line_of_the_ledger_is_deleted(client: APIClient, helper: Actor, case: Case) -> None:
    give(client, case, helper.agency_id)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Grant.objects.all().delete()
