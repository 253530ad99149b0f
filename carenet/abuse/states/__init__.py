"""The states of an abuse report (虐待通報), the verbs between them and what is due by when, as data."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core.states import UNCHANGED, Back, Move, Refusal, Table
from carenet.deadlines.states import DeadlineStep, DefaultRule, RuleBasis


class AbuseStatus(models.TextChoices):
    """Which step was taken last."""

    RECEIVED = "received", pgettext_lazy("abuse report", "received")
    RECEPTION_HELD = "reception_held", _("reception meeting held")
    FACTS_CHECKED = "facts_checked", _("facts checked")
    DECISION_PROPOSED = "decision_proposed", _("decision proposed")
    DECIDED = "decided", pgettext_lazy("abuse report", "decided")
    PLANNED = "planned", pgettext_lazy("abuse report", "response planned")
    EVALUATED = "evaluated", pgettext_lazy("abuse report", "evaluated")
    CLOSED = "closed", _("closed")


class AbuseVerb(models.TextChoices):
    """What moves a report."""

    REPORT = "report", _("abuse report")
    HOLD_RECEPTION = "hold_reception", _("reception meeting")
    CHECK_FACTS = "check_facts", _("fact check")
    INVESTIGATE_ENTRY = "investigate_entry", _("entry investigation")
    PROPOSE_DECISION = "propose_decision", _("decision proposed")
    REJECT_DECISION = "reject_decision", _("proposed decision rejected")
    WITHDRAW_DECISION = "withdraw_decision", _("proposed decision withdrawn")
    DECIDE = "decide", _("core-member meeting")
    PLAN = "plan", _("response plan")
    EVALUATE = "evaluate", _("evaluation")
    CLOSE = "close", _("close")
    CLOSE_ELSEWHERE = "close_elsewhere", _("closed: another desk is competent")


class Finding(models.TextChoices):
    """What the municipality decided: an organisational decision, with grounds."""

    FOUND = "found", pgettext_lazy("finding", "abuse found")
    NOT_FOUND = "not_found", pgettext_lazy("finding", "abuse not found")
    UNDETERMINED = "undetermined", pgettext_lazy("finding", "undetermined")
    NOT_CHECKED = "not_checked", pgettext_lazy("finding", "not checked")


class Evaluation(models.TextChoices):
    """What the evaluation of the response says."""

    RESOLVED = "resolved", _("the abuse has ended")
    CONTINUES = "continues", _("the response goes on")


@dataclass(frozen=True, slots=True)
class AbuseSituation:
    """A report as the table looks at it."""

    status: AbuseStatus
    to_check: bool | None = None
    finding: Finding | None = None
    evaluation: Evaluation | None = None
    proposed_from: AbuseStatus | None = None


@dataclass(frozen=True, slots=True)
class AbuseMove(Move[AbuseStatus]):
    """One row of the table, with the ability that it asks for; some are the ward office's alone."""

    ability: str = "abuse.record"
    ward_only: bool = False


_S = AbuseStatus
_between = AbuseMove.between
PROPOSED_FROM = Back("proposed_from")
#: Findings that call for a response; after the others a report may be closed at once.
NEEDS_RESPONSE = frozenset({Finding.FOUND, Finding.UNDETERMINED})
NOT_TO_BE_CHECKED = Refusal(
    _("The reception meeting decided not to check. Record another one that decides to.")
)
TO_BE_CHECKED = Refusal(_("The facts are to be checked first. Record the fact check."))
RESPONSE_NEEDED = Refusal(
    _("This finding calls for a response. Record the plan and its evaluation first.")
)
GOES_ON = Refusal(_("The response goes on. Record the next plan."))


def _to_check(at: AbuseSituation) -> bool | Refusal:
    return at.status != _S.RECEPTION_HELD or bool(at.to_check) or NOT_TO_BE_CHECKED


def _checked(at: AbuseSituation) -> bool | Refusal:
    return at.status != _S.RECEPTION_HELD or not at.to_check or TO_BE_CHECKED


def _over(at: AbuseSituation) -> bool | Refusal:
    if at.status == _S.DECIDED:
        return at.finding not in NEEDS_RESPONSE or RESPONSE_NEEDED
    return at.evaluation is Evaluation.RESOLVED or GOES_ON


ABUSE_MOVES: Table[AbuseVerb, AbuseMove, AbuseStatus] = Table(
    AbuseStatus,
    {
        AbuseVerb.HOLD_RECEPTION: _between({_S.RECEIVED, _S.RECEPTION_HELD}, _S.RECEPTION_HELD),
        # New facts may come up after a decision: it is checked, and decided, once more.
        AbuseVerb.CHECK_FACTS: _between(
            {_S.RECEPTION_HELD, _S.FACTS_CHECKED, _S.DECIDED}, _S.FACTS_CHECKED, guard=_to_check
        ),
        AbuseVerb.INVESTIGATE_ENTRY: _between(
            {_S.RECEPTION_HELD, _S.FACTS_CHECKED}, UNCHANGED, ward_only=True
        ),
        # Decided by two: one proposes, and until another confirms it nothing is decided.
        AbuseVerb.PROPOSE_DECISION: _between(
            {_S.RECEPTION_HELD, _S.FACTS_CHECKED},
            _S.DECISION_PROPOSED,
            guard=_checked,
            ability="abuse.decide",
            ward_only=True,
        ),
        AbuseVerb.DECIDE: _between(
            {_S.DECISION_PROPOSED}, _S.DECIDED, ability="abuse.confirm", ward_only=True
        ),
        AbuseVerb.REJECT_DECISION: _between(
            {_S.DECISION_PROPOSED}, PROPOSED_FROM, ability="abuse.confirm", ward_only=True
        ),
        AbuseVerb.WITHDRAW_DECISION: _between(
            {_S.DECISION_PROPOSED}, PROPOSED_FROM, ability="abuse.decide", ward_only=True
        ),
        AbuseVerb.PLAN: _between({_S.DECIDED, _S.EVALUATED}, _S.PLANNED),
        AbuseVerb.EVALUATE: _between({_S.PLANNED}, _S.EVALUATED),
        AbuseVerb.CLOSE: _between(
            {_S.DECIDED, _S.EVALUATED},
            _S.CLOSED,
            guard=_over,
            ability="abuse.decide",
            ward_only=True,
        ),
        # What was taken though the procedure is not for it.
        AbuseVerb.CLOSE_ELSEWHERE: _between(
            frozenset(AbuseStatus) - {_S.CLOSED}, _S.CLOSED, ability="abuse.decide", ward_only=True
        ),
    },
    Refusal(_("“%(verb)s” is not possible while the report is “%(status)s”. Read it again.")),
)
ABUSE_OPEN = frozenset(AbuseStatus) - {_S.CLOSED}


def expected_verb(at: AbuseSituation) -> AbuseVerb | None:
    """Return the step that brings a report on from where it stands; None for a closed one."""
    if at.status == _S.RECEPTION_HELD and at.to_check:
        return AbuseVerb.CHECK_FACTS
    if at.status == _S.DECIDED and at.finding in NEEDS_RESPONSE:
        return AbuseVerb.PLAN
    if at.status == _S.EVALUATED and at.evaluation is not Evaluation.RESOLVED:
        return AbuseVerb.PLAN
    return _EXPECTED.get(at.status)


_EXPECTED = {
    _S.RECEIVED: AbuseVerb.HOLD_RECEPTION,
    _S.RECEPTION_HELD: AbuseVerb.PROPOSE_DECISION,
    _S.FACTS_CHECKED: AbuseVerb.PROPOSE_DECISION,
    _S.DECISION_PROPOSED: AbuseVerb.DECIDE,
    _S.DECIDED: AbuseVerb.CLOSE,
    _S.PLANNED: AbuseVerb.EVALUATE,
    _S.EVALUATED: AbuseVerb.CLOSE,
}
#: Where a finding stands.
WITH_FINDING = frozenset({_S.DECIDED, _S.PLANNED, _S.EVALUATED, _S.CLOSED})
#: What can be found without a fact check, and after one.
FINDINGS: dict[AbuseStatus, frozenset[Finding]] = {
    _S.RECEPTION_HELD: frozenset({Finding.NOT_CHECKED}),
    _S.FACTS_CHECKED: frozenset(Finding) - {Finding.NOT_CHECKED},
}
#: The steps that can have a deadline, each with the step from which it counts.
DEADLINE_STEPS: dict[str, DeadlineStep] = {
    AbuseVerb.HOLD_RECEPTION: DeadlineStep(AbuseVerb.REPORT),
    AbuseVerb.CHECK_FACTS: DeadlineStep(
        AbuseVerb.REPORT,
        DefaultRule(
            RuleBasis.GUIDELINE,
            _("The default of this service, after a guideline; it is not a law."),
            hours=48,
        ),
    ),
    AbuseVerb.DECIDE: DeadlineStep(AbuseVerb.CHECK_FACTS),
    AbuseVerb.PLAN: DeadlineStep(AbuseVerb.DECIDE),
    AbuseVerb.EVALUATE: DeadlineStep(AbuseVerb.PLAN),
}
STEPS_WITH_DEADLINE = [(step.value, step.label) for step in map(AbuseVerb, DEADLINE_STEPS)]
