"""The ways of the review, in three groups: what is now, who looks in on whom, lists and terms."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()


class Way(NamedTuple):
    """A page of the review; `section` is the beginning of further addresses that belong to it."""

    name: str
    label: Promise
    ability: str = "watch.review"
    section: str = ""


#: One group after the other; a group leads to the first of its pages that the reader may see.
GROUPS: tuple[tuple[Promise, tuple[Way, ...]], ...] = (
    (
        _("Now"),
        (
            Way("staff-review", _("Overview")),
            Way("staff-review-signals", _("Weakening signals")),
            Way("staff-review-referrals", _("Referrals"), "referrals.review", "/review/referrals/"),
        ),
    ),
    (
        _("People and watchers"),
        (
            Way("staff-review-single", _("Single points")),
            Way("staff-review-load", _("Load")),
            Way("staff-review-watches", _("Watches"), section="/review/watches/"),
            Way("staff-review-coverage", _("Coverage"), "watch.count"),
        ),
    ),
    (
        _("Lists and terms"),
        (
            Way("staff-review-lists", _("List of the ward"), "watch.count", "/review/lists/"),
            Way("staff-review-terms", _("Terms that end")),
            Way("staff-handovers", _("Handover of a term"), "watch.assign", "/review/handovers/"),
        ),
    ),
)
#: Pages that belong to another one which is in the list.
_INSIDE = {"staff-review-network": "staff-review-coverage"}


@register.inclusion_tag("staff/review/ways.html", takes_context=True)
def review_ways(context: dict[str, Any]) -> dict[str, Any]:
    """Return the groups for whoever acts, and the pages of the one in which the reader is."""
    actor, request = context["actor"], context["request"]
    groups = []
    for label, ways in GROUPS:
        links = [_link(way, request) for way in ways if actor.may(way.ability)]
        if links:
            here = any(each["current"] for each in links)
            groups.append({"label": label, "url": links[0]["url"], "here": here, "links": links})
    return {"groups": groups, "inside": next((each for each in groups if each["here"]), None)}


def _link(way: Way, request: Any) -> dict[str, Any]:
    view = getattr(request.resolver_match, "view_name", "")
    same = _INSIDE.get(view, view) == way.name
    inside = bool(way.section) and request.path.startswith(way.section)
    current = "page" if view == way.name else "true" if same or inside else ""
    return {"url": reverse(way.name), "label": way.label, "current": current}
