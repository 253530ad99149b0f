"""The objects that addresses name, each in a state in which somebody may act on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from carenet.access.rules import SharingBasis
from carenet.agencies.actions import (
    add_calendar_exception,
    add_chasing_rule,
    invite,
    plan_operator_change,
    propose_closure,
    record_absence,
)
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership, SectionMove
from carenet.agencies.roles import Role, Scope
from carenet.cases.actions.consultation_readers import set_apart
from carenet.cases.actions.consultations import record
from carenet.cases.actions.shares import name_member, share_case
from carenet.cases.models import Case
from carenet.jobs.actions import start as begin_work
from carenet.referrals.models import Referral
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
    record_fact,
)
from carenet.residents.models import Resident
from tests.access.abuse import abuse_targets
from tests.access.case_targets import (
    a_shared_case,
    case_target,
    furnish_detours,
    furnish_plans,
    furnish_states,
    furnish_tasks,
    referral_target,
)
from tests.access.clients import a_client, a_token
from tests.access.names import FAMILY_KANA, FAMILY_NAME
from tests.access.scene import Scene, Target
from tests.access.watch import watch_targets
from tests.factories import (
    a_draft,
    a_member,
    a_resident,
    a_sent_referral,
    a_user,
    an_agency,
    an_attachment,
)


def furnish(scene: Scene) -> None:
    """Make what the addresses name: each object in a state in which somebody may act on it."""
    put, staff = scene.targets.__setitem__, scene.actor("own staff")
    person = a_resident(staff, family_name=FAMILY_NAME, family_kana=FAMILY_KANA)
    case, sent, accepted = a_shared_case(scene, person)
    put("resident", Target({"id": person.pk, "resident_id": person.pk}))
    _furnish_person(scene, person)
    put("case", case_target(case))
    put("sent", referral_target(sent))
    put("accepted", referral_target(accepted))
    draft = a_draft(staff, scene.agencies["helper"], case)
    put("draft", referral_target(draft))
    put("file", _file(staff, accepted))
    put("scrap", _file(staff, draft))
    pool = [scene.agencies["helper"], scene.agencies["asked"]]
    put("offered", referral_target(a_sent_referral(staff, None, case, need="housing", pool=pool)))
    furnish_states(scene, person)
    furnish_plans(scene)
    furnish_tasks(scene)
    furnish_detours(scene, person)
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
    day = timezone.localdate().isoformat()
    days = {"since": day, "until": day, "asked_at": timezone.now().isoformat()}
    asked = begin_work(actor=scene.actor("own auditor"), kind="trail.export", options=days)
    put("trail", Target({"id": asked.pk}))
    scene.client = a_client(scene.agencies["own"], [Scope.CASES_READ])
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
    fact = record_fact(
        **of_person, kind="power_device", value="ventilator", source="family", detail=words
    )
    put("fact", Target({"resident_id": person.pk, "id": fact.pk}))
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
    move = SectionMove.objects.create(
        office=scene.agencies["ward"], prepared_by=scene.user("ward staff")
    )
    scene.targets["section_move"] = Target({"id": move.pk}, move.version)
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
