"""States of watch-over and what leads from one to the next, as data: provable without a database.

`docs/watchover.md` shows the same tables to people.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core.states import Move, Refusal, Table


class WatchStatus(models.TextChoices):
    """Where an assignment stands."""

    PROPOSED = "proposed", _("proposed")
    CONSENTED = "consented", _("consented")
    ACTIVE = "active", _("watched over")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


class WatchVerb(models.TextChoices):
    """What is done to an assignment; `propose` makes it."""

    PROPOSE = "propose", _("propose")
    CONSENT = "consent", _("consent")
    ACTIVATE = "activate", _("begin")
    SUSPEND = "suspend", _("suspend")
    RESUME = "resume", pgettext_lazy("watch", "resume")
    END = "end", _("end")
    EDIT = "edit", _("change")
    REASSIGN = "reassign", _("put into other hands")
    HAND_OVER = "hand_over", _("hand over with the term")
    SCHEDULE = "schedule", _("set the rhythm")
    PAUSE = "pause", _("pause")
    END_PAUSE = "end_pause", _("end the pause")
    CHECK_IN = "check_in", _("check in")


_T = WatchStatus
#: Everything that is not over.
OPEN = frozenset({_T.PROPOSED, _T.CONSENTED, _T.ACTIVE, _T.SUSPENDED})
#: Where the person, or another basis, has let the watcher in.
AGREED = OPEN - {_T.PROPOSED}
TABLE: Table[WatchVerb, Move[WatchStatus], WatchStatus] = Table(
    WatchStatus,
    {
        WatchVerb.CONSENT: Move.between({_T.PROPOSED}, _T.CONSENTED),
        WatchVerb.ACTIVATE: Move.between({_T.CONSENTED}, _T.ACTIVE),
        WatchVerb.SUSPEND: Move.between({_T.ACTIVE}, _T.SUSPENDED),
        WatchVerb.RESUME: Move.between({_T.SUSPENDED}, _T.ACTIVE),
        WatchVerb.END: Move.between(OPEN, _T.ENDED),
    },
    Refusal(_("This does not fit where the watch stands: %(status)s.")),
)


class WatchEndReason(models.TextChoices):
    """Why an assignment is over."""

    WISH = "wish", _("the person does not want it any more")
    REFUSED = "refused", _("the person refused")
    DIED = "died", _("death")
    MOVED = "moved", _("moved away")
    FACILITY = "facility", _("moved into a facility")
    NOT_NEEDED = "not_needed", _("no longer needed")
    BASIS_ENDED = "basis_ended", _("its basis has ended")
    TERM_OVER = "term_over", _("its term is over")
    OTHER = "other", _("other")


class ExpectationState(models.TextChoices):
    """What became of one time at which somebody was to look in; due and late are computed."""

    EXPECTED = "expected", _("expected")
    MET = "met", _("met")
    MISSED = "missed", _("missed")
    EXCUSED = "excused", _("excused by a pause")
    VOID = "void", _("no longer wanted")


class CheckInOutcome(models.TextChoices):
    """What somebody who looked in found."""

    MET = "met", _("met in person")
    HEARD = "heard", _("heard on the telephone")
    INDIRECT = "indirect", _("indirect sign of life")
    NO_ANSWER = "no_answer", _("no answer")
    REFUSED = "refused", pgettext_lazy("visit", "refused")
    CONCERN = "concern", _("concern")
    EMERGENCY = "emergency", _("emergency")


class AlertKind(models.TextChoices):
    """Who is silent, or what worries."""

    WATCHER_SILENT = "watcher_silent", _("nobody has looked in")
    RESIDENT_SILENT = "resident_silent", _("no answer from the person")
    CONCERN = "concern", _("concern about the person")


class AlertLevel(models.IntegerChoices):
    """How bad it may be; a worse one joins an open alert and raises it."""

    NOTICE = 1, _("notice")
    WARNING = 2, _("warning")
    EMERGENCY = 3, _("emergency")


class AlertState(models.TextChoices):
    """As it is shown: an acknowledgement that has run out leaves an open alert."""

    OPEN = "open", _("open")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    RESOLVED = "resolved", _("resolved")


class AlertOutcome(models.TextChoices):
    """What it turned out to be."""

    SAFE = "safe", _("safe")
    INTERVENED = "intervened", _("somebody stepped in")
    FALSE_ALARM = "false_alarm", _("false alarm")


class AlertEnd(models.TextChoices):
    """What ended an alert: a person's judgement, or what overtook it."""

    PERSON = "person", _("a person's judgement")
    CHECK_IN = "check_in", _("somebody has looked in")
    PAUSE = "pause", _("a pause")
    WATCH_ENDED = "watch_ended", _("the watch is suspended or over")


class AlertVerb(models.TextChoices):
    """What happens to an alert."""

    OPEN = "open", _("opened")
    JOIN = "join", _("one more joined it")
    RAISE = "raise", _("raised")
    ACKNOWLEDGE = "acknowledge", _("acknowledged")
    PUT_DOWN = "put_down", _("open again: whoever had taken it on cannot see to it")
    RESOLVE = "resolve", _("resolved")


#: What a check-in opens at once, without grace: the watcher's duty is done, the worry begins.
OPENS: dict[CheckInOutcome, tuple[AlertKind, AlertLevel]] = {
    CheckInOutcome.NO_ANSWER: (AlertKind.RESIDENT_SILENT, AlertLevel.WARNING),
    CheckInOutcome.CONCERN: (AlertKind.CONCERN, AlertLevel.WARNING),
    CheckInOutcome.EMERGENCY: (AlertKind.CONCERN, AlertLevel.EMERGENCY),
}
#: Signs of life.
WELL = frozenset({CheckInOutcome.MET, CheckInOutcome.HEARD, CheckInOutcome.INDIRECT})


class HolidayPolicy(models.TextChoices):
    """What becomes of a time that falls on a closed day of the responsible agency."""

    KEEP = "keep", _("keep")
    SKIP = "skip", _("skip")
    MOVE = "move", _("move to the next open day")


class WatchMethod(models.TextChoices):
    """How somebody looks in."""

    VISIT = "visit", _("visit")
    PHONE = "phone", _("telephone")
    INDIRECT = "indirect", _("indirect signs")
    DEVICE = "device", _("device")


class PauseReason(models.TextChoices):
    """Why nobody needs to look in for a while."""

    HOSPITAL = "hospital", _("hospital")
    SHORT_STAY = "short_stay", _("short stay")
    TRAVEL = "travel", _("travel")
    OTHER = "other", _("other")


class HandoverStatus(models.TextChoices):
    """Where the handover of a term stands."""

    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("to be carried out on its day")
    DONE = "done", _("carried out")
    CANCELLED = "cancelled", _("called off")


class Obstacle(models.TextChoices):
    """Why a watch does not go to the one who comes after."""

    NO_SUCCESSOR = "no_successor", _("nobody comes after")
    NOT_A_WATCHER = "not_a_watcher", _("the successor may not record check-ins there")
    WATCHES_ALREADY = "watches_already", _("the successor looks in on the person already")
    CONSENT_NEEDED = "consent_needed", _("the person has to be asked for their consent anew")
    REFUSED = "refused", _("the person refused the agency of the successor")
    BASIS_ENDS = "basis_ends", _("the basis ends before")
    TERM_ENDS = "term_ends", _("the term ends before")


#: Where nothing can be handed over: nobody may look in any more by then.
OVER_BEFORE = frozenset({Obstacle.BASIS_ENDS, Obstacle.TERM_ENDS})


class HandoverRemark(models.TextChoices):
    """What else to know of a watch that is handed over."""

    REAPPOINTED = "reappointed", _("the same person goes on")
    BACKUP_TAKES_OVER = "backup_takes_over", _("the backup looks in until then")
    WITHOUT_WATCHER = "without_watcher", _("nobody looks in: name a watcher")
    WITHOUT_BACKUP = "without_backup", _("nobody stands by: name a backup")


class ReportItem(models.TextChoices):
    """The items of a commissioner's monthly activity report, in the order of the national form."""

    HOME_WELFARE = "home_welfare", pgettext_lazy("activity report", "welfare at home")
    CARE_INSURANCE = "care_insurance", pgettext_lazy("activity report", "care insurance")
    HEALTH = "health", pgettext_lazy("activity report", "health and medical care")
    CHILDCARE = "childcare", pgettext_lazy("activity report", "childcare, mother and child")
    CHILD_AT_HOME = "child_at_home", pgettext_lazy("activity report", "children in the community")
    CHILD_AT_SCHOOL = "child_at_school", pgettext_lazy("activity report", "children at school")
    LIVING_COSTS = "living_costs", pgettext_lazy("activity report", "living costs")
    PENSION = "pension", pgettext_lazy("activity report", "pension and insurance")
    WORK = "work", pgettext_lazy("activity report", "work")
    FAMILY = "family", pgettext_lazy("activity report", "family relations")
    HOUSING = "housing", pgettext_lazy("activity report", "housing")
    ENVIRONMENT = "environment", pgettext_lazy("activity report", "living environment")
    DAILY_SUPPORT = "daily_support", pgettext_lazy("activity report", "everyday support")
    OTHER_TOPIC = "other_topic", pgettext_lazy("activity report", "other matters")
    OLDER = "older", pgettext_lazy("activity report", "about older people")
    DISABLED = "disabled", pgettext_lazy("activity report", "about people with disabilities")
    CHILDREN = "children", pgettext_lazy("activity report", "about children")
    OTHER_FIELD = "other_field", pgettext_lazy("activity report", "about others")
    SURVEYS = "surveys", pgettext_lazy("activity report", "surveys")
    EVENTS = "events", pgettext_lazy("activity report", "events, projects and meetings")
    COMMUNITY = "community", pgettext_lazy("activity report", "community and own initiatives")
    COUNCIL = "council", pgettext_lazy("activity report", "council work and training")
    CERTIFICATES = "certificates", pgettext_lazy("activity report", "certificates")
    CHILD_REPORTS = "child_reports", pgettext_lazy("activity report", "reports of children at risk")
    VISITS = "visits", pgettext_lazy("activity report", "watch-over visits and calls")
    OTHER_VISITS = "other_visits", pgettext_lazy("activity report", "other visits")
    AMONG_COMMISSIONERS = (
        "among_commissioners",
        pgettext_lazy("activity report", "among commissioners"),
    )
    WITH_AGENCIES = "with_agencies", pgettext_lazy("activity report", "with other agencies")
    DAYS = "days", pgettext_lazy("activity report", "days of activity")


_R = ReportItem


class ReportSection(models.TextChoices):
    """The parts of the form."""

    BY_CONTENT = "by_content", pgettext_lazy("activity report", "consultations by content")
    BY_FIELD = "by_field", pgettext_lazy("activity report", "consultations by field")
    OTHER_WORK = "other_work", pgettext_lazy("activity report", "other activities")
    VISITS = "visits", pgettext_lazy("activity report", "number of visits")
    CONTACTS = "contacts", pgettext_lazy("activity report", "number of contacts")
    DAYS = "days", pgettext_lazy("activity report", "number of days")


def section_of(item: ReportItem) -> ReportSection:
    """Return the part of the form in which an item stands."""
    order = list(ReportItem)
    return next(
        section for last, section in _LAST_OF_SECTION if order.index(item) <= order.index(last)
    )


_LAST_OF_SECTION = (
    (_R.OTHER_TOPIC, ReportSection.BY_CONTENT),
    (_R.OTHER_FIELD, ReportSection.BY_FIELD),
    (_R.CHILD_REPORTS, ReportSection.OTHER_WORK),
    (_R.OTHER_VISITS, ReportSection.VISITS),
    (_R.WITH_AGENCIES, ReportSection.CONTACTS),
    (_R.DAYS, ReportSection.DAYS),
)
