"""A case ends for a reason, and leaves nothing open behind it; it may be taken up again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from rest_framework.test import APIClient

from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.cases.models import Case, EndReason
from carenet.cases.registry import case_ended
from carenet.core import clock
from carenet.referrals.actions.acceptance_and_outcome import accept, complete
from carenet.referrals.actions.loop_closure import close
from carenet.referrals.models import NeedMet, Referral, ReferralEvent, ReferralOutcome
from carenet.reminders.models import Reminder
from tests.cases.paths import at, change, sees, share
from tests.factories import a_draft, a_sent_referral, api
from tests.rest.raw_requests import code_of, pointers_of

BOTH = pytest.mark.parametrize("verb", ["close", "discontinue"])
REASON = {"reason": "goal_reached"}


@BOTH
@pytest.mark.parametrize("reason", EndReason.values)
def test_it_says_why(client: APIClient, case: Case, verb: str, reason: str) -> None:
    shown = client.post(at(case, verb), {"reason": reason, "note": "本人の希望"}).json()
    assert (shown["end_reason"], shown["end_note"]) == (reason, "本人の希望")
    assert shown["ended_at"]


@BOTH
@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "bored"}, {"reason": None}])
def test_without_a_reason_it_goes_on(
    client: APIClient, case: Case, verb: str, body: dict[str, object]
) -> None:
    assert pointers_of(client.post(at(case, verb), body)) == ["/reason"]
    case.refresh_from_db()
    assert (case.status, case.version) == ("assessing", 1)


def test_the_database_holds_end_and_reason_together(case: Case) -> None:
    with pytest.raises(IntegrityError, match="ended_cases_say_why"):
        Case.objects.filter(pk=case.pk).update(status="closed")


def test_what_was_planned_next_is_forgotten(client: APIClient, case: Case) -> None:
    change(client, case, next_action="電話", next_action_on=f"{clock.today() + timedelta(days=30)}")
    shown = client.post(at(case, "close"), REASON).json()
    assert (shown["next_action"], shown["next_action_on"]) == ("", None)


@BOTH
def test_a_draft_is_thrown_away(
    client: APIClient, worker: Actor, helper: Actor, case: Case, verb: str
) -> None:
    draft = a_draft(worker, helper.agency, case)
    client.post(at(case, verb), REASON)
    draft.refresh_from_db()
    assert draft.status == "discarded"


@BOTH
def test_a_referral_under_way_is_closed_as_settled(
    client: APIClient, worker: Actor, helper: Actor, case: Case, verb: str
) -> None:
    sent = a_sent_referral(worker, helper.agency, case)
    accepted = a_sent_referral(worker, helper.agency, case)
    accept(actor=helper, referral_id=accepted.pk)
    client.post(at(case, verb), REASON)
    states = Referral.objects.values_list("status", "closed_as")
    assert list(states) == [("closed", "settled")] * 2
    assert {sent.pk, accepted.pk} == set(
        ReferralEvent.objects.filter(verb="settle").values_list("referral", flat=True)
    )


def test_both_sides_read_why(client: APIClient, worker: Actor, helper: Actor, case: Case) -> None:
    sent = a_sent_referral(worker, helper.agency, case)
    client.post(at(case, "close"), {"reason": "moved_away"})
    for side in (worker, helper):
        story = api(side).get(f"/api/v1/referrals/{sent.pk}/events/").json()["results"]
        assert (story[0]["verb"], story[0]["side"]) == ("settle", "HOUSE")
        assert story[0]["data"] == {"cause": "case_ended", "reason": "moved_away"}


def test_nobody_is_chased_for_it_any_more(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    sent = a_sent_referral(worker, helper.agency, case)
    client.post(at(case, "close"), REASON)
    reminder = Reminder.objects.get(kind="referral.unanswered", subject_id=sent.pk)
    assert reminder.settled_at


def test_what_a_referral_granted_runs_out(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    referral = a_sent_referral(worker, helper.agency, case)
    accept(actor=helper, referral_id=referral.pk)
    client.post(at(case, "close"), REASON)
    referral.refresh_from_db()
    assert referral.r_until
    assert Grant.objects.get(subject_kind="case").until == referral.r_until


def test_a_loop_that_was_closed_before_stays_as_it_was(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    referral = a_sent_referral(worker, helper.agency, case)
    accept(actor=helper, referral_id=referral.pk)
    complete(
        actor=helper,
        referral_id=referral.pk,
        outcome=ReferralOutcome.SERVICE_STARTED,
        report="通所",
    )
    close(actor=worker, referral_id=referral.pk, need_met=NeedMet.YES)
    client.post(at(case, "close"), REASON)
    referral.refresh_from_db()
    assert (referral.closed_as, referral.need_met) == ("closed", "yes")


def test_if_one_room_cannot_settle_nothing_has_happened(
    client: APIClient, worker: Actor, helper: Actor, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_given: object) -> None:
        raise RuntimeError

    sent = a_sent_referral(worker, helper.agency, case)
    monkeypatch.setattr(case_ended, "_parts", [*case_ended._parts, refuse])
    client.raise_request_exception = False
    assert code_of(client.post(at(case, "close"), REASON), 500) == "server_error"
    sent.refresh_from_db()
    case.refresh_from_db()
    assert (case.status, sent.status) == ("assessing", "sent")


def test_an_ended_case_stays_readable(client: APIClient, worker: Actor, case: Case) -> None:
    client.post(at(case, "close"), REASON)
    case.refresh_from_db()
    assert sees(worker, case)
    assert client.get("/api/v1/cases/").json()["results"] == []


def test_but_is_not_changed(client: APIClient, worker: Actor, helper: Actor, case: Case) -> None:
    client.post(at(case, "close"), REASON)
    words = {
        "case": str(case.pk),
        "receiver": str(helper.agency_id),
        "kind": "CO_SUPPORT",
        "need": "assessment",
        "reason": "x",
    }
    for answer in (
        change(client, case, plan="x"),
        client.post(at(case, "reassign"), {"person": str(worker.user_id)}),
        client.post("/api/v1/referrals/", words),
    ):
        assert code_of(answer, 409) == "conflict"


@BOTH
def test_it_is_taken_up_again_from_the_assessment_on(
    client: APIClient, case: Case, verb: str
) -> None:
    client.post(at(case, verb), REASON)
    shown = client.post(at(case, "reopen"), {}).json()
    assert (shown["status"], shown["ended_at"]) == ("assessing", None)
    assert (shown["end_reason"], shown["end_note"]) == ("", "")
    assert change(client, case, plan="再アセスメント").status_code == 200


def test_reopening_brings_no_referral_back(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    sent = a_sent_referral(worker, helper.agency, case)
    client.post(at(case, "close"), REASON)
    client.post(at(case, "reopen"), {})
    sent.refresh_from_db()
    assert (sent.status, sent.closed_as) == ("closed", "settled")


def test_what_a_meeting_agreed_on_outlasts_the_case(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    share(worker, case, helper.agency_id)
    client.post(at(case, "close"), REASON)
    assert api(helper).get(at(case)).status_code == 200
