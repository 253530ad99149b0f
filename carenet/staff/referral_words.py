"""What a step with a referral means, and what is said once it is done.

One verb for one act; where two acts differ, their words do. What is expected next follows from where
the referral stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.cases.models import Urgency
from carenet.referrals.models import Referral, ReferralEvent
from carenet.referrals.states import DueFor, ReferralKind, ReferralStatus, Verb

#: The step that is waited for in each status, by whoever has the turn.
EXPECTED: dict[str, Verb] = {
    ReferralStatus.DRAFT: Verb.SEND,
    ReferralStatus.SENT: Verb.ACCEPT,
    ReferralStatus.RECEIVED: Verb.ACCEPT,
    ReferralStatus.INFO_NEEDED: Verb.ANSWER,
    ReferralStatus.ACCEPTED: Verb.START,
    ReferralStatus.IN_PROGRESS: Verb.COMPLETE,
    ReferralStatus.ON_HOLD: Verb.RESUME,
    ReferralStatus.DECLINE_PROPOSED: Verb.CONFIRM_DECLINE,
    ReferralStatus.DECLINED: Verb.CLOSE,
    ReferralStatus.WITHDRAWN: Verb.CLOSE,
    ReferralStatus.COMPLETED: Verb.CLOSE,
    ReferralStatus.FAILED: Verb.CLOSE,
}

#: What a step does, where its name alone could be taken for another.
MEANING: dict[Verb, Any] = {
    Verb.ACCEPT: gettext_lazy(
        "Your agency takes it on: somebody is in charge, and the case is shared with you."
    ),
    Verb.RECEIVE: gettext_lazy(
        "Only tells that it has arrived and is being looked at. The answer is still due."
    ),
    Verb.ASK: gettext_lazy("It waits for the sender until there is an answer."),
    Verb.HOLD: gettext_lazy(
        "It stays with your agency. You are reminded on the day that you give."
    ),
    Verb.PROPOSE_DECLINE: gettext_lazy("It has come to its end only when the sender agrees."),
    Verb.FAIL: gettext_lazy("It was begun and has come to nothing."),
    Verb.WITHDRAW: gettext_lazy("The work has not begun: it ends at once."),
    Verb.REQUEST_WITHDRAWAL: gettext_lazy(
        "The work has begun: it ends only when the receiver agrees."
    ),
    Verb.CLOSE: gettext_lazy("You have read how it ended. Nothing more is waited for."),
    Verb.REOPEN: gettext_lazy("It had ended, and the receiver is to go on with it."),
    Verb.VOID: gettext_lazy(
        "It should never have been sent: the receiver sees nothing of it any more, and an incident is "
        "opened."
    ),
}

#: What has happened: in the story, and on the page that comes next.
DONE: dict[str, Any] = {
    Verb.DISCARD: gettext_lazy("The draft was discarded."),
    Verb.SEND: gettext_lazy("It was sent."),
    Verb.DELIVER: gettext_lazy("The receiver was told."),
    Verb.CLAIM: gettext_lazy("It was taken from the pool, to be looked at."),
    Verb.RECEIVE: gettext_lazy("It has arrived and is being looked at."),
    Verb.ASK: gettext_lazy("A question was asked."),
    Verb.ANSWER: gettext_lazy("The question was answered."),
    Verb.ACCEPT: gettext_lazy("It was taken on."),
    Verb.START: gettext_lazy("The work has begun."),
    Verb.HOLD: gettext_lazy("It was put on hold."),
    Verb.RESUME: gettext_lazy("The work goes on."),
    Verb.PROPOSE_DECLINE: gettext_lazy("The answer is that it cannot be taken on."),
    Verb.RETRACT_DECLINE: gettext_lazy("The answer that it cannot be taken on was taken back."),
    Verb.CONTEST_DECLINE: gettext_lazy("The receiver was asked to think again."),
    Verb.CONFIRM_DECLINE: gettext_lazy("That it is not taken on was agreed to."),
    Verb.WITHDRAW: gettext_lazy("It was withdrawn."),
    Verb.REQUEST_WITHDRAWAL: gettext_lazy("The receiver was asked to let go of it."),
    Verb.AGREE_WITHDRAWAL: gettext_lazy("The withdrawal was agreed to."),
    Verb.COMPLETE: gettext_lazy("The work was reported as done."),
    Verb.FAIL: gettext_lazy("It ended without support."),
    Verb.CLOSE: gettext_lazy("It was brought to its end."),
    Verb.REROUTE: gettext_lazy("It goes on to another agency."),
    Verb.REOPEN: gettext_lazy("It was taken up again."),
    Verb.SETTLE: gettext_lazy("It ended with the case."),
    Verb.VOID: gettext_lazy("It was cancelled as entered by mistake."),
}

#: What each deadline is about, in a few words.
DUE_MEANS: dict[str, Any] = {
    DueFor.DELIVERY: gettext_lazy("to tell the receiver by FAX or telephone"),
    DueFor.ANSWER: gettext_lazy("the receiver says whether it takes it on"),
    DueFor.FIRST_CONTACT: gettext_lazy("the receiver has spoken to the person"),
    DueFor.PROGRESS: gettext_lazy("the receiver says how it goes"),
    DueFor.REVIEW: gettext_lazy("the receiver looks at it again"),
    DueFor.SENDERS_STEP: gettext_lazy("the sender does what is next"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """What has to happen, until when or since when it has, and what that means."""

    what: str
    when: str
    means: str
    late: bool = False


def deadlines(referral: Referral) -> list[Deadline]:
    """Return the deadlines of a sent referral: answer, first contact, and what is due besides."""
    if referral.status == ReferralStatus.DRAFT or not referral.is_open:
        return []
    now, late = referral.due_for, bool(getattr(referral, "overdue", False))
    found = [
        _deadline(DueFor.ANSWER, referral, referral.accepted_at, _answer_later(referral)),
        _deadline(
            DueFor.FIRST_CONTACT, referral, referral.first_contact_on, _contact_later(referral)
        ),
    ]
    if now and now not in {DueFor.ANSWER, DueFor.FIRST_CONTACT}:
        found.insert(0, Deadline(str(now.label), _by(referral), str(DUE_MEANS[now]), late))
    return [each for each in found if each.when]


def _deadline(what: DueFor, referral: Referral, done: date | None, later: str) -> Deadline:
    """Return one of them: done, due now, or how it will be counted."""
    when, late = later, False
    if referral.due_for is what:
        when, late = _by(referral), bool(getattr(referral, "overdue", False))
    elif done:
        day = timezone.localdate(done) if isinstance(done, datetime) else done
        when = _("done on %(day)s") % {"day": date_format(day, "SHORT_DATE_FORMAT")}
    return Deadline(str(what.label), when, str(DUE_MEANS[what]), late)


def _by(referral: Referral) -> str:
    return _("by %(when)s") % {"when": due_words(referral)}


def _answer_later(referral: Referral) -> str:
    return _("counts from when the receiver was told") if referral.undelivered else ""


def _contact_later(referral: Referral) -> str:
    """Return how soon the first contact follows, while nobody has taken it on; "" afterwards."""
    if referral.accepted_at or referral.turn is None or referral.kind == ReferralKind.INFORMATION:
        return ""
    if referral.urgency == Urgency.TODAY:
        hours = settings.REFERRAL_ANSWER_HOURS_TODAY
        return _("within %(hours)d hours of being taken on") % {"hours": hours}
    soon = referral.urgency != Urgency.NORMAL
    days = (
        settings.REFERRAL_ANSWER_WORKING_DAYS[referral.urgency]
        if soon
        else settings.REFERRAL_START_WORKING_DAYS
    )
    return _("within %(days)d working days of being taken on") % {"days": days}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What was done just now, what is next, and where the way leads on."""

    done: str
    next: str
    ways: list[tuple[str, str]]


def due_words(referral: Referral) -> str:
    """Return when something is due, in words: a day, with the time where it is no end of a day."""
    if referral.due_at is None:
        return ""
    return date_format(timezone.localtime(referral.due_at), "SHORT_DATETIME_FORMAT")


def next_words(referral: Referral) -> str:
    """Return what comes next, for whom, by when: a sentence; "" where nobody has to do anything."""
    if referral.turn is None or referral.due_for is None:
        return ""
    whose = _("an agency of the pool") if referral.waits_in_pool else referral.waits_by.name
    return _("Next: %(what)s by %(when)s (%(whose)s).") % {
        "what": referral.due_for.label,
        "when": due_words(referral),
        "whose": whose,
    }


def confirm(
    actor: Actor, referral: Referral, latest: ReferralEvent | None, said: str, *, case: bool
) -> Confirmation | None:
    """Return what is confirmed on the page that a step leads to: `said` is the step of its address.

    None unless that was the last thing to happen, and the actor did it. With `case` the way leads there.
    """
    if latest is None or said != latest.verb or latest.by_agency_id != actor.agency_id:
        return None
    ways = [(reverse("staff-referrals"), _("On to the list of referrals"))]
    if case:
        ways.insert(0, (reverse("staff-case", args=[referral.case_id]), _("On to the case")))
    return Confirmation(str(DONE[latest.verb]), next_words(referral), ways)
