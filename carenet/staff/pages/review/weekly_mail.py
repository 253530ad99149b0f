"""What the weekly mail of counts says. Numbers alone: it names nobody."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.staff.actions.weekly_mail import WEEK
from carenet.staff.pages.review.tiles import Number, numbers
from carenet.watchover.selectors import review


def text(actor: Actor) -> str:
    """Return what a mail says: counts, asked now, of what this person may see now."""
    ages = review.ages_by_agency(actor)
    alerts = sum(age["alerts"] for row in ages for age in row["ages"])
    five, changes = numbers(actor, alerts, clock.now() - WEEK)
    where = f"{settings.PUBLIC_URL}{reverse('staff-review')}"
    end = f"{settings.PUBLIC_URL}{reverse('staff-review-mail')}"
    return "\n".join(
        [
            actor.agency.name,
            "",
            *map(_line, five),
            "",
            _("In the last seven days:"),
            *(map(_line, changes) if changes else [_("Nothing has changed.")]),
            "",
            _("Who they are: %(where)s") % {"where": where},
            _("To end this mail: %(where)s") % {"where": end},
        ]
    )


def _line(each: Number) -> str:
    return f"- {each.words}: {each.number}"
