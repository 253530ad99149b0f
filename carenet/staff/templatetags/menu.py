"""The main menu: which pages it leads to, each for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django import template
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import ORGAN_KINDS, AgencyKind
from carenet.agencies.roles import Role
from carenet.staff.templatetags.waiting import Counts, count_waiting

register = template.Library()


class MenuItem(NamedTuple):
    """A link; `section` is the beginning of the addresses that belong to it.

    `kinds`: of which kinds of agency it is for; of all without any.
    """

    name: str
    label: Promise
    ability: str = ""
    section: str = ""
    kinds: frozenset[AgencyKind] = frozenset()

    def open_to(self, actor: Actor) -> bool:
        """Whether it stands in the menu of the actor; the page behind it asks for itself."""
        if self.kinds and actor.agency.kind not in self.kinds:
            return False
        return not self.ability or bool(actor.may(self.ability))


class MenuGroup(NamedTuple):
    """The links of one job; the first group has no name."""

    label: str | Promise
    items: Sequence[MenuItem]


#: Of two items with one label the first one is shown that the role allows.
MENU = [
    MenuGroup(
        "",
        [
            MenuItem("staff-today", _("Home"), "reminders.view"),
            MenuItem("staff-pocket", _("Visits"), "watch.check_in", "/pocket/"),
        ],
    ),
    MenuGroup(
        pgettext_lazy("menu", "Consultation"),
        [
            MenuItem("staff-consultation-new", _("Take a consultation"), "consultations.record"),
            MenuItem(
                "staff-consultations",
                _("Consultations"),
                "consultations.view",
                "/desk/consultations/",
            ),
            MenuItem("staff-concerns", _("Concerns"), "concerns.view", "/desk/concerns/"),
            MenuItem(
                "staff-abuse-reports",
                _("Abuse reports"),
                "abuse.decide",
                "/desk/abuse/",
                ORGAN_KINDS,
            ),
        ],
    ),
    MenuGroup(
        pgettext_lazy("menu", "Support"),
        [
            MenuItem("staff-people", _("Find a person"), "residents.view", "/desk/people/"),
            MenuItem("staff-cases", _("Cases"), "cases.view", "/desk/cases/"),
            MenuItem("staff-referrals", _("Referrals"), "referrals.view", "/desk/referrals/"),
            MenuItem("staff-answer", _("Answer by FAX or phone"), "referrals.view"),
            MenuItem("staff-tasks", _("Tasks"), "tasks.view", "/desk/tasks/"),
        ],
    ),
    MenuGroup(
        pgettext_lazy("menu", "Watch-over"),
        [
            MenuItem("staff-review", _("The review"), "watch.review", "/review/"),
            MenuItem("staff-review-coverage", _("The review"), "watch.count", "/review/"),
            MenuItem("staff-lists", _("Lists of the ward"), "lists.view", "/desk/ward-lists/"),
            MenuItem("staff-report-concern", _("Tell a concern"), "concerns.report"),
            MenuItem("staff-absence", _("When I am away"), "agencies.record_absence"),
            MenuItem("staff-report", _("Monthly activity report"), "watch.report"),
        ],
    ),
    MenuGroup(
        pgettext_lazy("menu", "Agency"),
        [
            MenuItem(
                "staff-own-agency", _("Your agency"), "agencies.manage_members", "/desk/agency/"
            ),
            MenuItem("staff-members", _("Members"), "agencies.view_members", "/desk/members/"),
            MenuItem("staff-work", _("Imports and exports"), "jobs.view", "/desk/work/"),
        ],
    ),
    MenuGroup(
        pgettext_lazy("menu", "Audit"),
        [
            MenuItem("staff-audit", _("Today's audit"), "audit.view"),
            MenuItem("staff-trail", _("The trail"), "audit.view", "/desk/trail/"),
            MenuItem(
                "staff-readers-find",
                _("Who has read a record"),
                "audit.disclose",
                "/desk/readers/",
            ),
            MenuItem("staff-bases", _("Lawful bases in use"), "audit.view"),
            MenuItem("staff-incidents", _("Incidents"), "incidents.view", "/desk/incidents/"),
        ],
    ),
]


EVERY_ITEM = [item for group in MENU for item in group.items]


def first_page(actor: Actor) -> str:
    """Return the name of the page where somebody begins.

    Whoever only looks in begins in the pocket, coordinators at the review, auditors at what was refused,
    managers who do no casework themselves at the page of their agency.
    """
    if actor.roles <= {Role.WATCHER}:
        return "staff-pocket"
    if Role.MANAGER in actor.roles and actor.roles <= {Role.MANAGER, Role.WATCHER}:
        return "staff-own-agency"
    if Role.COORDINATOR in actor.roles and Role.STAFF not in actor.roles:
        return "staff-review"
    if actor.roles <= {Role.AUDITOR, Role.WATCHER}:
        return "staff-audit"
    return "staff-today"


@register.inclusion_tag("staff/parts/menu.html", takes_context=True)
def menu(context: dict[str, Any]) -> dict[str, Any]:
    """Return the links for whoever acts, by job; the page behind each asks for itself."""
    groups, section = [], _marked(context["request"])
    for group in MENU:
        links = list(_links(group.items, context["actor"], context["request"], section))
        if links:
            groups.append({"label": group.label, "links": links})
    return {"groups": groups}


@register.inclusion_tag("staff/parts/crumbs.html", takes_context=True)
def breadcrumbs(context: dict[str, Any]) -> dict[str, Any]:
    """Return what lies above a page: Home, its place in the menu, and `crumbs` of the view.

    Each is an address and a label. A page of the menu itself has none, unless its view gives some.
    """
    request, given = context["request"], list(context.get("crumbs") or [])
    item = _above(context["actor"], request)
    above = [(reverse(item.name), item.label)] if item else []
    if not above and not given:
        return {"crumbs": []}
    return {"crumbs": [(reverse("staff-home"), gettext("Home")), *above, *given]}


@register.filter
def name_of_today(actor: Actor) -> str:
    """Return what Today is called for the actor: Home only for whoever begins there."""
    return gettext("Home") if first_page(actor) == "staff-today" else gettext("What waits")


@register.filter
def name_of_own_agency(actor: Actor) -> str:
    """Return what the page of one's own agency is called: Home for whoever begins there."""
    home = first_page(actor) == "staff-own-agency"
    return gettext("Home") if home else gettext("Your agency")


def _above(actor: Actor, request: Any) -> MenuItem | None:
    """Return the item in whose section the page lies; None for its own page."""
    section, here = _nearest(request), getattr(request.resolver_match, "view_name", "")
    for item in EVERY_ITEM:
        if section and item.section == section and item.open_to(actor):
            return item if item.name != here else None
    return None


def _nearest(request: Any) -> str:
    """Return the longest section in which the page lies."""
    sections = {item.section for item in EVERY_ITEM if item.section}
    return max((each for each in sections if request.path.startswith(each)), key=len, default="")


def _marked(request: Any) -> str:
    """Return the section that the menu marks; none where it marks the page itself."""
    here = getattr(request.resolver_match, "view_name", "")
    return "" if any(item.name == here for item in EVERY_ITEM) else _nearest(request)


def _links(
    items: Sequence[MenuItem], actor: Actor, request: Any, section: str
) -> Iterator[dict[str, Any]]:
    here, labels = getattr(request.resolver_match, "view_name", ""), set()
    for item in items:
        if item.label in labels or not item.open_to(actor):
            continue
        labels.add(item.label)
        inside = bool(section) and item.section == section
        current = "page" if here == item.name else "true" if inside else ""
        label = name_of_today(actor) if item.name == "staff-today" else item.label
        counts = _counts(actor) if item.name == "staff-today" else None
        link = {"url": reverse(item.name), "label": label, "current": current}
        yield {**link, "counts": counts, "counted": _told(counts) if counts else ""}


def _counts(actor: Actor) -> Counts | None:
    """Return how much waits; None where the database is away, of which the page itself tells."""
    try:
        return count_waiting(actor)
    except DatabaseError:
        if connection.in_atomic_block:
            raise
        return None


def _told(counts: Counts) -> str:
    """Say in words what the numbers beside a link are."""
    if counts.overdue:
        return gettext("%(waiting)d waiting, %(overdue)d of them overdue") % counts._asdict()
    return gettext("%(waiting)d waiting") % counts._asdict()
