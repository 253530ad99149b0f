"""Four days at the screens, each by words that can be read: what a newcomer would try first of all.

They need no goal: either a day can be done, or the words that were looked for in vain are named.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figures import Figure
from benchmarks.hand import Hand, Missing, Words, label, said
from benchmarks.house import House, Task
from benchmarks.screens import COMMISSIONER, RECEIVER, STAFF, choose_agency, consent, look_in
from carenet.abuse.models.report import SuspectedAbuse
from carenet.abuse.states.desks import AllegedOf, Victim
from carenet.cases.models import (
    CallerRelationship,
    ConsultationChannel,
    Counterpart,
    NoteChannel,
    Topic,
    Urgency,
)
from carenet.demo.agencies import CORE, LIFE, WARD
from carenet.referrals.models import Need, ReferralOutcome
from carenet.referrals.states import Verb
from carenet.watchover.models.concern import ConcernOutcome
from carenet.watchover.states import CheckInOutcome

OFFICER, DESK_OF_WORRY = f"{WARD.slug}-coordinator", "hiyoshi-coordinator"
#: Whose lines of Home are followed.
AT_HOME = (STAFF, RECEIVER, f"{CORE.slug}-manager", f"{LIFE.slug}-staff")
#: It has no accounts: what is sent to it goes by FAX.
ON_PAPER = "みほんの丘"


def _morning(house: House) -> Iterator[Figure]:
    """A plaza worker's morning: six calls, one of them urgent, one about abuse, one by FAX."""
    with house.hand(STAFF) as hand:
        _take(hand, Topic.CARE, "介護保険の申請の仕方を知りたい。")
        _finish(hand, said("Information was enough"))
        _take(hand, Topic.HEALTH, "息切れで動けない。夜がこわい。", person=("三浦", "ハル"))
        hand.choose(said("How soon somebody must act"), label(Urgency.TODAY))
        _refer(hand, "基幹", CORE.name)
        hand.expect("三浦 ハル")
        _abuse(hand)
        _take(hand, Topic.HOUSING, "立ち退きを求められている。", person=("野口", "進"))
        _finish(hand, said("Open a case"))
        _by_fax(hand)
        _take(hand, Topic.OTHER, "隣の家のことで、また電話するとのこと。")
        _finish(hand, said("Write it down, decide later"))
        _decide(hand, "隣の家のことで")
        yield _done("a plaza worker's morning", hand)


def _take(hand: Hand, topic: Topic, words: str, person: tuple[str, str] | None = None) -> None:
    hand.press(said("Take a consultation"))
    if person:
        family, given = person
        hand.write(said("Name or kana of the person"), f"{family} {given}")
        hand.open(said("Register a new person"))
        hand.write(said("Family name"), family)
        hand.write(said("Given name"), given)
    hand.choose(said("What it is about"), label(topic))
    hand.write(said("What was said"), words)
    hand.choose(said("Who is calling"), label(CallerRelationship.NEIGHBOUR))


def _finish(hand: Hand, outcome: Words) -> None:
    hand.choose(said("What becomes of it"), outcome)
    hand.press(said("Finish"))
    hand.expect(said("This consultation has been recorded."))


def _refer(hand: Hand, asked: str, agency: str) -> None:
    hand.choose(said("What becomes of it"), said("Open a case and refer it"))
    choose_agency(hand, asked, agency)
    hand.choose(said("What is asked of it"), label(Need.HOME_VISIT))
    consent(hand)
    hand.press(said("Finish"))


def _abuse(hand: Hand) -> None:
    """Take a call about somebody who is beaten, and report it from there."""
    _take(hand, Topic.ABUSE, "息子にたたかれていると近所から。", person=("大西", "トメ"))
    hand.choose(said("What becomes of it"), said("Write it down, decide later"))
    hand.press(said("Finish"))  # what is about abuse leads on to its report, filled in
    hand.choose(said("Who may be suffering it"), label(Victim.OLDER_PERSON))
    hand.choose(said("By whom, as it is alleged"), label(AllegedOf.CAREGIVER))
    hand.choose(said("What is suspected"), label(SuspectedAbuse.PHYSICAL))
    hand.press(said("Report abuse"), near=said("What is suspected"))
    hand.expect(said("Abuse report"))


def _by_fax(hand: Hand) -> None:
    """Take what came by FAX, refer it to an agency that reads no screen, and FAX the sheet there."""
    _take(hand, Topic.CARE, "短期入所を探している。", person=("安藤", "勇"))
    hand.choose(said("How it came in"), label(ConsultationChannel.FAX))
    _refer(hand, ON_PAPER, ON_PAPER)
    hand.expect(said("The receiver does not know of it yet"))
    hand.press(said("Sent by FAX"))
    if hand.sees(said("The receiver does not know of it yet")):
        raise Missing(f"It was FAXed, and still waits to be. {hand.shown()}")


def _decide(hand: Hand, words: str) -> None:
    """Find what was put off among the lines of Home, and decide it."""
    hand.press(said("Home"))
    hand.press(said("Decide what is done"), near=words)
    hand.choose(said("What becomes of it"), said("Advice was given, that was all"))
    hand.press(said("Decide"), near=said("What becomes of it"))
    hand.press(said("Home"))
    if hand.sees(words):
        raise Missing(f"It was decided, and still waits. {hand.shown()}")


def _social_worker(house: House) -> Iterator[Figure]:
    """A social worker's day: takes on what is urgent, looks in, writes it down, reports back."""
    with house.hand(RECEIVER) as hand:
        hand.press(label(Verb.ACCEPT), near="三浦 ハル")
        hand.press(label(Verb.ACCEPT))
        _step(hand, Verb.START, said("Day of the first contact"), "きょう")
        hand.press(said("Case"))  # the way from the referral to its case
        hand.press(said("Add an entry"))
        hand.write(said("Entry"), "訪問。息切れはあるが会話はできる。受診を勧めた。")
        hand.choose(said("How the contact came about"), label(NoteChannel.VISIT))
        hand.choose(said("With whom"), label(Counterpart.SELF))
        hand.press(said("Keep"), near=said("With whom"))
        hand.expect("受診を勧めた")
        hand.press(said("Home"))
        hand.press("三浦 ハル")
        if not hand.sees(said("Report")):
            hand.press(label(Verb.COMPLETE))
        hand.choose(said("Outcome"), label(ReferralOutcome.SERVICE_STARTED))
        hand.write(said("Report"), "訪問し、受診と訪問看護につながった。")
        hand.press(label(Verb.COMPLETE), near=said("Report"))
        hand.expect("訪問看護につながった")
        yield _done("a social worker's day", hand)


def _step(hand: Hand, verb: Verb, field: Words, words: str) -> None:
    if not hand.sees(field):
        hand.press(label(verb))
    hand.write(field, words)
    hand.press(label(verb), near=field)


def commissioner(house: House) -> Iterator[Figure]:
    """A commissioner's round: the network is cut at a door, and comes back on the way."""
    with house.hand(COMMISSIONER, phone=True) as hand:
        look_in(hand)
        context = hand.page.context
        context.set_offline(True)
        first, again = said("Record a visit"), said("Record once more")
        hand.press(first if hand.sees(first) else again)
        hand.press(label(CheckInOutcome.MET))
        hand.expect(said("No network: it waits on this phone and is sent by itself."))
        context.set_offline(False)
        hand.expect(said("What waited on this phone has been sent."))
        hand.press(said("Tell a concern"))
        hand.press(said("No, but I am worried"))
        hand.write(said("What have you noticed?"), "雨戸が閉まったまま")
        hand.write(said("Where?"), "日吉本町2丁目")
        hand.press(said("Tell the desk"))
        hand.expect(said("Thank you. The desk will look at it."))
        yield _done("a commissioner's round, the network cut", hand)


def _officer(house: House) -> Iterator[Figure]:
    """A ward officer's half hour: how the ward stands, who is alone, and a worry that is decided."""
    with house.hand(DESK_OF_WORRY) as hand:
        hand.press(said("Concerns"))
        hand.press("N-")
        hand.choose(said("What becomes of it"), label(ConcernOutcome.NOTHING))
        hand.write(said("Why, or what else is to be said"), "訪問して無事を確認した。")
        hand.press(said("Decide"), near=said("What becomes of it"))
        hand.expect(label(ConcernOutcome.NOTHING))
        first = hand.strokes
    with house.hand(OFFICER) as hand:
        hand.press(said("The review"))
        hand.press(said("watched by one person alone"))
        hand.expect(said("Single points"))
        hand.press(said("The review"))
        hand.press(said("listed and not yet visited"))
        hand.expect(said("People on the list"))
        hand.strokes.add(first)
        yield _done("a ward officer's half hour", hand)


def _lines_of_home(house: House) -> Iterator[Figure]:
    """Every line of Home leads to where it is done."""
    for account in AT_HOME:
        with house.hand(account) as hand:
            lines = hand.page.evaluate("visible.ways()")
            found = [(each["words"], _can_be_done(hand, each["address"])) for each in lines]
            dead = [words[:40] for words, done in found if not done]
            base = f"of {len(lines)}; {' | '.join(dead)}" if dead else f"of {len(lines)}"
            yield Figure(f"lines of Home that lead nowhere, {account}", len(dead), 0, base=base)


def _can_be_done(hand: Hand, address: str) -> bool:
    """Follow the link of a line; whether there is a page with something to do in it."""
    answer = hand.page.goto(address) if address else None
    there = "visible.told().offered.length && document.querySelector('main form, main a.button')"
    return bool(answer and answer.ok and hand.page.evaluate(f"Boolean({there})"))


def _done(name: str, hand: Hand) -> Figure:
    return Figure(f"{name}: s", hand.strokes.seconds, base=str(hand.strokes))


DAYS: tuple[Task, ...] = (_morning, _social_worker, commissioner, _officer, _lines_of_home)
