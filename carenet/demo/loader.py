"""Fills an empty installation with the demo, through the same actions that everybody uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from faker import Faker

from carenet.accounts.actions.accounts import create_account
from carenet.accounts.actions.clients import create_client
from carenet.administration.actions.appointments import appoint
from carenet.agencies.actions import (
    accept_invitation,
    add_member,
    agree_to_auditor,
    create_agency,
    invite,
    propose_closure,
)
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role, Scope
from carenet.areas import open_data
from carenet.areas.actions.areas import assign_area, import_area_table
from carenet.areas.actions.office_import import import_offices
from carenet.areas.models import Area, AreaKind, AreaPart
from carenet.cases.actions import cases, consultations, notes
from carenet.cases.models import Case, Counterpart, NoteAudience, NoteChannel, NoteKind
from carenet.cases.states import CaseVerb, ConsultationStatus
from carenet.core import clock
from carenet.demo.abuse import report_at_each_step
from carenet.demo.agencies import (
    ADMINISTRATORS,
    CLOSING,
    CORE,
    KOHOKU,
    LIFE,
    PASSWORD,
    PLACES,
    PLAZAS,
    SECTIONS,
    TEAM,
    WARD,
    WARD_TEAM,
    Place,
)
from carenet.demo.facts import write_facts
from carenet.demo.people import CHANNELS, SEED, faker, residents, stories
from carenet.demo.tasks import share_work
from carenet.demo.watchover import watch_over
from carenet.referrals.actions import acceptance_and_outcome, drafts, loop_closure
from carenet.referrals.models import NeedMet, Referral, ReferralOutcome
from carenet.residents.actions import register

SAMPLE = Path(__file__).parent / "data" / "care_services_sample.csv"
CONSULTATIONS_A_PLAZA = 12
CASES_A_PLAZA = 6
REFERRALS_A_PLAZA = 5
CASES_A_SECTION = 3
#: The case that the core centre has taken on, and is at work on.
SHARED_WITH_CORE = 2


@dataclass(slots=True)
class Demo:
    """What was made: the accounts and clients that the launcher prints."""

    actors: dict[str, Actor] = field(default_factory=dict)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    clients: list[dict[str, Any]] = field(default_factory=list)


def load(tell: Callable[[str], None]) -> Demo:
    """Make everything; `tell` hears a line per step."""
    demo, fake = Demo(), faker()
    tell("事業所と職員 / agencies and people")
    for place in PLACES:
        _found(demo, fake, place)
    import_offices(actor=None, data=open_data.read(SAMPLE.read_bytes()))
    divide_the_ward()
    for place in (CORE, PLAZAS[0]):
        _connect(demo, place)
    for place in PLAZAS:
        tell(f"相談とケース / consultations and cases: {place.name}")
        _fill(demo, fake, place)
    tell("見守り / watch-over")
    for username in watch_over(fake, demo.actors):
        demo.accounts.append(_account(username, demo.actors[username]))
    tell(f"閉所の手続き / a closure under way: {CLOSING.name}")
    _begin_closure(demo)
    tell(f"区役所の課 / sections of the ward office: {WARD.name}")
    _open_sections(demo)
    tell("虐待通報 / abuse reports")
    _report_abuse(demo)
    for username in ADMINISTRATORS:
        demo.accounts.append(_appoint_administrator(username, fake.name()))
    return demo


def _found(demo: Demo, fake: Faker, place: Place) -> None:
    latitude, longitude = map(str, place.position) if place.position else (None, None)
    agency = create_agency(
        actor=None,
        kind=place.kind,
        name=place.name,
        name_kana=place.kana,
        municipality_code=KOHOKU,
        address=place.address,
        latitude=latitude,
        longitude=longitude,
        phone=place.phone,
        fax=place.phone,
        closed_weekdays=[5, 6] if place is WARD or place.section else [6],
        parent=demo.actors[f"{WARD.slug}-manager"].agency if place.section else None,
        section=place.section or "",
    )
    for suffix, roles in (WARD_TEAM if place is WARD else TEAM).items():
        username = f"{place.slug}-{suffix}"
        user = create_account(username=username, name=fake.name(), password=PASSWORD)
        if Role.AUDITOR in roles:
            _appoint_auditor(demo.actors[f"{place.slug}-manager"], user)
        else:
            add_member(actor=None, agency=agency, user=user, roles=roles)
        demo.actors[username] = Actor(agency=agency, roles=roles, user=user)
        demo.accounts.append(_account(username, demo.actors[username]))


def _appoint_administrator(username: str, name: str) -> dict[str, Any]:
    """Make an administrator, of no agency, and return what the launcher prints of the account."""
    create_account(username=username, name=name, password=PASSWORD)
    appoint(administrator=None, username=username)
    return {
        "username": username, "password": PASSWORD, "agency": "", "agency_id": "",
        "role": "administrator",
    }  # fmt: skip


def _appoint_auditor(manager: Actor, user: User) -> None:
    """Let the operator propose an auditor, the manager agree, and the person accept."""
    proposed = invite(
        actor=None, agency=manager.agency, username=user.username, roles=[Role.AUDITOR]
    )
    agree_to_auditor(actor=manager, invitation=proposed)
    accept_invitation(user=user, invitation=proposed)


def _account(username: str, actor: Actor) -> dict[str, Any]:
    return {
        "username": username,
        "password": PASSWORD,
        "agency": actor.agency.name,
        "agency_id": str(actor.agency.pk),
        "role": ", ".join(sorted(actor.roles)),
    }


def _connect(demo: Demo, place: Place) -> None:
    agency = demo.actors[f"{place.slug}-staff"].agency
    client, secret = create_client(
        agency=agency, name=f"{place.slug} system", scopes=[scope.value for scope in Scope]
    )
    demo.clients.append(
        {
            "client_id": client.client_id,
            "client_secret": secret,
            "agency": agency.name,
            "scopes": client.scopes,
        }
    )


def _fill(demo: Demo, fake: Faker, place: Place) -> None:
    staff = [demo.actors[f"{place.slug}-staff"], demo.actors[f"{place.slug}-staff2"]]
    cases = _take(fake, staff, place, CONSULTATIONS_A_PLAZA)
    for number, case in enumerate(cases[:REFERRALS_A_PLAZA]):
        _refer(demo, staff[number % 2], case, number, ignored=place is PLAZAS[0] and number == 0)
    for case in cases[SHARED_WITH_CORE : SHARED_WITH_CORE + 1]:
        share_work(staff[0], staff[1], demo.actors[f"{CORE.slug}-staff"], case)


def _take(fake: Faker, staff: list[Actor], place: Place, consultations_taken: int) -> list[Case]:
    """Let the staff of an agency take consultations; return the cases that come of them."""
    people, worries = residents(fake, place.address), stories(fake)
    cases = []
    for number in range(consultations_taken):
        actor, story = staff[number % 2], next(worries)
        opens = number < CASES_A_PLAZA
        subject = register(actor=actor, **next(people)) if opens else None
        consultation = consultations.record(
            actor=actor,
            channel=fake.random_element(CHANNELS),
            received_at=clock.now() - timedelta(days=number * 3, hours=fake.random_int(1, 7)),
            caller_name=fake.name(),
            relationship=story.relationship,
            subject=subject,
            subject_description="" if opens else "名前は聞いていない",
            topics=[story.topic],
            main_topic=story.topic,
            content=story.content,
        )
        if subject:
            write_facts(actor, subject.pk, number)
        outcome = _outcome(number, opens=opens)
        if outcome:
            consultations.triage(
                actor=actor, consultation_id=consultation.pk, outcome=outcome, urgency="normal"
            )
        if opens:
            consultation.refresh_from_db()
            cases.append(_work(actor, consultation.case, number))
    return cases


def _outcome(number: int, *, opens: bool) -> ConsultationStatus | None:
    if opens:
        return ConsultationStatus.CASE_OPENED
    return (ConsultationStatus.INFORMATION_ONLY, ConsultationStatus.ONE_OFF, None)[number % 3]


def _work(actor: Actor, case: Case, number: int) -> Case:
    """Bring a case somewhere on its way, with a note and a next action; some are due today."""
    notes.write_note(
        actor=actor,
        case_id=case.pk,
        kind=NoteKind.FACT,
        audience=NoteAudience.CASE,
        channel=NoteChannel.PHONE,
        with_whom=[Counterpart.SELF],
        minutes=15,
        text="電話で状況を確認。来週、民生委員と一緒に訪問することで本人の了解を得た。",
        happened_at=clock.now() - timedelta(hours=2),
    )
    cases.edit(
        actor=actor,
        case_id=case.pk,
        plan="本人の意向を聞きながら、受診と見守りの体制をつくる。",
        next_action="民生委員と同行訪問",
        next_action_on=clock.today() + timedelta(days=number * 2 - 1),
    )
    verbs = (CaseVerb.PLAN, CaseVerb.SUPPORT, CaseVerb.MONITOR)
    for verb in verbs[: number % 4]:
        cases.move(actor=actor, case_id=case.pk, verb=verb)
    return case


def _begin_closure(demo: Demo) -> None:
    """Let the ward office propose that an agency with cases closes; its manager decides."""
    fake = faker(SEED + 1)  # people of its own: everybody else stays who they are
    _found(demo, fake, CLOSING)
    _fill(demo, fake, CLOSING)
    propose_closure(
        actor=demo.actors[f"{WARD.slug}-coordinator"],
        agency=demo.actors[f"{CLOSING.slug}-manager"].agency,
        reason="3月末で閉所する。ご本人とご家族には個別に説明している。",
        successor=demo.actors[f"{PLAZAS[0].slug}-staff"].agency,
    )


def _open_sections(demo: Demo) -> None:
    """Let two sections work on their own, and one refer a case to the other."""
    fake = faker(SEED + 2)  # people of their own, too
    taken: dict[str, list[Case]] = {}
    for place in SECTIONS:
        _found(demo, fake, place)
        staff = [demo.actors[f"{place.slug}-staff"], demo.actors[f"{place.slug}-staff2"]]
        taken[place.slug] = _take(fake, staff, place, CASES_A_SECTION)
    # What came before the sections waits in the office for its manager to let it go.
    _take(fake, [demo.actors[f"{WARD.slug}-staff"]] * 2, WARD, CASES_A_SECTION)
    first, second = (demo.actors[f"{place.slug}-staff"] for place in SECTIONS)
    referral = _send(first, taken[SECTIONS[0].slug][0], second.agency, ignored=False)
    acceptance_and_outcome.accept(actor=second, referral_id=referral.pk)


def _report_abuse(demo: Demo) -> None:
    """Let a plaza report abuse, and the section for it decide."""
    section = SECTIONS[0].slug
    report_at_each_step(
        faker(SEED + 3),  # people of its own, once more
        PLAZAS[3].address,
        demo.actors[f"{PLAZAS[3].slug}-staff"],
        demo.actors[f"{section}-manager"],
        demo.actors[f"{section}-staff"],
    )


def _refer(demo: Demo, actor: Actor, case: Case, number: int, *, ignored: bool) -> None:
    """Send a referral to the core or the life support centre, and let some get further."""
    receiving = (CORE, LIFE)[number % 2]
    receiver = demo.actors[f"{receiving.slug}-staff"]
    referral = _send(actor, case, receiver.agency, ignored=ignored)
    told: dict[str, Any] = {"actor": receiver, "referral_id": referral.pk}
    if number >= 1:
        acceptance_and_outcome.receive(**told)
    if number >= 2:  # noqa: PLR2004 - each one gets a step further
        acceptance_and_outcome.accept(**told)
        acceptance_and_outcome.start(**told, first_contact_on=clock.today())
    if number >= 3:  # noqa: PLR2004
        report = "初回面接を行い、計画相談の利用につながった。"
        acceptance_and_outcome.complete(
            **told, outcome=ReferralOutcome.SERVICE_STARTED, report=report
        )
    if number >= 4:  # noqa: PLR2004
        loop_closure.close(actor=actor, referral_id=referral.pk, need_met=NeedMet.YES)


def _send(actor: Actor, case: Case, receiver: Agency, *, ignored: bool) -> Referral:
    soon = clock.now() + timedelta(seconds=15)
    referral = drafts.draft(
        actor=actor,
        case_id=case.pk,
        receiver=receiver,
        kind="CO_SUPPORT",
        need="assessment",
        reason="障害福祉サービスの利用について、見立てをお願いしたい。",
        summary=case.summary,
        how_to_contact="平日の午前中に電話。留守番電話には残さないでほしいとのこと。",
        urgency="today" if ignored else "normal",
        answer_wanted_by=soon if ignored else None,
        sharing_basis="WITHIN_PURPOSE",
    )
    return drafts.send(actor=actor, referral_id=referral.pk)


#: Made for the demo: plausible, and no source for anybody's real address.
TABLE = Path(__file__).parent / "data" / "areas_sample.csv"


def divide_the_ward() -> None:
    """Enter the areas, and let each plaza serve its own."""
    import_area_table(actor=None, table=open_data.read_areas(TABLE.read_bytes()))
    plazas = {agency.name: agency for agency in Agency.objects.filter(kind="CARE_PLAZA")}
    for area in Area.objects.filter(kind=AreaKind.PLAZA_AREA).order_by("name"):
        if area.name in plazas:
            assign_area(actor=None, agency=plazas[area.name], area=area, part=AreaPart.SERVES)
