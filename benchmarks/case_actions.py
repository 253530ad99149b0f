"""What happens to people and their cases in the wards of the measurements, through the actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.cases.actions import cases, consultations, notes, shares
from carenet.cases.models import Case, NoteAudience, NoteKind
from carenet.cases.states import CaseVerb, ConsultationStatus
from carenet.core import clock
from carenet.referrals.actions import acceptance_and_outcome, drafts
from carenet.residents.actions import record_fact, register


@dataclass(frozen=True, slots=True)
class Person:
    """What the action that registers somebody is told, and what in it is another in each copy."""

    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    birth_date: date
    house: str
    phone: str
    next_action_on: date
    received_on: date
    topic: str
    channel: str

    @property
    def address(self) -> str:
        return f"横浜市港北区大豆戸町{self.house}番地"

    @property
    def digits(self) -> str:
        return self.phone.replace("-", "")


#: From how many days ahead, and on how many days, the next actions of the copies fall due.
NEAREST, DAYS = 10, 150
#: On how many days before today the consultations of the copies were received.
DAYS_BACK = 365


def specimen() -> Person:
    """Return whom the patterns are of; folding leaves these names as they are: a key has them, too."""
    return Person(
        "測定部", "標本", "ソクテブ", "ヒヨホネ", date(1911, 3, 7), "86420753", "045-086-4207",
        clock.today() + timedelta(days=NEAREST + DAYS + 1),
        clock.today() - timedelta(days=DAYS_BACK + 1), "tax_utilities", "outreach",
    )  # fmt: skip


def open_case(lead: Actor, person: Person) -> Case:
    """Register somebody with a fact, write down a call, open a case and plan the next action."""
    resident = register(
        actor=lead,
        new_because="同姓同名の別の方。",
        family_name=person.family_name,
        given_name=person.given_name,
        family_kana=person.family_kana,
        given_kana=person.given_kana,
        birth_date=person.birth_date,
        address=person.address,
        phone=person.phone,
    )
    record_fact(
        actor=lead, resident_id=resident.pk, kind="lives_alone", value="yes", source="person"
    )
    consultation = consultations.record(
        actor=lead,
        channel=person.channel,
        received_at=clock.midnight(person.received_on),
        caller_name="隣の人",
        relationship="neighbour",
        subject=resident,
        topics=[person.topic],
        main_topic=person.topic,
        content="三日前から玄関に出てこない。新聞がたまっている。夜は電気がついている。",
    )
    consultations.triage(
        actor=lead,
        consultation_id=consultation.pk,
        outcome=ConsultationStatus.CASE_OPENED,
        urgency="normal",
    )
    case = Case.objects.get(consultation=consultation)
    notes.write_note(
        actor=lead,
        case_id=case.pk,
        kind=NoteKind.FACT,
        audience=NoteAudience.CASE,
        text="電話で状況を確認。来週、民生委員と一緒に訪問することで本人の了解を得た。",
        happened_at=clock.now(),
    )
    cases.edit(
        actor=lead,
        case_id=case.pk,
        plan="本人の意向を聞きながら、受診と見守りの体制をつくる。",
        next_action="民生委員と同行訪問",
        next_action_on=person.next_action_on,
    )
    return case


def refer(core: Actor, lead: Actor, person: Person) -> Case:
    """Do the same, and refer to a core centre, which accepts."""
    case = open_case(lead, person)
    referral = drafts.draft(
        actor=lead,
        case_id=case.pk,
        receiver=core.agency,
        kind="CO_SUPPORT",
        need="assessment",
        reason="障害福祉サービスの利用について、見立てをお願いしたい。",
        summary="三日前から玄関に出てこない。",
        how_to_contact="平日の午前中に電話。",
        urgency="normal",
        sharing_basis="WITHIN_PURPOSE",
    )
    drafts.send(actor=lead, referral_id=referral.pk)
    acceptance_and_outcome.receive(actor=core, referral_id=referral.pk)
    acceptance_and_outcome.accept(actor=core, referral_id=referral.pk)
    return case


def end(lead: Actor, person: Person) -> Case:
    """Do what is done for an open case, and close it."""
    case = open_case(lead, person)
    cases.move(actor=lead, case_id=case.pk, verb=CaseVerb.CLOSE, reason="goal_reached", note="")
    return case


def share(lead: Actor, case: Case, agency: Agency) -> None:
    shares.share_case(
        actor=lead,
        case_id=case.pk,
        agency=agency,
        codename="view_case",
        basis="WITHIN_PURPOSE",
        reason="支援の調整のため。",
        until=clock.now() + timedelta(days=300),
    )
