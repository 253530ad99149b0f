"""Three tasks of one case, with three owners: one is forgotten, one outlives its owner, one is dropped."""

from __future__ import annotations

from datetime import timedelta

from carenet.agencies.actions import end_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from carenet.core import clock
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry
from tests.factories import a_member, a_sent_referral, api
from tests.tasks.calls import TASKS, in_days, posted


def told(actor: Actor, kind: str) -> int:
    found = InboxEntry.objects.filter(user=actor.user, reminder__kind=kind)
    return found.filter(agency=actor.agency).count()


def let_days_pass(days: int) -> None:
    now = clock.now()
    for each in range(days + 1):
        while work_once(now=now + timedelta(days=each)):
            pass


def test_nothing_of_it_is_lost(worker: Actor, helper: Actor, case: Case) -> None:
    manager, colleague = a_member(worker.agency, Role.MANAGER), a_member(worker.agency)
    theirs = {"agency": str(helper.agency_id), "person": str(helper.user_id)}
    assert posted(worker, case, **theirs).status_code == 400
    accept(actor=helper, referral_id=a_sent_referral(worker, helper.agency, case).pk)
    elsewhere = posted(worker, case, due_on=in_days(1), **theirs).json()
    owned = posted(worker, case, person=str(colleague.user_id)).json()
    dropped = posted(worker, case, person=str(worker.user_id)).json()

    let_days_pass(20)  # over New Year, too
    assert told(helper, "task.due") == 1
    assert told(worker, "task.due") >= 1  # who leads hears of what is forgotten elsewhere

    end_membership(actor=manager, membership=Membership.objects.get(user=colleague.user))
    shown = api(worker).get(f"{TASKS}{owned['id']}/").json()
    assert (shown["person"], [each["cause"] for each in shown["handovers"]]) == (None, ["left"])

    version = {"If-Match": '"2"'}
    gone = api(worker).post(f"{TASKS}{dropped['id']}/drop/", {"reason": "転居"}, headers=version)
    assert (gone.json()["status"], gone.json()["reason"]) == ("dropped", "転居")

    page = api(worker).get(TASKS, {"case": str(case.pk)}).json()["results"]
    assert {each["id"] for each in page} == {elsewhere["id"], owned["id"]}
