"""Cases and their referrals, plans and detours, each as far along as its verbs need it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from carenet.agencies.models import AgencyKind
from carenet.cases.actions.assessments import assess
from carenet.cases.actions.cases import move, restrict
from carenet.cases.actions.goals import move_goal
from carenet.cases.actions.plans import agree, write_plan
from carenet.cases.actions.shares import name_member
from carenet.cases.models import Case, CaseShare, EndReason
from carenet.cases.states import CaseVerb, GoalVerb
from carenet.oversight.models import Incident
from carenet.referrals.actions.acceptance_and_outcome import accept, complete, fail, start
from carenet.referrals.actions.decline import confirm_decline, propose_decline
from carenet.referrals.actions.questions_and_pauses import ask, hold
from carenet.referrals.actions.voided_referrals import void
from carenet.referrals.actions.withdrawal import request_withdrawal
from carenet.referrals.models import DeclineCode, DeclinedBy, Referral, ReferralOutcome
from carenet.residents.models import Resident
from carenet.tasks.actions import give
from tests.access.names import FAMILY_NAME
from tests.access.scene import Scene, Target
from tests.factories import a_case, a_sent_referral, an_agency

ASSESSMENT: dict[str, Any] = {
    "occasion": "first", "assessed_on": date(2026, 1, 5),
    "findings": [{"domain": "health", "concern": "some", "text": "ふらつき"}],
}  # fmt: skip
AGREED: dict[str, Any] = {
    "agreed_on": date(2026, 1, 5), "valid_from": date(2026, 1, 5), "review_on": timezone.localdate() + timedelta(days=200),
}  # fmt: skip


def a_shared_case(scene: Scene, person: Resident) -> tuple[Case, Referral, Referral]:
    """Return a case that `helper` works on, the referral to `asked`, and the one to `helper`."""
    staff = scene.actor("own staff")
    case = a_case(staff, person, summary=f"{FAMILY_NAME}さんの独居")
    sent = a_sent_referral(staff, scene.agencies["asked"], case)
    accepted = a_sent_referral(staff, scene.agencies["helper"], case)
    return case, sent, accept(actor=scene.actor("helper staff"), referral_id=accepted.pk)


def furnish_states(scene: Scene, person: Resident) -> None:
    """Cases and referrals as far along as their verbs need them."""
    put, staff, helper = (
        scene.targets.__setitem__, scene.actor("own staff"), scene.actor("helper staff"),
    )  # fmt: skip
    for name, verbs in {
        "planned": [CaseVerb.PLAN],
        "supporting": [CaseVerb.PLAN, CaseVerb.SUPPORT],
        "closed": [CaseVerb.CLOSE],
    }.items():
        case = a_shared_case(scene, person)[0]
        for verb in verbs:
            why = EndReason.GOAL_REACHED if verb is CaseVerb.CLOSE else ""
            case = move(actor=staff, case_id=case.pk, verb=verb, reason=why)
        put(name, case_target(case))
    case, proposed, worked_on = a_shared_case(scene, person)
    asked: Any = {"actor": scene.actor("asked staff"), "referral_id": proposed.pk}
    code, by = DeclineCode.NO_CAPACITY, DeclinedBy.PROVIDER
    put("declining", referral_target(propose_decline(**asked, code=code, declined_by=by)))
    start(actor=helper, referral_id=worked_on.pk, first_contact_on=timezone.localdate())
    done: Any = {"outcome": ReferralOutcome.SERVICE_STARTED, "report": "通所につながった"}
    put("completed", referral_target(complete(actor=helper, referral_id=worked_on.pk, **done)))
    case, _, ended = a_shared_case(scene, person)
    put("over", case_target(case))
    put("ended", referral_target(fail(actor=helper, referral_id=ended.pk, reason="転居")))
    over = timezone.now() - timedelta(hours=1)
    case.referrals.filter(pk=ended.pk).update(r_until=over)
    CaseShare.objects.filter(content_object=case).update(until=over)
    case, secret, _ = a_shared_case(scene, person)
    name_member(actor=staff, case_id=case.pk, user=scene.user("own colleague"))
    put("restricted", case_target(restrict(actor=staff, case_id=case.pk)))
    put("secret", referral_target(secret))


def furnish_tasks(scene: Scene) -> None:
    """A task of `helper`, one of the lead, and one in a case for named members."""
    staff, case_id = scene.actor("own staff"), scene.targets["supporting"].ids["id"]
    words: Any = {
        "what": f"{FAMILY_NAME}さんに電話",
        "due_on": timezone.localdate() + timedelta(days=30),
    }
    for name, on, whose in (
        ("task", case_id, {"agency": scene.agencies["helper"]}),
        ("own_task", case_id, {}),
        ("secret_task", scene.targets["restricted"].ids["id"], {"person": scene.user("own colleague")}),
    ):  # fmt: skip
        task = give(actor=staff, on=("case", on), **words, **whose)
        scene.targets[name] = Target({"id": task.pk}, task.version)


def furnish_plans(scene: Scene) -> None:
    """An assessment and a draft on one case, and a plan in force on another; `helper` sees to goals."""
    put, staff = scene.targets.__setitem__, scene.actor("own staff")
    case_id = scene.targets["planned"].ids["id"]
    found = assess(actor=staff, case_id=case_id, **ASSESSMENT)
    put("assessment", Target({"case_id": case_id, "id": found.pk}))
    goals: list[dict[str, Any]] = [
        {"what": "転ばない", "agency": scene.agencies["helper"]} for _ in range(2)
    ]
    words: Any = {"actor": staff, "overall_aim": f"{FAMILY_NAME}さんが家で暮らす", "goals": goals}
    draft = write_plan(case_id=case_id, **words)
    put("drafted", Target({"case_id": case_id, "id": draft.pk}, draft.version))
    case_id = scene.targets["supporting"].ids["id"]
    plan = write_plan(case_id=case_id, **words)
    plan = agree(actor=staff, case_id=case_id, plan_id=plan.pk, **AGREED)
    put("agreed", Target({"case_id": case_id, "id": plan.pk}, plan.version))
    goal, other = plan.goals.all()
    put("goal", Target({"case_id": case_id, "id": goal.pk}))
    move_goal(actor=staff, case_id=case_id, goal_id=other.pk, verb=GoalVerb.REACH)
    put("reached", Target({"case_id": case_id, "id": other.pk}, 2))


def furnish_detours(scene: Scene, person: Resident) -> None:
    """Referrals that do not go straight on."""
    put, staff, helper = (
        scene.targets.__setitem__, scene.actor("own staff"), scene.actor("helper staff"),
    )  # fmt: skip
    why = "本人が辞退"
    untold = a_sent_referral(staff, an_agency(AgencyKind.MEDICAL), a_case(staff, person))
    put("untold", referral_target(untold))
    _, questioned = a_shared_case(scene, person)[1:]
    put(
        "questioned",
        referral_target(ask(actor=helper, referral_id=questioned.pk, question="鍵は?")),
    )
    _, declined, held = a_shared_case(scene, person)
    later: Any = {"reason": "入院", "review_on": timezone.localdate() + timedelta(days=60)}
    put("held", referral_target(hold(actor=helper, referral_id=held.pk, **later)))
    code, by = DeclineCode.NO_CAPACITY, DeclinedBy.PROVIDER
    asked: Any = {"actor": scene.actor("asked staff"), "referral_id": declined.pk}
    propose_decline(**asked, code=code, declined_by=by)
    put("declined", referral_target(confirm_decline(actor=staff, referral_id=declined.pk)))
    for name in ("at_work", "wanted_back"):
        _, mistaken, begun = a_shared_case(scene, person)
        begun = start(actor=helper, referral_id=begun.pk, first_contact_on=timezone.localdate())
        if name == "wanted_back":
            begun = request_withdrawal(actor=staff, referral_id=begun.pk, reason=why)
        put(name, referral_target(begun))
    void(actor=staff, referral_id=mistaken.pk, reason="別人の記録")
    put("incident", Target({"id": Incident.objects.get(referral=mistaken).pk}, 1))


def case_target(case: Case) -> Target:
    return Target({"id": case.pk, "case_id": case.pk}, case.version)


def referral_target(referral: Referral) -> Target:
    return Target({"id": referral.pk, "referral_id": referral.pk}, referral.version)
