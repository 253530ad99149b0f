"""A world with one of everything that the API has an address for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from carenet.access.models import Grant
from carenet.accounts.actions.sign_in import digest_of
from carenet.accounts.models import CodePurpose, SignInCode
from carenet.agencies.actions import (
    add_calendar_exception,
    add_chasing_rule,
    invite,
    record_absence,
)
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind, Membership
from carenet.agencies.roles import Role
from carenet.cases.actions.assessments import assess
from carenet.cases.actions.cases import edit, reassign
from carenet.cases.actions.consultations import record, triage
from carenet.cases.actions.goals import move_goal
from carenet.cases.actions.notes import write_note
from carenet.cases.actions.plans import agree, write_plan
from carenet.cases.models import Case, CaseMember, PlanGoal, SupportPlan
from carenet.cases.states import ConsultationStatus, GoalVerb
from carenet.core import clock
from carenet.jobs.actions import start as begin_work
from carenet.referrals.models import DeclineCode
from carenet.reminders.actions import acknowledge, deliver_next, fall_due
from carenet.reminders.models import InboxEntry
from tests.cases.paths import share
from tests.factories import PDF, a_case, a_member, a_resident, a_user, an_agency
from tests.system.abuse import OF_ABUSE, abuse_by_address, meant_of_abuse, set_apart_by
from tests.system.closures import OF_CLOSURES, closures_by_address, meant_of_closures
from tests.system.people import BASE, LONG_AGO, MEANT_OF_FACTS, OnTheRegister
from tests.system.referrals import detours_by_address, referrals_by_address
from tests.system.section_moves import OF_SECTIONS, meant_of_sections, section_move_at
from tests.system.watch import is_of_watch, meant_of_watch, watch_by_address
from tests.tasks.calls import a_task

SAID: dict[str, Any] = {
    "channel": "phone",
    "relationship": "self",
    "topics": ["health"],
    "main_topic": "health",
    "content": "眠れない",
}
#: The code that went to a new address.
MAILED = "ABCDEFGHJKLM"
#: What a body about an agency, its members or their notifications would say if somebody meant it.
MEANT_OF_AGENCIES: dict[str, Any] = {
    "state": "limited",
    "closed_until": None,
    "roles": ["staff"],
    "closed_weekdays": [5, 6],
    "stage": "start",
    "days_to_due": 2,
    "quiet_from": "20:00",
    "quiet_until": "07:00",
    "digest_at": "08:30",
    "language": "ja",
    "email": "hanako@plaza.example.jp",
}


class OneOfEach(OnTheRegister):
    """What stands behind the addresses of the contract, as far as `actor` may see it."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.colleague = a_member(actor.agency)
        #: Who decides on a report of abuse together with the actor.
        self.decider = a_member(actor.agency, Role.STAFF, Role.MANAGER)
        self.partner = a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))
        self.person = a_resident(actor)
        self.case = a_case(actor, self.person)
        self.consultation = record(actor=actor, subject=self.person, **SAID)
        self.note = write_note(
            actor=actor,
            case_id=self.case.pk,
            kind="fact",
            audience="case",
            text="訪問",
            happened_at=LONG_AGO,
        )
        share(actor, self.case, self.partner.agency_id)
        self.by_address: dict[str, Model] = self._below_an_agency() | self._below_a_case()
        self.by_address |= referrals_by_address(actor, self.partner, self.case)
        self.by_address |= detours_by_address(actor, self.partner, self.case)
        self.by_address |= closures_by_address(actor)
        self.by_address |= abuse_by_address(actor, self.colleague, self.decider)
        self.by_address |= self._below_a_person()
        self.by_address |= self._register()
        self.by_address |= watch_by_address(actor, self.colleague)
        self.watch: Any = self.by_address[f"{BASE}/watch-assignments/{{assignment_id}}"]
        self.by_address[f"{BASE}/consultations/{{id}}"] = self.consultation
        self.by_address[f"{BASE}/consultations/{{consultation_id}}"] = set_apart_by(actor)
        self.by_address[f"{BASE}/consultations/{{id}}/take-back/"] = triage(
            actor=actor,
            consultation_id=record(actor=actor, **SAID).pk,
            outcome=ConsultationStatus.ONE_OFF,
            urgency="normal",
        )
        self.by_address[f"{BASE}/reminders/{{id}}"] = self._reminder(self.case)
        taken_on = self._reminder(a_case(actor))
        self.by_address[f"{BASE}/reminders/{{id}}/take-back/"] = acknowledge(
            actor=actor, entry=taken_on
        )
        month = f"{clock.today():%Y-%m}"
        self.by_address[f"{BASE}/jobs/{{id}}"] = begin_work(
            actor=actor, kind="visits.export", options={"month": month}
        )
        handed = a_case(actor)
        assert self.colleague.user
        reassign(actor=actor, case_id=handed.pk, person=self.colleague.user)
        self.by_address[f"{BASE}/cases/{{id}}/take-back/"] = handed
        day = clock.today().isoformat()
        days = {"since": day, "until": day, "asked_at": clock.now().isoformat()}
        for verb in ("release", "refuse"):
            self.by_address[f"{BASE}/jobs/{{id}}/{verb}/"] = begin_work(
                actor=a_member(actor.agency, Role.AUDITOR), kind="trail.export", options=days
            )
        for found in self.by_address.values():
            found.refresh_from_db()

    def find(self, address: str) -> dict[str, Model]:
        """Return the objects that the parameters of an address of the contract stand for."""
        if address.startswith(OF_SECTIONS):
            return section_move_at(self.actor, address)
        found = {
            part[1]: self.by_address[address[: part.end()]]
            for part in re.finditer(r"{(\w+)}", address)
            if part[1] != "kind"  # a name, which the contract lists
        }
        if address in self.by_address:
            found["id"] = self.by_address[address]
        if address == f"{BASE}/agencies/{{agency_id}}/closure/":
            found["agency_id"] = self.by_address[address.rstrip("/")]
        named = found.get("id")
        if isinstance(named, SupportPlan):
            found["case_id"] = named.case
        elif isinstance(named, PlanGoal):
            found["case_id"] = named.plan.case
        return found

    def meant(self, address: str) -> dict[str, Any]:
        """Return what a body would say in these fields if somebody meant it."""
        soon = clock.now() + timedelta(days=1)
        if is_of_watch(address):
            return meant_of_watch(address, self.watch, self.actor, self.colleague)
        if address.startswith((*OF_CLOSURES, OF_SECTIONS)):
            of_sections = address.startswith(OF_SECTIONS)
            return (
                meant_of_sections(self.actor, address)
                if of_sections
                else meant_of_closures(address, self.by_address)
            )
        if address.startswith(f"{BASE}/me/"):
            return {"agency": str(self.actor.agency_id), "email": "", "code": MAILED}
        if address == f"{BASE}/consultations/{{id}}/triage/":
            return {"outcome": "case_joined", "case": str(self.case.pk)}
        limited = self._meant_within_limits(address, soon) or self._meant_of_tasks(address, soon)
        limited = limited or (MEANT_OF_FACTS if "/facts/" in address else {})
        if special := limited or self._meant_here_alone(address, soon):
            return special
        return {
            **_meant_of_plans(),
            **self._meant_of_people(address, soon),
            **self._meant_of_parties(),
            **MEANT_OF_AGENCIES,
            "corrects": None,
            "pool": None,
            "duplicate_reason": "別の件",
            "file": PDF,
            "text": "訪問",
            "audience": "case",
            "readers": [],
            "topics": ["health", "care"],
            "main_topic": "care",
            "kind": "fact" if address.endswith("/notes/") else "CO_SUPPORT",
            "code": DeclineCode.NO_CAPACITY.value,
            "next_action": "電話",
            "next_action_on": timezone.localdate(soon).isoformat(),
            "birth_date": "1941-12-08",
            "birth_year": None,
            "happened_at": LONG_AGO.isoformat(),
            "received_at": LONG_AGO.isoformat(),
            "part_of": None,
            "channel": _channel(address),
            "first_contact_on": clock.today().isoformat(),
            "answer_wanted_by": soon.isoformat(),
            "until": None if address.startswith(f"{BASE}/households/") else soon.isoformat(),
            "on": LONG_AGO.date().isoformat() if address.endswith("/end/") else "2030-06-06",
            "since": clock.now().isoformat() if address.endswith("/absences/") else None,
        }

    def _meant_of_parties(self) -> dict[str, Any]:
        """Return who and which case is meant."""
        return {
            "from_person": str(self.actor.user_id),
            "to_person": str(self.colleague.user_id),
            "cases": [{"case": str(self.case.pk)}],
            "subject": str(self.person.pk),
            "case": str(self.case.pk),
            "receiver": str(self.partner.agency_id),
            "agency": str(self.partner.agency_id),
            "addressee": str(self.partner.user_id),
            "person": str(self.colleague.user_id),
            "person_in_charge": str(self.colleague.user_id),
            "user": str(self.colleague.user_id),
            "username": self.partner.user and self.partner.user.username,
            "deputy": str(self.actor.user_id),
            "partner": str(self.partner.agency_id),
        }

    @staticmethod
    def _meant_within_limits(address: str, soon: datetime) -> dict[str, Any]:
        """Return the bodies whose dates and bases have limits of their own; empty for all others."""
        if address.endswith("/hold/"):
            return {"reason": "入院", "review_on": timezone.localdate(soon).isoformat()}
        if address == f"{BASE}/inquiries/{{id}}/share/":
            return {
                "basis": "CLEAR_BENEFIT",
                "reason": "支援につなぐ",
                "until": soon.isoformat(),
                "consent": None,
                "consent_said": None,
            }
        return {}

    def _meant_of_tasks(self, address: str, soon: datetime) -> dict[str, Any]:
        """Return what is said of tasks; empty for all other addresses."""
        if not address.startswith(f"{BASE}/tasks/"):
            return {}
        return {
            "case": str(self.case.pk),
            "what": "電話",
            "due_on": timezone.localdate(soon).isoformat(),
            "agency": str(self.actor.agency_id),
            "person": str(self.colleague.user_id),
            "source": "note",
            "source_id": str(self.note.pk),
            "reason": "本人が辞退",
        }

    def _meant_here_alone(self, address: str, soon: datetime) -> dict[str, Any]:
        """Return the bodies that share nothing with the others; empty for all other addresses."""
        today, a_year_on = clock.today(), clock.today() + timedelta(days=365)
        if address.endswith("/assign/"):
            return {
                "agency": str(self.actor.agency_id),
                "person": str(self.colleague.user_id),
                "others": "",
            }
        if address.endswith("/review/"):
            return {
                "outcome": "continue",
                "reviewed_on": today.isoformat(),
                "next_review_on": a_year_on.isoformat(),
            }
        if address.startswith(OF_ABUSE):
            return meant_of_abuse(self.case, self.actor, self.colleague, self.decider)
        if address == f"{BASE}/reminders/{{id}}/snooze/":
            return {"until": timezone.localdate(soon).isoformat(), "reason": "入院中"}
        if "/consents/" in address:
            return {
                "agencies": [str(self.partner.agency_id)],
                "stated_on": LONG_AGO.date().isoformat(),
                "expires_on": timezone.localdate(soon).isoformat(),
                "withdrawn_on": LONG_AGO.date().isoformat(),
            }
        return {}

    def _below_an_agency(self) -> dict[str, Model]:
        agency = self.actor.agency
        of_agency = f"{BASE}/agencies/{{agency_id}}"
        member = Membership.objects.get(user=self.colleague.user)
        soon = clock.now() + timedelta(days=30)
        absence = record_absence(
            actor=self.actor, membership=member, since=soon, until=soon + timedelta(days=1)
        )
        rule = add_chasing_rule(actor=self.actor, agency=agency, stage="answer", days_between=2)
        SignInCode.objects.create(
            user_id=str(self.actor.user_id), purpose=CodePurpose.EMAIL, digest=digest_of(MAILED),
            address="hanako@plaza.example.jp", until=soon,
        )  # fmt: skip
        return {
            f"{of_agency}/invitations/{{id}}": invite(
                actor=None, agency=agency, username="nobody", roles=[Role.AUDITOR]
            ),
            f"{BASE}/me/invitations/{{id}}": invite(
                actor=None,
                agency=self.partner.agency,
                roles=[Role.STAFF],
                username=self.actor.user.username if self.actor.user else "",
            ),
            f"{of_agency}/members/{{member_id}}": member,
            f"{of_agency}/members/{{member_id}}/absences/{{id}}": absence,
            f"{of_agency}/chasing/{{id}}": rule,
            f"{BASE}/agencies/{{id}}": agency,
            of_agency: agency,
            f"{of_agency}/members/{{id}}": member,
            f"{of_agency}/calendar/exceptions/{{id}}": add_calendar_exception(
                actor=None, agency=agency, on=datetime(2030, 6, 5, tzinfo=UTC).date()
            ),
        }

    def _below_a_case(self) -> dict[str, Model]:
        of_case = f"{BASE}/cases/{{case_id}}"
        ended, restricted = a_case(self.actor), a_case(self.actor, confidentiality="restricted")
        planned, supporting = a_case(self.actor), a_case(self.actor)
        for case, status in ((planned, "planned"), (supporting, "supporting")):
            type(case).objects.filter(pk=case.pk).update(status=status)
        type(ended).objects.filter(pk=ended.pk).update(
            status="closed", ended_at=LONG_AGO, end_reason="goal_reached"
        )
        return {
            f"{BASE}/tasks/{{id}}": a_task(self.actor, self.case),
            f"{BASE}/cases/{{id}}": self.case,
            f"{BASE}/cases/{{id}}/support/": planned,
            f"{BASE}/cases/{{id}}/monitor/": supporting,
            f"{BASE}/cases/{{id}}/reopen/": ended,
            f"{BASE}/cases/{{id}}/unrestrict/": restricted,
            of_case: self.case,
            f"{of_case}/grants/{{id}}": Grant.objects.get(subject_id=self.case.pk),
            **self._planned(of_case),
            f"{of_case}/named-members/{{id}}": CaseMember.objects.create(
                case=self.case, user=a_user()
            ),
        }

    def _planned(self, of_case: str) -> dict[str, Model]:
        """An assessment of the case, and plans of others: a case has one draft at most."""
        goals = [{"what": "転ばない", "others": "本人"}, {"what": "外に出る", "others": "本人"}]
        draft, plan = (
            write_plan(
                actor=self.actor, case_id=a_case(self.actor).pk, overall_aim="在宅", goals=goals
            )
            for _ in range(2)
        )
        day = clock.today()
        on: Any = {"agreed_on": day, "valid_from": day, "review_on": day}
        plan = agree(actor=self.actor, case_id=plan.case_id, plan_id=plan.pk, **on)
        goal, reached = plan.goals.all()
        move_goal(actor=self.actor, case_id=plan.case_id, goal_id=reached.pk, verb=GoalVerb.REACH)
        assessment = assess(
            actor=self.actor,
            case_id=self.case.pk,
            occasion="first",
            assessed_on=day,
            findings=[{"domain": "health", "concern": "some"}],
        )
        return {
            f"{of_case}/assessments/{{id}}": assessment,
            f"{of_case}/plans/{{id}}": draft,
            f"{of_case}/plans/{{id}}/review/": plan,
            f"{of_case}/goals/{{id}}": goal,
            f"{of_case}/goals/{{id}}/reopen/": reached,
        }

    def _reminder(self, case: Case) -> InboxEntry:
        yesterday = clock.today() - timedelta(days=1)
        edit(actor=self.actor, case_id=case.pk, next_action="電話", next_action_on=yesterday)
        now = clock.now()
        while fall_due(now=now) | deliver_next(now=now):
            pass
        own = InboxEntry.objects.filter(user=self.actor.user, reminder__subject_id=case.pk)
        return own.latest("id")


def _channel(address: str) -> str | None:
    """Return how a call came, or how an agency was told; nobody speaks for another otherwise."""
    if address.endswith("/deliver/"):
        return "fax"
    return None if "/referrals/" in address else "phone"


def _meant_of_plans() -> dict[str, Any]:
    today = clock.today()
    return {
        "occasion": "first",
        "assessed_on": today.isoformat(),
        "findings": [{"domain": "health", "concern": "some"}],
        "goals": [{"what": "転ばない", "others": "本人"}],
        "agreed_on": today.isoformat(),
        "valid_from": today.isoformat(),
        "review_on": (today + timedelta(days=365)).isoformat(),
        "note": "本人と確認",
    }
