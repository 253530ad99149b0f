"""(e) What the daily tasks ask of whoever does them, in a real browser and by what is visible alone.

The demo is loaded and served, Chromium is opened, and each task is done as its people do it: pages are
left by links and buttons that can be read, fields are found by their labels. Nothing is typed into the
address. What the task asks is counted, and seconds come of it by the keystroke-level model.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.figures import Figure
from benchmarks.hand import DESK, Hand, Missing, Words, label, said
from benchmarks.house import House, Task
from benchmarks.keystrokes import Strokes
from carenet.access.rules import SharingBasis
from carenet.agencies.models import Agency, User
from carenet.agencies.selectors import actor_of
from carenet.audit.actions import AuditContext, audit_context
from carenet.cases.models import CallerRelationship, Case, Counterpart, NoteChannel, Topic, Urgency
from carenet.cases.states import OPEN
from carenet.core import clock
from carenet.demo.agencies import CORE, PLAZAS
from carenet.referrals.actions import delivery, drafts
from carenet.referrals.models import EventChannel, Need, Referral
from carenet.referrals.states import ReferralStatus, Verb
from carenet.residents.models import ConsentMethod

STAFF, RECEIVER, COMMISSIONER = f"{PLAZAS[0].slug}-staff", f"{CORE.slug}-staff", "hiyoshi-minsei"
#: Whom the neighbour telephones about: nobody of the demo is called so.
FAMILY, GIVEN = "綾瀬", "キヨ"
#: What is there of a new person; the name that is searched in vain stands there already.
NEW_PERSON = {
    "Name or kana of the person": f"{FAMILY} {GIVEN}",
    "Family name": FAMILY,
    "Given name": GIVEN,
    "Date of birth": "昭12",
    "Address": "大豆戸町12",
    "Phone": "045-540-1111",
}
HEARD = "新聞が三日分たまり、夜も明かりがつかない。呼んでも返事がなく、心配とのこと。"
CALLER = {"Name of the caller": "佐藤", "Phone of the caller": "045-540-2222"}
#: How the receiver is looked for.
ASKED = "基幹"
NEWS = "足の痛みが増し、一人で通院できない。同行を頼みたい。"
NOTE = "電話で様子を確認した。食事はとれている。"
WORRY = {"What have you noticed?": "新聞がたまり返事がない", "Where?": "日吉本町1丁目"}


def _seconds(name: str, strokes: Strokes, goal: float, before: float) -> Figure:
    return Figure(f"{name}: s", strokes.seconds, goal, base=str(strokes), before=before)


def neighbour(house: House) -> Iterator[Figure]:
    """A neighbour telephones about somebody unknown, who must be seen today."""
    with house.hand(STAFF) as hand:
        hand.press(said("Take a consultation"))
        for number, (field, words) in enumerate(NEW_PERSON.items()):
            hand.write(said(field), words)
            if not number:
                hand.open(said("Register a new person"))
        hand.choose(said("What it is about"), label(Topic.COMMUNITY))
        hand.write(said("What was said"), HEARD)
        hand.choose(said("Who is calling"), label(CallerRelationship.NEIGHBOUR))
        for field, words in CALLER.items():
            hand.write(said(field), words)
        hand.choose(said("How soon somebody must act"), label(Urgency.TODAY))
        _refer(hand, ASKED, CORE.name, label(Need.ASSESSMENT))
        _must_be(hand, ReferralStatus.SENT, resident__family_name=FAMILY)
        strokes = hand.strokes
    name = "neighbour phones, new person, to the referral sent"
    yield _seconds(name, strokes, 65, 75)
    yield Figure(f"{name}: groups", strokes.groups, 13, base=str(strokes), before=10)


def _refer(hand: Hand, asked: str, agency: str, need: Words) -> None:
    """Open a case or go on with it, refer it with the consent that was just given, and finish."""
    hand.choose(said("What becomes of it"), said("Open a case and refer it"))
    choose_agency(hand, asked, agency)
    hand.choose(said("What is asked of it"), need)
    consent(hand)
    hand.press(said("Finish"))


def choose_agency(hand: Hand, asked: str, agency: str) -> None:
    """Choose an agency: of those that were asked lately, else by a search."""
    if hand.offers(said("Referred to lately"), agency):
        hand.choose(said("Referred to lately"), agency)
    else:
        hand.write(said("Name or kana of the agency"), asked)
        hand.choose(said("Agencies found"), agency)


def consent(hand: Hand) -> None:
    """Say that the person has just consented by word of mouth; nobody else is named."""
    hand.choose(said("On which basis it may know this"), label(SharingBasis.CONSENT))
    hand.choose(said("The person has just consented"), label(ConsentMethod.ORAL))


def look_in(hand: Hand) -> None:
    """Go to the visits of the day, unless somebody lands there; count from there."""
    if not hand.sees(said("Tell a concern")):
        hand.press(said("Menu"))
        hand.press(said("Visits"))
    hand.begin()


def receiver(house: House) -> Iterator[Figure]:
    """Who has received it sees it first, and takes it on."""
    with house.hand(RECEIVER) as hand:
        place, top = hand.place_of(f"{FAMILY} {GIVEN}")
        base = f"{top} px below the top of {DESK['height']}"
        name = "the urgent new referral among the receiver's lines: place"
        yield Figure(name, place, 1, base=base, before=19)
        hand.press(label(Verb.ACCEPT), near=f"{FAMILY} {GIVEN}")
        hand.press(label(Verb.ACCEPT))
        _must_be(hand, ReferralStatus.ACCEPTED, resident__family_name=FAMILY)
        yield _seconds("receive and accept", hand.strokes, 5, 9)


def _known(house: House) -> Iterator[Figure]:
    """Somebody known telephones, whose case is open."""
    person = _case(referred=False).resident
    with house.hand(STAFF) as hand:
        hand.press(said("Take a consultation"))
        hand.write(said("Name or kana of the person"), person.name)
        hand.choose(said("People found"), person.name)
        hand.choose(said("What it is about"), label(Topic.HEALTH))
        hand.write(said("What was said"), NEWS)
        _refer(hand, ASKED, CORE.name, label(Need.HOME_VISIT))
        _must_be(hand, ReferralStatus.SENT, resident=person, receiver__name=CORE.name)
        yield _seconds("known person, open case, to the referral sent", hand.strokes, 30, 45)


def _by_fax(house: House) -> Iterator[Figure]:
    """The sheet of an agency without accounts comes back, and says that it takes it on."""
    number = _referral_on_paper()
    with house.hand(STAFF) as hand:
        hand.write(
            said("Name, kana, or a number like R-26-000123"), f"r{clock.today():%y}-{number}"
        )
        hand.press(said("Search"))
        if not hand.sees(said("How the answer came")):
            hand.open(label(Verb.ACCEPT))
        hand.choose(said("How the answer came"), label(EventChannel.FAX))
        hand.press(label(Verb.ACCEPT), near=said("How the answer came"))
        _must_be(hand, ReferralStatus.ACCEPTED, number=number)
        yield _seconds("an answer by FAX, by its code", hand.strokes, 10, 12)


def _note(house: House) -> Iterator[Figure]:
    """What a call was about is written down, from the list of one's cases."""
    person = _case(referred=True).resident
    with house.hand(STAFF) as hand:
        hand.press(said("Cases"))
        hand.begin()
        hand.press(person.name)
        if not hand.sees(said("With whom")):
            hand.press(said("Add an entry"))
        hand.write(said("Entry"), NOTE)
        hand.choose(said("How the contact came about"), label(NoteChannel.PHONE))
        hand.choose(said("With whom"), label(Counterpart.SELF))
        hand.press(said("Keep"), near=said("With whom"))
        hand.expect(NOTE)
        base = f"{hand.strokes}, which are not counted"
        yield Figure(
            "a note, but for its text: s", hand.strokes.without_text, 8, base=base, before=10
        )


def _worry(house: House) -> Iterator[Figure]:
    """A commissioner on a round is worried about somebody who is not on the list."""
    with house.hand(COMMISSIONER, phone=True) as hand:
        look_in(hand)
        hand.press(said("Tell a concern"))
        hand.press(said("No, but I am worried"))
        for field, words in WORRY.items():
            hand.write(said(field), words)
        hand.press(said("Tell the desk"))
        hand.expect(said("Thank you. The desk will look at it."))
        yield _seconds("a worry from the pocket", hand.strokes, 20, 45)


def _must_be(hand: Hand, status: ReferralStatus, **which: object) -> None:
    """Raise `Missing` with what the page says unless there is such a referral, and stands there."""
    if not Referral.objects.filter(**which, status=status).exists():
        raise Missing(f"No referral is “{status}”. {hand.shown()}")


def _case(*, referred: bool) -> Case:
    """Return a case of the plaza that is open, and has been referred or not."""
    plaza = Agency.objects.get(name=PLAZAS[0].name)
    cases = Case.objects.filter(lead_agency=plaza, status__in=sorted(OPEN))
    return cases.filter(referrals__isnull=not referred, confidentiality="normal").order_by(
        "number"
    )[0]


def _referral_on_paper() -> int:
    """FAX a referral to an agency that reads no screen; return the number that its sheet bears."""
    user = User.objects.get(username=STAFF)
    actor: Any = actor_of(user, Agency.objects.get(name=PLAZAS[0].name))
    facility = Agency.objects.filter(memberships=None, active=True).exclude(fax="")[0]
    with audit_context(AuditContext(in_turn=True)):
        referral = drafts.draft(
            actor=actor,
            case_id=_case(referred=True).pk,
            receiver=facility,
            kind="CO_SUPPORT",
            need="care_service",
            reason="短期入所の利用について相談したい。",
            sharing_basis="WITHIN_PURPOSE",
        )
        drafts.send(actor=actor, referral_id=referral.pk)
        delivery.deliver(actor=actor, referral_id=referral.pk, channel="fax")
    return referral.number


TASKS: tuple[Task, ...] = (neighbour, receiver, _known, _by_fax, _note, _worry)
