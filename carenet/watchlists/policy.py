"""Who sees a list and its entries, in which width, and what that includes.

The agency that a list was delivered to, and C of its ward, *keep* it: they see every entry. Whoever is
to make a first visit is *sent*: they see their own entries, and of the person name, address and phone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.core.decisions import ALLOWED, Decision, Denied, needs_ability
from carenet.watchlists.models import ListEntry, WatchList
from carenet.watchlists.states import UNDECIDED, ListState
from carenet.watchover.models import WatchAssignment
from carenet.watchover.policy import is_responsible

#: For so long who made a first visit may still see, and put right, what they recorded.
SEEN_AFTERWARDS = timedelta(days=30)
_UNDECIDED = sorted(UNDECIDED)


def lists_of(actor: Actor) -> Q:
    """Return the condition on lists "delivered to the actor's agency, or the actor is C of its ward"."""
    condition = Q(pk__in=[])
    if actor.does_casework or Role.COORDINATOR in actor.roles:
        condition |= Q(agency=actor.agency_id)
    if actor.coordinates and actor.agency.kind == AgencyKind.WARD_OFFICE:
        condition |= Q(agency__municipality_code=actor.agency.municipality_code)
    return condition


def lists_visible_to(actor: Actor) -> QuerySet[WatchList]:
    """Return the lists that the actor keeps."""
    if not actor.may("lists.view"):
        return WatchList.objects.none()
    return WatchList.objects.filter(lists_of(actor))


def entries_of(actor: Actor) -> Q:
    """Return the condition on entries "the actor keeps the list"."""
    return Q(watch_list__in=WatchList.objects.filter(lists_of(actor)))


def sent_to(actor: Actor) -> Q:
    """Return the condition on entries "the actor makes the first visit", while there is a basis."""
    if actor.user is None:
        return Q(pk__in=[])
    lasting = Q(watch_list__basis_until=None) | Q(watch_list__basis_until__gte=clock.today())
    lately = Q(decided_at=None) | Q(decided_at__gt=clock.now() - SEEN_AFTERWARDS)
    theirs = Q(visitor=actor.user_id, visitor_agency=actor.agency_id)
    return theirs & lasting & lately & ~Q(state=ListState.SCREENED)


def entries_visible_to(actor: Actor) -> QuerySet[ListEntry]:
    """Return the entries that the actor keeps, or is sent to."""
    if not actor.may("lists.view"):
        return ListEntry.objects.none()
    return ListEntry.objects.filter(entries_of(actor) | sent_to(actor))


def entries_counted(actor: Actor) -> QuerySet[ListEntry]:
    """Return the entries of which the actor may read numbers: kept ones.

    The auditor counts those of their agency, of a ward office those of the ward, and sees none.
    """
    condition = lists_of(actor)
    if Role.AUDITOR in actor.roles:
        condition |= Q(agency=actor.agency_id)
        if actor.agency.kind == AgencyKind.WARD_OFFICE:
            condition |= Q(agency__municipality_code=actor.agency.municipality_code)
    return ListEntry.objects.filter(watch_list__in=WatchList.objects.filter(condition))


def manages_list(actor: Actor, agency: Agency) -> bool:
    """Whether the actor keeps the lists of an agency; the object rule of `lists_of`."""
    return is_responsible(actor, WatchAssignment(responsible_agency=agency))


def is_sent(actor: Actor, entry: ListEntry) -> bool:
    """Whether the actor makes the first visit, and a basis lets them; the object rule of `sent_to`."""
    if actor.user is None or entry.state == ListState.SCREENED:
        return False
    until = entry.watch_list.basis_until
    if until is not None and until < clock.today():
        return False
    if entry.decided_at and entry.decided_at <= clock.now() - SEEN_AFTERWARDS:
        return False
    return (entry.visitor_id, entry.visitor_agency_id) == (actor.user_id, actor.agency_id)


def can_view_entry(actor: Actor, entry: ListEntry) -> Decision:
    """Whether the actor may see it at all; the object rule of `entries_visible_to`."""
    return _for_manager_or_visitor(actor, entry, "lists.view")


@needs_ability("lists.import")
def can_import(actor: Actor, agency: Agency) -> Decision:
    """Whether the actor may take in a list for an agency: their own, or as C one of the ward."""
    return _for_manager(manages_list(actor, agency))


@needs_ability("lists.work")
def can_manage_entry(actor: Actor, entry: ListEntry) -> Decision:
    """Whether the actor may say whom it means, screen it out, send somebody, propose the watch."""
    return _for_manager(manages_list(actor, entry.watch_list.agency))


def can_visit(actor: Actor, entry: ListEntry) -> Decision:
    """Whether the actor may record the first visit and what the person wants."""
    return _for_manager_or_visitor(actor, entry, "lists.work")


def sees_listed_resident(actor: Actor) -> Q:
    """Return the condition on residents "the actor keeps an entry of them that is still open".

    Who is only sent does not see the record: what they may know is in the entry.
    """
    if not actor.may("lists.view"):
        return Q(pk__in=[])
    still = Q(state__in=_UNDECIDED) | Q(state=ListState.WANTS, assignment=None)
    kept = ListEntry.objects.filter(entries_of(actor) & still, resident=OuterRef("pk"))
    return Q(Exists(kept))


def reaches(actor: Actor) -> Iterable[QuerySet[Any, Any]]:
    """Return the residents of the entries that the actor keeps."""
    kept = ListEntry.objects.filter(entries_of(actor), resident__isnull=False)
    yield kept.values("resident")


def _for_manager(kept: bool) -> Decision:
    if kept:
        return ALLOWED
    return Denied(
        _(
            "The agency that the list was delivered to and the coordinators of its ward may do this."
        ),
        _("To work for that agency."),
        code="not_responsible",
    )


def _for_manager_or_visitor(actor: Actor, entry: ListEntry, ability: str) -> Decision:
    allowed = actor.may(ability)
    if not allowed or manages_list(actor, entry.watch_list.agency) or is_sent(actor, entry):
        return allowed
    return Denied(
        _("You have no part in this list."),
        _("To be sent to this person, or to work for the agency that the list was delivered to."),
    )
