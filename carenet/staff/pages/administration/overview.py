"""What waits for the administrators, and whether the service works."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carenet.administration import selectors
from carenet.reminders.actions.health import try_parts
from carenet.staff.pages.administration.base import AdministrationView

#: For each part of `/healthz`: what it is called, and what one does when it does not work.
PARTS: dict[str, tuple[Promise, Promise]] = {
    "database": (
        _("Database"),
        _("Start PostgreSQL again, and look at its log and its disk."),
    ),
    "migrations": (
        _("Tables of this release"),
        _("Run “manage.py migrate” of the release that is installed."),
    ),
    "audit": (
        _("The trail only grows"),
        _(
            "The service's database role may do too much to the trail: run “manage.py migrate” again."
        ),
    ),
    "redis": (
        _("Redis"),
        _("Start Redis again. Nothing is lost meanwhile, but it goes out later."),
    ),
    "worker": (_("Worker"), _("Start the Celery worker again.")),
    "beat": (_("Clock of the reminders (beat)"), _("Start Celery beat again.")),
    "sending": (
        _("Messages go out"),
        _("Sending was stopped after a restore: look, then run “manage.py sending release”."),
    ),
    "reminders": (
        _("Reminders in time"),
        _("Reminders are late: see whether the worker keeps up, and start a second one."),
    ),
    "watchover": (
        _("Watches in time"),
        _("Missed visits are noticed late: see whether worker and beat run."),
    ),
    "clocks": (_("Clocks agree"), _("Set the clocks of the servers: time service (NTP) is off.")),
}
#: For each figure that should be nought: what it counts.
FIGURES: dict[str, Promise] = {
    "silent_watches": _("Watches that expect nobody, and nobody knows"),
    "silent": _("Open matters of which nobody is reminded"),
    "stalled_closures": _("Closures of agencies that do not get on"),
}


class OverviewView(AdministrationView):
    """How much there is, and what waits for a second administrator."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "numbers": selectors.numbers(),
            "requests": list(selectors.open_requests()[: selectors.SHOWN]),
        }
        return self.show("staff/administration/overview.html", context)


class HealthView(AdministrationView):
    """Each part of the service in words, and what to do where one does not work."""

    tab = "administration-health"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = try_parts()
        return self.show("staff/administration/health.html", _in_words(found))


def _in_words(found: dict[str, Any]) -> dict[str, Any]:
    """Return what the page says of what was found."""
    parts = [
        (label, advice, found["parts"].get(name, "")) for name, (label, advice) in PARTS.items()
    ]
    figures = [(label, found.get(name)) for name, label in FIGURES.items()]
    return {
        "parts": parts,
        "figures": figures,
        "overdue": found["oldest_overdue_seconds"],
        "works": "part" not in found,
    }
