"""Who looks at the pages, and what there is to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import time_machine
from django.utils import timezone

from carenet.administration.actions.clients import propose_client
from carenet.agencies.actions import invite
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind, Membership
from carenet.agencies.roles import Role
from carenet.cases.actions import consultations
from carenet.cases.models import Consultation
from carenet.core import clock
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry
from carenet.residents.actions import (
    end_record,
    find_duplicates,
    found_household,
    inquire,
    join_household,
    merge,
)
from carenet.residents.models import Inquiry, Resident
from carenet.watchover.actions.concerns import report
from carenet.watchover.models import Concern
from tests.administration.people import an_administrator
from tests.agencies.sections import Ward
from tests.factories import (
    a_case,
    a_draft,
    a_member,
    a_resident,
    a_sent_referral,
    a_session,
    a_user,
    an_agency,
    an_attachment,
)
from tests.residents.samples import a_consent, a_contact, a_fact
from tests.staff.abuse_scene import Procedure
from tests.staff.browser import session_of
from tests.staff.jobs import ids_of_work
from tests.staff.pocket import visits_of
from tests.staff.review_scene import a_manager, a_review, ids_of_review
from tests.staff.sign_in import an_authenticator, code_of, confirmed, key_of, signed_in
from tests.tasks.calls import a_task


@dataclass
class Scene:
    """Who looks, as keys of sessions, and what there is to look at."""

    sessions: dict[str, str] = field(default_factory=dict)
    ids: dict[str, object] = field(default_factory=dict)


def a_call(actor: Actor, person: Resident) -> Consultation:
    """Return a consultation about somebody, that nobody has triaged yet."""
    return consultations.record(
        actor=actor,
        subject=person,
        channel="phone",
        relationship="neighbour",
        caller_name="佐藤",
        caller_phone="045-540-0000",
        topics=["health", "housing"],
        main_topic="health",
        urgency="today",
        content="新聞が三日たまっている。夜も明かりがつかない。",
        response="午後に訪問すると伝えた。",
    )


def a_worry(actor: Actor) -> Concern:
    """Return a concern at the desk of the actor's ward, with danger to life."""
    concern, _receipt = report(
        actor=actor,
        danger_to_life=True,
        reporter_kind="neighbour",
        what="新聞が三日たまっている。呼んでも返事がない。",
        where="どこか",
        whom="一人暮らしの男性",
    )
    return concern


def an_inquiry(actor: Actor) -> Inquiry:
    """Return an inquiry that another agency has made about somebody whom the actor registered."""
    known: dict[str, Any] = {
        "family_name": "神宮司", "given_name": "環", "birth_date": date(1941, 12, 8),
    }  # fmt: skip
    a_resident(actor, **known)
    asks = a_member(an_agency())
    (hint,) = find_duplicates(actor=asks, **known).hints
    return inquire(actor=asks, hint_id=hint.pk, words="訪問で出会った方です。")


def a_scene() -> Scene:
    """Return somebody for whom a referral and a reminder wait, and people with and without a code."""
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        core = an_agency(AgencyKind.CORE_CONSULTATION_CENTER)
        desk = a_member(core)
    referral = a_sent_referral(a_member(an_agency()), core)
    assert referral.due_at
    while work_once(now=referral.due_at):
        pass
    offered = a_sent_referral(a_member(an_agency()), None, pool=[core, an_agency()])
    draft = a_draft(desk, an_agency())
    person = a_resident(desk, birth_year=1941, phone="045-540-1234", address="綱島東1-2-3")
    contact = a_contact(desk, person, phone="090-0000-0000", is_key_person=True)
    consent = a_consent(desk, person, core)
    home = found_household(actor=desk, resident=person, role="head").household
    spouse = a_resident(desk, given_name="梅", birth_date=date(1945, 3, 3))
    housemate = join_household(actor=desk, household=home, resident=spouse, role="spouse")
    departed, double, merged = (a_resident(desk, birth_year=1941) for _ in range(3))
    end_record(actor=desk, resident_id=departed.pk, reason="moved_away", on=clock.today())
    merge(actor=desk, survivor_id=person.pk, loser_id=merged.pk, reason="同じ生年と住所")
    fact = a_fact(desk, person)
    case = a_case(desk, person)
    calls = [a_call(desk, case.resident) for _ in range(2)]
    scene = Scene(
        ids={
            "core": core.pk,
            "referral": referral.pk,
            "entry": InboxEntry.objects.filter(user=desk.user_id).earliest("id").pk,
            "case": case.pk,
            "task": a_task(desk, case, -1).pk,
            "consultation": calls[1].pk,
            "person": case.resident_id,
            "fact": fact.pk,
            "contact": contact.pk,
            "departed": departed.pk,
            "double": double.pk,
            "merged": merged.pk,
            "consent": consent.pk,
            "housemate": housemate.pk,
            "offered": offered.pk,
            "draft": draft.pk,
            "file": an_attachment(desk, draft).pk,
            "member": Membership.objects.get(user=desk.user_id).pk,
        }
    )
    scene.sessions["desk"] = session_of(desk)
    scene.sessions["manager"] = session_of(a_member(core, Role.MANAGER))
    scene.sessions["auditor"] = session_of(a_member(core, Role.AUDITOR))
    guarded, newcomer = a_user(), a_user()
    a_member(core, user=guarded)
    a_member(an_agency(), user=newcomer)
    invite(
        actor=a_member(core, Role.MANAGER), agency=core, username=newcomer.username,
        roles=[Role.WATCHER],
    )  # fmt: skip
    scene.sessions["newcomer"] = key_of(confirmed(signed_in(newcomer)))
    secret, _codes = an_authenticator(guarded)
    scene.sessions["half signed in"] = key_of(signed_in(guarded))
    scene.sessions["with authenticator"] = key_of(confirmed(signed_in(guarded, code_of(secret))))
    coordinator = a_review()
    scene.sessions["coordinator"] = session_of(coordinator)
    scene.ids |= {"worry": a_worry(coordinator).pk, "inquiry": an_inquiry(desk).pk}
    scene.sessions["manager of a plaza"] = session_of(a_manager())
    scene.ids |= ids_of_review()
    office = Ward(municipality_code="141011")
    office.case("income")
    office.case("other")
    scene.ids["sections"] = office.prepared().pk
    scene.sessions["manager of the office"] = session_of(office.manager)
    scene.ids |= visits_of(desk) | ids_of_work(desk)
    administrator = an_administrator()
    propose_client(
        administrator=administrator, agency=core, name="介護ソフト", scopes=["cases:read"]
    )
    procedure = Procedure()
    scene.ids |= procedure.ids()
    scene.sessions |= {"administrator": a_session(administrator.user), **procedure.sessions()}
    return scene
