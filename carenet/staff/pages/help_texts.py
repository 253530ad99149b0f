"""What the help says to each role: the job, and where and how it is done."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role

#: For everybody, below what their role does.
ALWAYS: list[tuple[Promise, Promise]] = [
    (
        _("A life is in danger"),
        _("Call 119 (ambulance, fire) or 110 (police) first. Record it afterwards."),
    ),
    (
        _("Nothing typed is lost"),
        _(
            "If the session or the network ends, the page stays as it is. Sign in over it, and "
            "send once "
            "more: nothing is recorded twice."
        ),
    ),
    (
        _("A shared computer"),
        _("Your name stands at the top right. Sign out before you leave the desk."),
    ),
]

HELP: dict[Role, list[tuple[Promise, Promise]]] = {
    Role.STAFF: [
        (
            _("In the morning"),
            _(
                "Open Home: it shows what waits for you and your agency, with the next step in "
                "each line."
            ),
        ),
        (
            _("Somebody calls or comes"),
            _(
                "Take a consultation: one page for the record, the person and what comes next. "
                "What you "
                "type is kept as a draft for a day."
            ),
        ),
        (
            _("Find somebody"),
            _(
                "Type a name, kana or a number such as R-26-000123 at the top; the key / leads "
                "there. "
                "You find those whom your work concerns."
            ),
        ),
        (
            _("Refer to another agency"),
            _(
                "From the consultation or the case. Say on which basis the agency may know it. "
                "An agency "
                "without accounts gets the sheet by FAX; you record its answer by the number on it."
            ),
        ),
        (
            _("A referral has come in"),
            _(
                "Read it, then take it on, ask a question, or say why you cannot. The first "
                "step that is "
                "expected is the filled button."
            ),
        ),
        (
            _("Work on a case"),
            _(
                "The case has its record, the plan, tasks, referrals and visits. Set the next "
                "step and its day."
            ),
        ),
        (
            _("Abuse is suspected"),
            _(
                "Report it on the page of the consultation. The safety of the person is looked "
                "at within 48 hours."
            ),
        ),
    ],
    Role.MANAGER: [
        (
            _("In the morning"),
            _("Open the page of your agency: who is here, and what waits and is overdue at whom."),
        ),
        (
            _("A colleague comes"),
            _(
                "Members, then Invite somebody: by their user ID, with a role. They accept in "
                "their own account."
            ),
        ),
        (
            _("A colleague leaves, or has too much"),
            _(
                "Open them among the members: their work is shown, goes to whom you choose, and "
                "the membership ends in the same form."
            ),
        ),
        (
            _("Somebody is away"),
            _("Members: record the absence, and who stands in and is told instead."),
        ),
        (
            _("The office is closed on a day"),
            _("Your agency, opening days: enter the day. Working days are counted without it."),
        ),
        (
            _("A telephone is lost"),
            _("Open the colleague among the members, then devices: sign them out everywhere."),
        ),
        (
            _("A password is forgotten"),
            _("Hand out a code from the same page, after you have made sure who asks."),
        ),
        (
            _("Look over the work"),
            _(
                "The review shows how long referrals wait and where visits rest on one person "
                "alone."
            ),
        ),
        (
            _("A list of the ward"),
            _(
                "Imports and exports: look at the preview first; nothing changes before you "
                "carry it out."
            ),
        ),
    ],
    Role.COORDINATOR: [
        (
            _("In the morning"),
            _(
                "The review opens with what needs you now: people to be seen, and what has "
                "changed since yesterday."
            ),
        ),
        (
            _("Nobody has answered the door"),
            _(
                "Take the alert on, have somebody look in, and record what was found. It stays "
                "open until then."
            ),
        ),
        (
            _("Somebody worries about a person"),
            _(
                "Concerns: decide what becomes of it, a consultation, a watch, or nothing, with "
                "the reason."
            ),
        ),
        (
            _("One person alone looks in"),
            _("Name a backup on the page of the watch."),
        ),
        (
            _("A term ends"),
            _(
                "Handover of a term: choose who comes after, look at the preview, carry it out "
                "on the day."
            ),
        ),
        (
            _("A referral waits too long"),
            _(
                "Referrals of the review: see at whom it waits, read its story, and call both sides."
            ),
        ),
    ],
    Role.WATCHER: [
        (
            _("Whom you visit today"),
            _("The page of visits shows whom you look in on today, late ones first."),
        ),
        (
            _("At the door"),
            _(
                "Open the visit and tap what you have found. Two taps are enough; a note is "
                "possible."
            ),
        ),
        (
            _("Nobody answers, or something is wrong"),
            _("Tap what it is. In an emergency 119 and 110 stand on top: call first."),
        ),
        (
            _("No network"),
            _("Go on as always. What you record is kept on the telephone and sent by itself."),
        ),
        (
            _("A mistake"),
            _("Record again what is right. After a false alarm call the agency, too."),
        ),
        (
            _("Somebody worries you"),
            _("Tell a concern: a few words and the place are enough, a name is not needed."),
        ),
        (
            _("You are away"),
            _("Say from when to when: those who stand by are told instead of you."),
        ),
        (
            _("At the end of the month"),
            _("The activity report is filled in by itself; print it or save it as a table."),
        ),
    ],
    Role.AUDITOR: [
        (
            _("What you see"),
            _("Counts by area. Small ones are left out, so that nobody is recognised."),
        ),
        (
            _("Who has read what"),
            _(
                "The trail: who read, changed or was refused what, by day, by code and by who acted."
            ),
        ),
        (
            _("Somebody asks who has seen their record"),
            _(
                "Who has read a record: find them by full name and birth, and print the sheet for them."
            ),
        ),
        (
            _("Take the trail along"),
            _("Imports and exports: the trail of what was read and changed as a table, by days."),
        ),
    ],
}
