"""Where the lines of an inbox lead, and what they say."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from carenet.reminders.models import InboxEntry
from carenet.reminders.registry import kind_named

_NOBODY = UUID(int=0)
#: The pages of what a line may be about, by the kind of the subject.
PAGES = {
    "abuse_deadline": "staff-abuse-deadline",
    "abuse_report": "staff-abuse-report",
    "agencyclosure": "staff-closure",
    "alert": "staff-alert",
    "basis": "staff-basis",
    "case": "staff-case",
    "concern": "staff-concern",
    "consent": "staff-consent",
    "consultation": "staff-consultation",
    "danger": "staff-danger",
    "goal": "staff-goal",
    "grant": "staff-grant",
    "incident": "staff-incident",
    "inquiry": "staff-inquiry",
    "message": "staff-message",
    "offered referral": "staff-pool-entry",
    "operatorchange": "staff-operator-change",
    "referral": "staff-referral",
    "resident": "staff-resident",
    "section": "staff-closure-preview",
    "task": "staff-task",
    "watchassignment": "staff-watch",
    "watchend": "staff-watches-ending",
    "watchlist": "staff-list",
    "watchpause": "staff-pause",
}
#: What a line says that it is about, where a reminder alone speaks of it.
KINDS = {
    "abuse_deadline": gettext_lazy("Abuse report"),
    "abuse_report": gettext_lazy("Abuse report"),
    "alert": gettext_lazy("Alert"),
    "case": gettext_lazy("Case"),
    "concern": gettext_lazy("Concern"),
    "danger": gettext_lazy("Case"),
    "inquiry": gettext_lazy("Inquiry"),
    "referral": gettext_lazy("Referral"),
    "task": gettext_lazy("Task"),
    "watchassignment": gettext_lazy("Watch"),
    "watchend": gettext_lazy("Watch"),
    "watchpause": gettext_lazy("Watch"),
}


def address_of(kind: str, about: UUID) -> str:
    """Return the page of something, empty where there is none."""
    return _of_nobody(PAGES.get(kind, "")).replace(str(_NOBODY), str(about))


def reminder_address(entry_id: UUID) -> str:
    """Return what the addresses of the steps with a reminder begin with."""
    return _of_nobody("staff-reminder-read").replace(f"{_NOBODY}/read/", f"{entry_id}/")


@cache
def _of_nobody(page: str) -> str:
    """Return the address of a page about nobody: to look it up takes longer than to fill it in."""
    try:
        return reverse(page, args=[_NOBODY])
    except NoReverseMatch:
        return ""


def text_of(entry: InboxEntry) -> str:
    """Return what a reminder says; its code where its kind is no longer known."""
    reminder = entry.reminder
    try:
        kind = kind_named(reminder.kind)
    except KeyError:
        return reminder.subject_code
    return str(kind.text(reminder.occurrence(entry.delivery.step)))
