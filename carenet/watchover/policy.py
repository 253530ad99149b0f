"""Who sees an assignment, in which width, and what that includes.

The responsible agency and C of its ward *keep* an assignment: they see all of it. A watcher and a
backup are *let in* once there is a basis, for as long as it lasts: they see the assignment, the
resident's name, address, telephone and the safety note, and nothing of the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField as Boolean
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from carenet.abuse.policy import readers, reports_of_consultation
from carenet.access.policy import shared_with
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.policy import read_apart
from carenet.core import clock
from carenet.core.decisions import ALLOWED, Decision, Denied, needs_ability
from carenet.watchover.models import (
    Alert,
    CheckIn,
    Concern,
    Expectation,
    Pause,
    WatchAssignment,
    WatchHandover,
    WatchSchedule,
)
from carenet.watchover.states import AGREED, AlertKind, WatchMethod

_AGREED = sorted(AGREED)


def watches_of(actor: Actor) -> Q:
    """Return the condition on assignments "the actor's agency answers for it, or is C of its ward"."""
    condition = Q(pk__in=[])
    if _is_responsible(actor):
        condition |= Q(responsible_agency=actor.agency_id)
    if _coordinates_ward(actor):
        condition |= Q(responsible_agency__municipality_code=actor.agency.municipality_code)
    return condition


def counted(actor: Actor) -> QuerySet[WatchAssignment]:
    """Return the assignments of which the actor may read numbers: kept ones.

    The auditor counts those of their agency, of a ward office those of the ward, and sees none.
    """
    condition = watches_of(actor)
    if Role.AUDITOR in actor.roles:
        condition |= Q(responsible_agency=actor.agency_id)
        if actor.agency.kind == AgencyKind.WARD_OFFICE:
            condition |= Q(responsible_agency__municipality_code=actor.agency.municipality_code)
    return WatchAssignment.objects.filter(condition)


def counts_ward(actor: Actor) -> bool:
    """Whether what the actor counts is all of the ward, and not their agency's alone."""
    of_ward = actor.agency.kind == AgencyKind.WARD_OFFICE
    return of_ward and (actor.coordinates or Role.AUDITOR in actor.roles)


def watched_by(actor: Actor) -> Q:
    """Return the condition on assignments "the actor looks in, or stands by, and a basis lets them"."""
    if actor.user is None:
        return Q(pk__in=[])
    today = clock.today()
    theirs = Q(watcher=actor.user_id, watcher_agency=actor.agency_id) | Q(
        backup=actor.user_id, backup_agency=actor.agency_id
    )
    lasting = (Q(basis_until=None) | Q(basis_until__gte=today)) & (
        Q(term_until=None) | Q(term_until__gte=today)
    )
    return theirs & lasting & Q(status__in=_AGREED)


def visible_to(actor: Actor) -> QuerySet[WatchAssignment]:
    """Return the assignments that the actor keeps, or is let into."""
    if not actor.may("watch.view"):
        return WatchAssignment.objects.none()
    return WatchAssignment.objects.filter(watches_of(actor) | watched_by(actor))


def schedules_visible_to(actor: Actor) -> QuerySet[WatchSchedule]:
    """Return the schedules of visible assignments."""
    return WatchSchedule.objects.filter(assignment__in=visible_to(actor))


def expectations_visible_to(actor: Actor) -> QuerySet[Expectation]:
    """Return the expectations of visible assignments."""
    return Expectation.objects.filter(assignment__in=visible_to(actor))


def check_ins_visible_to(actor: Actor) -> QuerySet[CheckIn]:
    """Return the check-ins of visible assignments."""
    return CheckIn.objects.filter(assignment__in=visible_to(actor))


def alerts_visible_to(actor: Actor) -> QuerySet[Alert]:
    """Return the alerts of visible assignments."""
    return Alert.objects.filter(assignment__in=visible_to(actor))


def pauses_visible_to(actor: Actor) -> QuerySet[Pause]:
    """Return the pauses of the residents of visible assignments."""
    theirs = visible_to(actor).filter(resident=OuterRef("resident"))
    return Pause.objects.filter(Exists(theirs))


def is_responsible(actor: Actor, assignment: WatchAssignment) -> bool:
    """Whether the actor sees all of it: the responsible agency, and C of its ward."""
    agency = assignment.responsible_agency
    return (_is_responsible(actor) and agency.pk == actor.agency_id) or (
        _coordinates_ward(actor) and agency.municipality_code == actor.agency.municipality_code
    )


def is_watcher(actor: Actor, assignment: WatchAssignment) -> bool:
    """Whether the actor is watcher or backup, and a basis lets them in now."""
    if actor.user is None or assignment.status not in _AGREED:
        return False
    over_at = assignment.over_at
    if over_at is not None and over_at <= clock.now():
        return False
    return (actor.user_id, actor.agency_id) in {
        (assignment.watcher_id, assignment.watcher_agency_id),
        (assignment.backup_id, assignment.backup_agency_id),
    }


def _coordinates_ward(actor: Actor) -> bool:
    return actor.coordinates and actor.agency.kind == AgencyKind.WARD_OFFICE


@needs_ability("watch.view")
def can_view(actor: Actor, assignment: WatchAssignment) -> Decision:
    """Whether the actor may see it at all; the object rule of `visible_to`."""
    if is_responsible(actor, assignment) or is_watcher(actor, assignment):
        return ALLOWED
    return Denied(
        _("You have no part in this watch."),
        _("To be its watcher or backup, or to work for the responsible agency."),
    )


@needs_ability("watch.assign")
def can_propose(actor: Actor, agency: Agency) -> Decision:
    """Whether the actor may let an agency answer for a watch: their own, or as C one of the ward."""
    return _for_responsible(is_responsible(actor, WatchAssignment(responsible_agency=agency)))


@needs_ability("watch.assign")
def can_change(actor: Actor, assignment: WatchAssignment) -> Decision:
    """Whether the actor may change it, its people, its rhythm and where it stands."""
    return _for_responsible(is_responsible(actor, assignment))


def can_check_in(actor: Actor, assignment: WatchAssignment) -> Decision:
    """Whether the actor may record that somebody has looked in."""
    return _for_responsible_or_watcher(actor, assignment, "watch.check_in")


def can_pause(actor: Actor, assignment: WatchAssignment) -> Decision:
    """Whether the actor may say that nobody needs to look in for a while."""
    return _for_responsible_or_watcher(actor, assignment, "watch.pause")


@needs_ability("watch.respond")
def can_acknowledge(actor: Actor, alert: Alert) -> Decision:
    """Whether the actor may take an alert on: who keeps the watch, or is silent themselves."""
    if alert.kind == AlertKind.WATCHER_SILENT and is_watcher(actor, alert.assignment):
        return ALLOWED
    return _for_responsible(is_responsible(actor, alert.assignment))


@needs_ability("watch.resolve")
def can_resolve(actor: Actor, alert: Alert) -> Decision:
    """Whether the actor may judge what an alert has come to: never who looks in, as such."""
    return _for_responsible(is_responsible(actor, alert.assignment))


@needs_ability("watch.view")
def can_read_history(actor: Actor, assignment: WatchAssignment) -> Decision:
    """Whether the actor may read the story of the watch: who keeps it."""
    return _for_responsible(is_responsible(actor, assignment))


def can_rehearse(actor: Actor, assignment: WatchAssignment) -> Decision:
    """Whether the actor may learn who would be told of an alert: who keeps the watch."""
    return can_read_history(actor, assignment)


def can_view_escalation(actor: Actor, agency: Agency) -> Decision:
    """Whether the actor may read who is told of an agency's alerts: its own people, C of its ward."""
    allowed = actor.may("watch.view")
    own = agency.pk == actor.agency_id
    if not allowed or own or is_responsible(actor, WatchAssignment(responsible_agency=agency)):
        return allowed
    return _for_responsible(kept=False)


@needs_ability("watch.escalate")
def can_manage_escalation(actor: Actor, agency: Agency) -> Decision:
    """Whether the actor may set who is told of the alerts of their own agency."""
    return _for_responsible(agency.pk == actor.agency_id)


def decide(actor: Actor, codename: str, assignment: WatchAssignment) -> Decision:
    """Answer `has_perm` for assignments."""
    rules = {"view_watchassignment": can_view, "change_watchassignment": can_change}
    rule = rules.get(codename)
    return rule(actor, assignment) if rule else Denied(_("There is no such permission here."))


def sees_resident(actor: Actor) -> Q:
    """Return the condition on residents "the actor keeps a watch over them".

    Who only looks in does not see the record: what they may know is in the assignment.
    """
    if not actor.may("watch.view"):
        return Q(pk__in=[])
    kept = WatchAssignment.objects.filter(watches_of(actor), resident=OuterRef("pk"))
    return Q(Exists(kept))


def reaches(actor: Actor) -> Iterable[QuerySet[Any, Any]]:
    """Return the residents over whom the actor keeps a watch."""
    yield WatchAssignment.objects.filter(watches_of(actor)).values("resident")


def shows_address(actor: Actor) -> Case:
    """Return, for a query of assignments, whether the resident's address may be shown."""
    return Case(
        When(resident__address_protected=False, then=Value(value=True)),
        When(resident__registered_by=actor.agency_id, then=Value(value=True)),
        When(
            shared_with(actor, "resident", "view_protected_address", ref="resident_id"),
            then=Value(value=True),
        ),
        default=Value(value=False),
        output_field=Boolean(),
    )


def _is_responsible(actor: Actor) -> bool:
    """Those of an agency who answer for its watches: caseworkers, clients, its coordinators."""
    return actor.does_casework or Role.COORDINATOR in actor.roles


def _for_responsible(kept: bool) -> Decision:
    if kept:
        return ALLOWED
    return Denied(
        _("The responsible agency and the coordinators of its ward alone may do this."),
        _("To work for the responsible agency."),
        code="not_responsible",
    )


def _for_responsible_or_watcher(
    actor: Actor, assignment: WatchAssignment, ability: str
) -> Decision:
    allowed = actor.may(ability)
    if not allowed or is_responsible(actor, assignment) or is_watcher(actor, assignment):
        return allowed
    return can_view(actor, assignment)


def signalled_by(actor: Actor) -> QuerySet[WatchAssignment]:
    """Return the assignments for which the actor's system may send signs of life.

    Those that its agency keeps, and those by indirect signs or a device in which somebody of it looks
    in, for as long as a basis lets them. It reads nothing of them by that.
    """
    if not actor.may("watch.signal"):
        return WatchAssignment.objects.none()
    today = clock.today()
    theirs = Q(watcher_agency=actor.agency_id) | Q(backup_agency=actor.agency_id)
    lasting = (Q(basis_until=None) | Q(basis_until__gte=today)) & (
        Q(term_until=None) | Q(term_until__gte=today)
    )
    let = theirs & lasting & Q(method__in=[WatchMethod.INDIRECT, WatchMethod.DEVICE])
    return WatchAssignment.objects.filter(watches_of(actor) | let & Q(status__in=_AGREED))


def concerns_visible_to(actor: Actor) -> QuerySet[Concern]:
    """Return the concerns that are addressed to the actor's agency, or to one of C's ward."""
    found = Concern.objects.all()
    if not actor.may("concerns.view"):
        return found.none()
    here = Q(agency=actor.agency_id)
    if _coordinates_ward(actor):
        here |= Q(agency__municipality_code=actor.agency.municipality_code)
    return found.filter(here & _tells_no_reporter(actor))


def _tells_no_reporter(actor: Actor) -> Q:
    """Return "it led to no abuse report, or the actor may read who made that".

    What led to a consultation that is set apart is for its named readers.
    """
    reports = reports_of_consultation(OuterRef("consultation"))
    readable = reports.filter(Exists(readers(actor).filter(report=OuterRef("pk"))))
    apart = Q(consultation__set_apart_at=None) | Q(consultation__in=read_apart(actor))
    return Q(~Exists(reports)) & apart | Q(Exists(readable))


def can_view_concern(actor: Actor, concern: Concern) -> Decision:
    """Whether the actor may read it; the object rule of `concerns_visible_to`."""
    return _addressed(actor, concern, "concerns.view")


def can_triage_concern(actor: Actor, concern: Concern) -> Decision:
    """Whether the actor may decide what becomes of it."""
    return _addressed(actor, concern, "concerns.triage")


def _addressed(actor: Actor, concern: Concern, ability: str) -> Decision:
    allowed = actor.may(ability)
    agency = concern.agency
    here = agency.pk == actor.agency_id or (
        _coordinates_ward(actor) and agency.municipality_code == actor.agency.municipality_code
    )
    if not allowed:
        return allowed
    if here and Concern.objects.filter(_tells_no_reporter(actor), pk=concern.pk).exists():
        return allowed
    if here:
        return Denied(
            _("This concern led to an abuse report. Its words are for who may read who reported."),
            _("To be named to who reported."),
            code="restricted",
        )
    return Denied(
        _("This concern is addressed to another agency."), _("To work for the agency it is for.")
    )


def handovers_visible_to(actor: Actor) -> QuerySet[WatchHandover]:
    """Return the handovers about watches all of which the actor keeps."""
    found = WatchHandover.objects.all()
    if not actor.may("watch.assign"):
        return found.none()
    here = Q(pk__in=[])
    if _is_responsible(actor):
        here |= Q(agency=actor.agency_id, ward_wide=False)
    if _coordinates_ward(actor):
        here |= Q(agency__municipality_code=actor.agency.municipality_code)
    return found.filter(here)


@needs_ability("watch.assign")
def can_plan_handover(actor: Actor) -> Decision:
    """Whether the actor may hand watches over: who keeps those of their agency, or C."""
    return _for_responsible(_is_responsible(actor) or _coordinates_ward(actor))


def hands_over_ward(actor: Actor) -> bool:
    """Whether what the actor plans is about every watch of the ward."""
    return _coordinates_ward(actor)
