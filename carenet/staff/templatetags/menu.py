"""The main menu: which pages it leads to, each for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()


class MenuItem(NamedTuple):
    """A link; `section` is the beginning of the addresses that belong to it."""

    name: str
    label: Promise
    ability: str = ""
    section: str = ""


#: Of two items with one label the first one is shown that the role allows.
MENU = [
    MenuItem("staff-today", _("Today")),
    MenuItem("staff-consultation-new", _("Take a consultation"), "consultations.record"),
    MenuItem("staff-consultations", _("Consultations"), "consultations.view"),
    MenuItem("staff-people", _("Find a person"), "residents.view"),
    MenuItem("staff-referrals", _("Referrals"), "referrals.view"),
    MenuItem("staff-cases", _("Cases"), "cases.view"),
    MenuItem("staff-tasks", _("Tasks"), "tasks.view", "/desk/tasks/"),
    MenuItem("staff-answer", _("Code on the paper"), "referrals.view"),
    MenuItem("staff-review", _("The review"), "watch.review", "/review/"),
    MenuItem("staff-review-coverage", _("The review"), "watch.count", "/review/"),
    MenuItem("staff-pocket", _("Visits"), "watch.check_in"),
    MenuItem("staff-work", _("Imports and exports"), "jobs.view", "/desk/work/"),
]


@register.inclusion_tag("staff/parts/menu.html", takes_context=True)
def menu(context: dict[str, Any]) -> dict[str, Any]:
    """Return the links for whoever acts; the page behind each asks for itself."""
    return {"links": list(_links(MENU, context["actor"], context["request"]))}


def _links(items: Sequence[MenuItem], actor: Any, request: Any) -> Iterator[dict[str, Any]]:
    here, labels = getattr(request.resolver_match, "view_name", ""), set()
    for item in items:
        if item.label in labels or (item.ability and not actor.may(item.ability)):
            continue
        labels.add(item.label)
        inside = bool(item.section) and item.section in request.path
        current = "page" if here == item.name else "true" if inside else ""
        yield {"url": reverse(item.name), "label": item.label, "current": current}
