"""How an agency's own people are chased: its rules, for single partners and for all others."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.locks import demand_valid, lock_agency
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, ChasingRule, ChasingStage
from carenet.audit.actions import log_write
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible


@transaction.atomic
def add_chasing_rule(
    *,
    actor: Actor,
    agency: Agency,
    stage: ChasingStage | str,
    partner: Agency | None = None,
    **pace: Any,
) -> ChasingRule:
    """Set the agency's pace at a stage, with one partner or (without it) with all others.

    `pace` is `days_to_due`, `days_between`, `switched_off`. Steps that fall due from now on follow
    it. Raises `Conflict` where there is a rule, `Invalid` for one with oneself.
    """
    demand(policy.can_manage_chasing(actor, agency))
    lock_agency(agency)
    if partner is not None and partner.pk == agency.pk:
        raise Invalid({"partner": _("Choose another agency than your own.")})
    if ChasingRule.objects.filter(agency=agency, partner=partner, stage=stage).exists():
        raise Conflict(
            _("There is a rule for this partner and stage already. Change it."),
            code="chasing_rule_exists",
        )
    rule = ChasingRule(agency=agency, partner=partner, stage=stage, **pace)
    demand_valid(rule)
    rule.save(force_insert=True)
    _record(actor, "agency.add_chasing_rule", rule)
    return rule


@transaction.atomic
def change_chasing_rule(
    *, actor: Actor, rule: ChasingRule, version: int | None = None, **pace: Any
) -> ChasingRule:
    """Change the parts of the pace that are given; raises `PreconditionFailed` when stale."""
    held = _lock(actor, rule, version)
    for name, value in pace.items():
        setattr(held, name, value)
    demand_valid(held)
    held.save_version()
    _record(actor, "agency.change_chasing_rule", held)
    return held


@transaction.atomic
def remove_chasing_rule(*, actor: Actor, rule: ChasingRule, version: int | None = None) -> None:
    """Let the agency's general rule, or the installation's own pace, hold again."""
    held = _lock(actor, rule, version)
    _record(actor, "agency.remove_chasing_rule", held)
    held.delete()


def _lock(actor: Actor, rule: ChasingRule, version: int | None) -> ChasingRule:
    demand(policy.can_manage_chasing(actor, rule.agency))
    lock_agency(rule.agency)
    held = get_visible(ChasingRule.objects.select_related("agency", "partner"), pk=rule.pk)
    check_version(held, version)
    return held


def _record(actor: Actor, action: str, rule: ChasingRule) -> None:
    log_write(
        actor.who, action, "agency", rule.agency_id, stage=str(rule.stage),
        partner=str(rule.partner_id or ""), days_to_due=rule.days_to_due,
        days_between=rule.days_between, switched_off=rule.switched_off,
    )  # fmt: skip
