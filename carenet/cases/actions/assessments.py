"""Adding an assessment: each replaces the one before it of the same agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.cases import policy
from carenet.cases.actions.locks import demand_open, lock_case
from carenet.cases.models import Assessment, AssessmentFinding, AssessmentOccasion, Case
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.rest.limits import demand_recent


@transaction.atomic
def assess(
    *,
    actor: Actor,
    case_id: UUID,
    occasion: str,
    assessed_on: date,
    findings: Sequence[Mapping[str, Any]],
    overall: str = "",
    begun_with: int | None = None,
) -> Assessment:
    """Add the actor's agency's assessment; it is the current one from now on.

    `findings` are mappings of domain, concern and text; `begun_with` is the number of the one whose
    words it began with, 0 for none. Raises `Conflict` on an ended case and where there is a later one
    by now, `Invalid` for a day to come, a domain named twice, or an occasion that does not fit.
    """
    case = lock_case(actor, case_id)
    demand(policy.can_assess(actor, case))
    demand_open(case)
    before = _latest(actor, case)
    number = before.number if before else 0
    if begun_with not in {None, number}:
        raise Conflict(
            _(
                "Somebody of your agency has kept an assessment meanwhile, in whose place this one "
                "would stand. Read it; what you typed is still here: send it once more if it "
                "still holds."
            )
        )
    _check(occasion, assessed_on, findings, before)
    born = case.resident.born_by
    demand_recent("assessed_on", assessed_on, born=born, began=case.opened_at)
    assessment = Assessment.objects.create(
        case=case,
        author_agency=actor.agency,
        author=actor.user,
        number=number + 1,
        occasion=occasion,
        assessed_on=assessed_on,
        overall=overall,
        replaces=before,
    )
    AssessmentFinding.objects.bulk_create(
        AssessmentFinding(assessment=assessment, **finding) for finding in findings
    )
    log_write(actor.who, "case.assess", "case", case.pk, assessment=str(assessment.pk))
    return assessment


def _latest(actor: Actor, case: Case) -> Assessment | None:
    return (
        Assessment.objects.filter(case=case, author_agency=actor.agency).order_by("number").last()
    )


def _check(
    occasion: str,
    assessed_on: date,
    findings: Sequence[Mapping[str, Any]],
    before: Assessment | None,
) -> None:
    if assessed_on > clock.today():
        raise Invalid({"assessed_on": _("An assessment tells what was seen: give a past day.")})
    if occasion == AssessmentOccasion.CORRECTION and before is None:
        raise Invalid({"occasion": _("Your agency has written nothing yet that it could correct.")})
    domains = [finding["domain"] for finding in findings]
    if len(set(domains)) != len(domains):
        raise Invalid({"findings": _("Name each domain once.")})
