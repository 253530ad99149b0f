"""Five agencies around one case, and everybody in them who may ask for something.

`own` leads the case and sent the referrals; `helper` has accepted one (CO_SUPPORT) and works on the
case; `asked` has just been sent one; `stranger` has no part in it; `ward` is the ward office.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from carenet.access.rules import SharingBasis
from carenet.accounts.actions.clients import create_client
from carenet.agencies.actions import (
    add_calendar_exception,
    add_chasing_rule,
    invite,
    plan_operator_change,
    propose_closure,
    record_absence,
)
from carenet.agencies.models import AgencyKind, Membership
from carenet.agencies.roles import Role, Scope
from carenet.audit.models import AuditAction, AuditEntry
from carenet.cases.actions.assessments import assess
from carenet.cases.actions.cases import move, restrict
from carenet.cases.actions.consultation_readers import set_apart
from carenet.cases.actions.consultations import record
from carenet.cases.actions.goals import move_goal
from carenet.cases.actions.plans import agree, write_plan
from carenet.cases.actions.shares import name_member, share_case
from carenet.cases.models import CaseShare, EndReason
from carenet.cases.states import CaseVerb, GoalVerb
from carenet.jobs.actions import start as begin_work
from carenet.oversight.models import Incident
from carenet.referrals.actions.acceptance_and_outcome import accept, complete, fail, start
from carenet.referrals.actions.decline import confirm_decline, propose_decline
from carenet.referrals.actions.questions_and_pauses import ask, hold
from carenet.referrals.actions.voided_referrals import void
from carenet.referrals.actions.withdrawal import request_withdrawal
from carenet.referrals.models import DeclineCode, DeclinedBy, ReferralOutcome
from carenet.reminders.models import Delivery, InboxEntry, Reminder
from carenet.reminders.states import DeliveryState
from carenet.residents.actions import (
    add_contact,
    end_record,
    find_duplicates,
    found_household,
    inquire,
    merge,
    record_consent,
)
from tests.access.abuse import REPORTER, REPORTER_PHONE, abuse_targets
from tests.access.watch import WATCHED, WATCHED_KANA, watch_targets
from tests.factories import (
    BEHIND,
    a_case,
    a_draft,
    a_member,
    a_resident,
    a_sent_referral,
    a_user,
    an_agency,
    an_attachment,
    api,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpResponse

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.cases.models import Case
    from carenet.referrals.models import Referral
    from carenet.residents.models import Resident

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MULTIPART = MULTIPART_CONTENT
#: Names that nobody may read who has no part in the case.
FAMILY_NAME, FAMILY_KANA = "鷗沢﨑", "カモメザワサキ"
ASSESSMENT: dict[str, Any] = {
    "occasion": "first", "assessed_on": date(2026, 1, 5),
    "findings": [{"domain": "health", "concern": "some", "text": "ふらつき"}],
}  # fmt: skip
AGREED: dict[str, Any] = {
    "agreed_on": date(2026, 1, 5), "valid_from": date(2026, 1, 5), "review_on": timezone.localdate() + timedelta(days=200),
}  # fmt: skip
#: Everybody who asks, in the order of the table's columns.
PERSONAS = {
    "anonymous": ("anonymous",),
    "own": ("staff", "manager", "coordinator", "watcher", "auditor", "client", "bare client"),
    "helper": ("staff", "manager", "client"),
    "asked": ("staff", "manager", "client"),
    "stranger": ("staff", "manager", "client"),
    "ward": ("staff", "coordinator", "auditor"),
}


@dataclass(frozen=True)
class Asked:
    """What one request came to: the answer, and what it left in the trail."""

    status: int
    content: bytes
    trail: list[AuditEntry]
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    @property
    def code(self) -> str:
        code: str = json.loads(self.content)["code"]
        return code

    @property
    def names_the_person(self) -> bool:
        return self._tells(FAMILY_NAME, FAMILY_KANA)

    @property
    def names_the_reporter(self) -> bool:
        return self._tells(REPORTER, REPORTER_PHONE)

    @property
    def names_the_watched(self) -> bool:
        return self._tells(WATCHED, WATCHED_KANA)

    def _tells(self, *names: str) -> bool:
        told = self.content.decode(errors="replace")
        return any(name in told or json.dumps(name).strip('"') in told for name in names)

    def left(self, deed: AuditAction) -> list[AuditEntry]:
        return [entry for entry in self.trail if entry.deed == deed]


@dataclass(frozen=True)
class Persona:
    """Somebody who asks: by a session or a token, for one agency."""

    agency: str
    role: str
    headers: dict[str, str] = field(default_factory=dict)
    session: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __str__(self) -> str:
        return f"{self.agency} {self.role}" if self.agency != self.role else self.role

    @property
    def kind(self) -> str:
        """What the trail calls it."""
        if self.agency == "anonymous":
            return "anonymous"
        return "client" if "client" in self.role else "user"

    def ask(
        self, method: str, path: str, body: Any = None, *, kind: str = JSON, **headers: str
    ) -> Asked:
        """Ask once; whatever the request has changed is undone."""
        since = timezone.now()
        with transaction.atomic():
            answer = self.send(method, path, body, kind=kind, **headers)
            trail = list(
                AuditEntry.objects.filter(time__range=(since, timezone.now())).order_by("time")
            )
            transaction.set_rollback(True)
        return Asked(answer.status_code, answer.content, trail, answer.headers, path)

    def send(
        self, method: str, path: str, body: Any = None, *, kind: str = JSON, **headers: str
    ) -> HttpResponse:
        """Ask once, with its effect."""
        told = {"accept-language": "en", "carenet-purpose": "test", **self.headers, **headers}
        self.client.cookies = SimpleCookie({"sessionid": self.session} if self.session else {})
        sent = _encoded(body or {}, kind)
        given: Any = {} if method in {"GET", "HEAD"} else {"data": sent, "content_type": kind}
        return self.client.generic(method, path, headers=told, **given)  # type: ignore[return-value]


def _encoded(body: dict[str, Any], kind: str) -> str | bytes:
    if kind == MULTIPART:
        return encode_multipart(BOUNDARY, {n: ContentFile(v, "a.pdf") for n, v in body.items()})
    return urlencode(body) if kind == FORM else json.dumps(body)


@dataclass(frozen=True)
class Target:
    """An object as addresses name it, and the version that `If-Match` takes."""

    ids: dict[str, UUID]
    version: int = 1


@dataclass
class Scene:
    """Who and what there is."""

    agencies: dict[str, Agency]
    actors: dict[str, Actor]
    personas: list[Persona]
    targets: dict[str, Target] = field(default_factory=dict)
    client: tuple[str, str] = ("", "")
    token: str = ""

    def actor(self, name: str) -> Actor:
        return self.actors[name]

    def user(self, name: str) -> User:
        user = self.actors[name].user
        assert user
        return user

    def persona(self, name: str) -> Persona:
        return next(each for each in self.personas if str(each) == name)

    def agency_id(self, persona: Persona) -> UUID | None:
        found = self.agencies.get(persona.agency)
        return found.pk if found else None

    def id_of(self, target: str) -> str:
        return str(self.targets[target].ids["id"])


def a_scene() -> Scene:
    kinds = {
        "own": AgencyKind.CARE_PLAZA,
        "helper": AgencyKind.CORE_CONSULTATION_CENTER,
        "asked": AgencyKind.LIFE_SUPPORT_CENTER,
        "stranger": AgencyKind.CARE_PLAZA,
        "guest": AgencyKind.SOCIAL_WELFARE_COUNCIL,
        "ward": AgencyKind.WARD_OFFICE,
    }
    agencies = {name: an_agency(kind) for name, kind in kinds.items()}
    actors = {
        f"{agency} {role}": a_member(agencies[agency], Role(role))
        for agency, roles in PERSONAS.items()
        for role in roles
        if role in set(Role)
    }
    actors["own colleague"] = a_member(agencies["own"])
    scene = Scene(agencies, actors, [])
    scene.personas = [
        _persona(scene, agency, role) for agency, roles in PERSONAS.items() for role in roles
    ]
    _furnish(scene)
    # Nobody sweeps here: however long the suite takes, nothing is overdue to `/healthz`.
    tomorrow = timezone.now() + timedelta(days=1)
    Reminder.objects.filter(settled_at=None, due_at__lt=tomorrow).update(due_at=tomorrow)
    Delivery.objects.filter(finished_at=None, due_at__lt=tomorrow).update(due_at=tomorrow)
    return scene


def _persona(scene: Scene, agency: str, role: str) -> Persona:
    if agency == "anonymous":
        return Persona(agency, role)
    if "client" in role:
        # A scope that opens nothing yet.
        scopes = [Scope.AGENCIES_WRITE] if role == "bare client" else list(Scope)
        client_id, secret = _client(scene.agencies[agency], scopes)
        return Persona(
            agency,
            role,
            {
                "authorization": f"Bearer {a_token(client_id, secret)}",
                "carenet-acting-person": quote(BEHIND),
            },
        )
    signed_in = api(scene.actor(f"{agency} {role}"))
    return Persona(
        agency,
        role,
        {"carenet-agency": str(scene.agencies[agency].pk)},
        signed_in.cookies["sessionid"].value,
    )


def _client(agency: Agency, scopes: list[Scope]) -> tuple[str, str]:
    client, secret = create_client(agency=agency, name="system", scopes=scopes)
    return client.client_id, secret


def a_token(client_id: str, secret: str) -> str:
    answer = Client().post("/oauth/token/", credentials(client_id, secret))
    token: str = answer.json()["access_token"]
    return token


def credentials(client_id: str, secret: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials", "client_id": client_id, "client_secret": secret,
    }  # fmt: skip


def _furnish(scene: Scene) -> None:
    """Make what the addresses name: each object in a state in which somebody may act on it."""
    put, staff = scene.targets.__setitem__, scene.actor("own staff")
    person = a_resident(staff, family_name=FAMILY_NAME, family_kana=FAMILY_KANA)
    case, sent, accepted = _a_shared_case(scene, person)
    put("resident", Target({"id": person.pk, "resident_id": person.pk}))
    _furnish_person(scene, person)
    put("case", _case(case))
    put("sent", _referral(sent))
    put("accepted", _referral(accepted))
    draft = a_draft(staff, scene.agencies["helper"], case)
    put("draft", _referral(draft))
    put("file", _file(staff, accepted))
    put("scrap", _file(staff, draft))
    pool = [scene.agencies["helper"], scene.agencies["asked"]]
    put("offered", _referral(a_sent_referral(staff, None, case, need="housing", pool=pool)))
    _furnish_states(scene, person)
    _furnish_plans(scene)
    _furnish_detours(scene, person)
    _furnish_parts(scene, case)
    _furnish_agency(scene)
    _furnish_register(scene)
    consultation = record(
        actor=staff, channel="phone", relationship="neighbour", subject=person,
        topics=["health"], main_topic="health", content=f"{FAMILY_NAME}さんを見ない",
    )  # fmt: skip
    put("consultation", Target({"id": consultation.pk, "consultation_id": consultation.pk}))
    apart = record(
        actor=staff, channel="phone", relationship="neighbour", subject=person,
        topics=["abuse"], main_topic="abuse", content=f"{FAMILY_NAME}さんの声",
    )  # fmt: skip
    set_apart(actor=staff, consultation_id=apart.pk)
    put("apart", Target({"id": apart.pk, "consultation_id": apart.pk}))
    made = abuse_targets(scene.actors) | watch_targets(scene.actors)
    for name, (ids, version) in made.items():
        put(name, Target(ids, version))
    # Last: a report of abuse ends what is under way.
    month = f"{timezone.localdate():%Y-%m}"
    job = begin_work(actor=staff, kind="visits.export", options={"month": month})
    put("job", Target({"id": job.pk}))
    scene.client = _client(scene.agencies["own"], [Scope.CASES_READ])
    scene.token = a_token(*scene.client)
    _let_nothing_be_overdue()


def _let_nothing_be_overdue() -> None:
    """No sweep sees to what is due at once; in a long run `/healthz` would grow worried about it."""
    now = timezone.now()
    Reminder.objects.filter(due_at__lte=now).update(due_at=None)
    Delivery.objects.filter(finished_at=None, due_at__lte=now).update(
        due_at=now + timedelta(days=1)
    )


def _furnish_person(scene: Scene, person: Resident) -> None:
    """What hangs on a person: the name is in each of them, for it must reach nobody else."""
    put, staff = scene.targets.__setitem__, scene.actor("own staff")
    of_person: Any = {"actor": staff, "resident_id": person.pk}
    words = f"{FAMILY_NAME}さんの弟"
    contact = add_contact(**of_person, name=words, relationship="sibling")
    put("contact", Target({"resident_id": person.pk, "id": contact.pk}))
    consent = record_consent(
        **of_person, pole="given", agencies=[scene.agencies["asked"]], agency_kinds=[],
        categories=["support"], method="written", note=words,
    )  # fmt: skip
    put("consent", Target({"resident_id": person.pk, "id": consent.pk}))
    member = found_household(actor=staff, resident=person, role="head")
    household = {"id": member.household_id, "household_id": member.household_id}
    put("household", Target(household))
    put("inhabitant", Target(household | {"id": member.pk}))
    put("homeless", Target({"id": a_resident(staff).pk}))
    gone = a_resident(staff)
    end_record(actor=staff, resident_id=gone.pk, reason="moved_away", on=date(2026, 1, 5))
    put("gone", Target({"id": gone.pk}))


def _a_shared_case(scene: Scene, person: Resident) -> tuple[Case, Referral, Referral]:
    """Return a case that `helper` works on, the referral to `asked`, and the one to `helper`."""
    staff = scene.actor("own staff")
    case = a_case(staff, person, summary=f"{FAMILY_NAME}さんの独居")
    sent = a_sent_referral(staff, scene.agencies["asked"], case)
    accepted = a_sent_referral(staff, scene.agencies["helper"], case)
    return case, sent, accept(actor=scene.actor("helper staff"), referral_id=accepted.pk)


def _furnish_states(scene: Scene, person: Resident) -> None:
    """Cases and referrals as far along as their verbs need them."""
    put, staff, helper = (
        scene.targets.__setitem__, scene.actor("own staff"), scene.actor("helper staff"),
    )  # fmt: skip
    for name, verbs in {
        "planned": [CaseVerb.PLAN],
        "supporting": [CaseVerb.PLAN, CaseVerb.SUPPORT],
        "closed": [CaseVerb.CLOSE],
    }.items():
        case = _a_shared_case(scene, person)[0]
        for verb in verbs:
            why = EndReason.GOAL_REACHED if verb is CaseVerb.CLOSE else ""
            case = move(actor=staff, case_id=case.pk, verb=verb, reason=why)
        put(name, _case(case))
    case, proposed, worked_on = _a_shared_case(scene, person)
    asked: Any = {"actor": scene.actor("asked staff"), "referral_id": proposed.pk}
    code, by = DeclineCode.NO_CAPACITY, DeclinedBy.PROVIDER
    put("declining", _referral(propose_decline(**asked, code=code, declined_by=by)))
    start(actor=helper, referral_id=worked_on.pk, first_contact_on=timezone.localdate())
    done: Any = {"outcome": ReferralOutcome.SERVICE_STARTED, "report": "通所につながった"}
    put("completed", _referral(complete(actor=helper, referral_id=worked_on.pk, **done)))
    case, _, ended = _a_shared_case(scene, person)
    put("over", _case(case))
    put("ended", _referral(fail(actor=helper, referral_id=ended.pk, reason="転居")))
    over = timezone.now() - timedelta(hours=1)
    case.referrals.filter(pk=ended.pk).update(r_until=over)
    CaseShare.objects.filter(content_object=case).update(until=over)
    case, secret, _ = _a_shared_case(scene, person)
    name_member(actor=staff, case_id=case.pk, user=scene.user("own colleague"))
    put("restricted", _case(restrict(actor=staff, case_id=case.pk)))
    put("secret", _referral(secret))


def _furnish_plans(scene: Scene) -> None:
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


def _furnish_detours(scene: Scene, person: Resident) -> None:
    """Referrals that do not go straight on."""
    put, staff, helper = (
        scene.targets.__setitem__, scene.actor("own staff"), scene.actor("helper staff"),
    )  # fmt: skip
    why = "本人が辞退"
    _, questioned = _a_shared_case(scene, person)[1:]
    put("questioned", _referral(ask(actor=helper, referral_id=questioned.pk, question="鍵は?")))
    _, declined, held = _a_shared_case(scene, person)
    later: Any = {"reason": "入院", "review_on": timezone.localdate() + timedelta(days=60)}
    put("held", _referral(hold(actor=helper, referral_id=held.pk, **later)))
    code, by = DeclineCode.NO_CAPACITY, DeclinedBy.PROVIDER
    asked: Any = {"actor": scene.actor("asked staff"), "referral_id": declined.pk}
    propose_decline(**asked, code=code, declined_by=by)
    put("declined", _referral(confirm_decline(actor=staff, referral_id=declined.pk)))
    for name in ("at_work", "wanted_back"):
        _, mistaken, begun = _a_shared_case(scene, person)
        begun = start(actor=helper, referral_id=begun.pk, first_contact_on=timezone.localdate())
        if name == "wanted_back":
            begun = request_withdrawal(actor=staff, referral_id=begun.pk, reason=why)
        put(name, _referral(begun))
    void(actor=staff, referral_id=mistaken.pk, reason="別人の記録")
    put("incident", Target({"id": Incident.objects.get(referral=mistaken).pk}, 1))


def _furnish_parts(scene: Scene, case: Case) -> None:
    staff = scene.actor("own staff")
    grant = share_case(
        actor=staff, case_id=case.pk, agency=scene.agencies["guest"], codename="view_case",
        basis=SharingBasis.WITHIN_PURPOSE, reason="支援会議",
    )  # fmt: skip
    named = name_member(actor=staff, case_id=case.pk, user=scene.user("own colleague"))
    scene.targets["grant"] = Target({"case_id": case.pk, "id": grant.pk})
    scene.targets["naming"] = Target({"case_id": case.pk, "id": named.pk})
    reminder = Reminder.objects.get(subject_id=scene.targets["sent"].ids["id"], settled_at=None)
    to = {"reminder": reminder, "agency": staff.agency, "dedupe_key": "one"}
    delivery = Delivery.objects.create(
        **to, step=0, recipient=staff.user, channel="inbox", state=DeliveryState.SENT,
        due_at=timezone.now(), next_try_at=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip
    entry = InboxEntry.objects.create(**to, user=staff.user, delivery=delivery)
    scene.targets["reminder"] = Target({"id": entry.pk})


def _furnish_register(scene: Scene) -> None:
    """Two records that were merged, one that could be; hints at somebody whom `stranger` knows."""
    put, staff = scene.targets.__setitem__, scene.actor("own staff")
    double, survivor, merged = (a_resident(staff) for _each in range(3))
    merge(actor=staff, survivor_id=survivor.pk, loser_id=merged.pk, reason="同じ人")
    put("double", Target({"id": double.pk}))
    put("merged", Target({"id": merged.pk}))
    put("survivor", Target({"id": survivor.pk}, 2))
    known = {"family_name": "神宮司", "given_name": "環", "birth_date": date(1941, 12, 8)}
    a_resident(scene.actor("stranger staff"), **known)
    (used,), (hint,) = (find_duplicates(actor=staff, **known).hints for _each in range(2))
    inquiry = inquire(actor=staff, hint_id=used.pk, words="訪問で出会った")
    put("hint", Target({"id": hint.pk}))
    put("inquiry", Target({"id": inquiry.pk}))


def _furnish_agency(scene: Scene) -> None:
    own = scene.agencies["own"]
    day = add_calendar_exception(actor=None, agency=own, on=date(2030, 1, 7))
    member = Membership.objects.get(user=scene.user("own colleague"))
    absence = record_absence(
        actor=scene.actor("own manager"), membership=member, deputy=scene.user("own staff"),
        since=timezone.now() + timedelta(days=300), until=timezone.now() + timedelta(days=310),
    )  # fmt: skip
    rule = add_chasing_rule(
        actor=scene.actor("own manager"), agency=own, stage="answer", days_between=2
    )
    self_ = Membership.objects.get(user=scene.user("own staff"))
    own.refresh_from_db()
    closure = propose_closure(
        actor=scene.actor("ward coordinator"), agency=own, reason="3月末で閉所",
        successor=scene.agencies["helper"],
    )  # fmt: skip
    scene.targets["closure"] = Target({"id": closure.pk})
    change = plan_operator_change(
        actor=scene.actor("ward coordinator"), agency=own, operator_name="社会福祉法人みほん",
        on=timezone.localdate() + timedelta(days=300),
    )  # fmt: skip
    scene.targets["change"] = Target({"id": change.pk})
    scene.targets["agency"] = Target({"id": own.pk, "agency_id": own.pk}, own.version)
    of_member = {"agency_id": own.pk, "member_id": member.pk}
    scene.targets["member"] = Target({**of_member, "id": member.pk}, member.version)
    scene.targets["self"] = Target({"agency_id": own.pk, "member_id": self_.pk})
    scene.targets["absence"] = Target({**of_member, "id": absence.pk})
    scene.targets["rule"] = Target({"agency_id": own.pk, "id": rule.pk})
    scene.targets["day"] = Target({"agency_id": own.pk, "id": day.pk}, own.version)
    scene.actors["newcomer"] = a_member(an_agency(), user=a_user(username="newcomer"))
    manager, stranger = scene.actor("own manager"), scene.user("stranger staff")
    for name, by, username, role in (
        ("invited", manager, "nobody", Role.STAFF),
        ("auditor", None, "somebody", Role.AUDITOR),
        ("own_invitation", manager, stranger.username, Role.WATCHER),
    ):
        sent = invite(actor=by, agency=own, username=username, roles=[role])
        scene.targets[name] = Target({"agency_id": own.pk, "id": sent.pk})


def _file(actor: Actor, referral: Referral) -> Target:
    found = an_attachment(actor, referral)
    return Target({"referral_id": referral.pk, "id": found.pk})


def _case(case: Case) -> Target:
    return Target({"id": case.pk, "case_id": case.pk}, case.version)


def _referral(referral: Referral) -> Target:
    return Target({"id": referral.pk, "referral_id": referral.pk}, referral.version)
