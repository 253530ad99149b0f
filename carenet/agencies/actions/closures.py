"""The closure of an agency: one person proposes it, another confirms it; then `closure_batches`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.locks import lock_agency, who_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyClosure, ClosureSuccessor
from carenet.agencies.registry import closure_has_moved, closure_kinds
from carenet.agencies.roles import CASEWORK_ROLES
from carenet.agencies.selectors import members_in_roles
from carenet.agencies.selectors.closures import what_hangs_on
from carenet.agencies.states import CLOSURE_OPEN, CLOSURE_UNDECIDED, ClosureOutcome, ClosureState
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible

#: What the trail calls it.
KIND = "agencyclosure"
#: The successor of everything that has none of its own.
DEFAULT = ""


@transaction.atomic
def propose_closure(
    *,
    actor: Actor | None,
    agency: Agency,
    reason: str,
    successor: Agency | None = None,
    successors: Mapping[str, Agency] | None = None,
) -> AgencyClosure:
    """Propose to close an agency: `successor` takes everything over that `successors` gives to nobody.

    Nothing changes by that. What the Ministry's file has suggested is taken up. Raises `Invalid` for a
    successor that cannot take over, or a kind without one, `Conflict` where it is proposed already.
    """
    demand(policy.can_prepare_closure(actor, agency))
    held = lock_agency(agency)
    if not held.active:
        raise Conflict(_("This agency is closed already."), code="agency_inactive")
    wanted = dict(successors or {})
    if successor is not None:
        wanted[DEFAULT] = successor
    _demand_successors(held, wanted)
    closure = AgencyClosure.objects.filter(agency=held, state__in=sorted(CLOSURE_OPEN)).first()
    if closure is None:
        closure = AgencyClosure(agency=held, version=0)
    elif closure.state != ClosureState.SUGGESTED:
        raise Conflict(
            _("The closure of this agency is proposed already. Confirm or withdraw that one."),
            code="closure_exists",
        )
    closure.state, closure.reason = ClosureState.PROPOSED, reason
    closure.proposed_at = clock.now()
    closure.proposed_by = actor.user if actor else None
    closure.proposed_by_agency = actor.agency if actor else None
    closure.save_version()
    closure.successors.all().delete()
    ClosureSuccessor.objects.bulk_create(
        ClosureSuccessor(closure=closure, kind=kind, agency=each) for kind, each in wanted.items()
    )
    return _notify(actor, closure, "propose")


@transaction.atomic
def confirm_closure(*, actor: Actor, closure_id: UUID, version: int | None = None) -> AgencyClosure:
    """Agree, as the second person: from now on nobody acts for the agency or refers to it.

    Its sessions, systems and memberships end, and what hangs on it goes to the successors, batch by
    batch. Raises `Conflict` for one that does not wait for it, or whose successors cannot take over any
    more, `PreconditionFailed` for a stale version.
    """
    closure = lock_closure(actor, closure_id, version)
    if closure.state != ClosureState.PROPOSED:
        raise Conflict(_("This closure does not wait for anybody to confirm it."))
    demand(policy.can_confirm_closure(actor, closure))
    agency = lock_agency(closure.agency)
    try:
        _demand_successors(agency, {each.kind: each.agency for each in _successors(closure)})
    except Invalid as error:
        raise Conflict(
            _("A successor cannot take over any more. Withdraw this, and propose it anew."),
            code="successor_unfit",
        ) from error
    agency.active = False
    agency.save_version()
    closure.state = ClosureState.CONFIRMED
    closure.confirmed_at = clock.now()
    closure.confirmed_by, closure.confirmed_by_agency = actor.user, actor.agency
    closure.save_version()
    return _notify(actor, closure, "confirm")


@transaction.atomic
def withdraw_closure(
    *, actor: Actor, closure_id: UUID, reason: str, version: int | None = None
) -> AgencyClosure:
    """Call it off, before it is confirmed: everything stays as it is."""
    closure = lock_closure(actor, closure_id, version)
    if closure.state not in CLOSURE_UNDECIDED:
        raise Conflict(_("This closure is decided. It cannot be withdrawn any more."))
    closure.state, closure.ended_at = ClosureState.WITHDRAWN, clock.now()
    closure.reason = f"{closure.reason}\n{reason}".strip()
    closure.save_version()
    return _notify(actor, closure, "withdraw")


def lock_closure(actor: Actor, closure_id: UUID, version: int | None) -> AgencyClosure:
    """Lock a closure in which the actor has a part; raises `NotFound`, `PreconditionFailed`."""
    found = policy.closures_visible_to(actor).filter(pk=closure_id)
    closure = get_visible(found.select_for_update(of=("self",)).select_related("agency"))
    check_version(closure, version)
    demand(policy.can_prepare_closure(actor, closure.agency))
    return closure


def _successors(closure: AgencyClosure) -> Iterable[ClosureSuccessor]:
    return closure.successors.select_related("agency")


def _demand_successors(agency: Agency, wanted: Mapping[str, Agency]) -> None:
    """Raise `Invalid` for a kind that nobody takes over, and for whoever cannot."""
    passing = {kind.name: kind for kind in closure_kinds() if kind.fate == ClosureOutcome.PASSES}
    wrong: dict[str, str] = {}
    for name, successor in wanted.items():
        field = f"successors/{name}" if name else "successor"
        if name and name not in passing:
            wrong[field] = _("Nothing of this kind passes to a successor. Leave it out.")
        elif successor.pk == agency.pk or not successor.active:
            wrong[field] = _("Choose another agency that takes part.")
        elif agency.parent_id and not _same_office(agency, successor):
            wrong[field] = _(
                "What a section holds goes to its ward office or another section of it."
            )
        elif not members_in_roles(successor, CASEWORK_ROLES).exists():
            wrong[field] = _("Nobody of this agency works with this service. Choose another one.")
    if DEFAULT not in wanted:
        for each in what_hangs_on(agency):
            if each.kind.name in passing and each.count and each.kind.name not in wanted:
                wrong[f"successors/{each.kind.name}"] = _("Say which agency takes this over.")
    if wrong:
        raise Invalid(wrong)


def _same_office(section: Agency, other: Agency) -> bool:
    """Whether another agency is the office of a section, or a section of it as well."""
    return section.parent_id in {other.pk, other.parent_id}


def _notify(actor: Actor | None, closure: AgencyClosure, verb: str) -> AgencyClosure:
    log_write(
        who_of(actor), f"agency.{verb}_closure", KIND, closure.pk, agency=str(closure.agency_id)
    )
    closure_has_moved(closure)
    return closure
