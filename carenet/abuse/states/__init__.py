"""The states of an abuse report (虐待通報), the verbs between them and what is due by when, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class AbuseRefusal(Enum):
    """Why the table does not lead on."""

    STATUS = "status"
    NOT_TO_BE_CHECKED = "not_to_be_checked"
    TO_BE_CHECKED = "to_be_checked"
    NEEDS_RESPONSE = "needs_response"
    GOES_ON = "goes_on"


@dataclass(frozen=True, slots=True)
class AbuseSituation:
    """A report as the table looks at it."""

    status: AbuseStatus
    to_check: bool | None = None
    finding: Finding | None = None
    evaluation: Evaluation | None = None
    proposed_from: AbuseStatus | None = None


@dataclass(frozen=True, slots=True)
class AbuseMove:
    """One row of the table: from which states the verb leads to which (None: it stays)."""

    sources: frozenset[AbuseStatus]
    target: AbuseStatus | None
    ward_only: bool = False


_S = AbuseStatus
ABUSE_MOVES: dict[AbuseVerb, AbuseMove] = {
    AbuseVerb.HOLD_RECEPTION: AbuseMove(
        frozenset({_S.RECEIVED, _S.RECEPTION_HELD}), _S.RECEPTION_HELD
    ),
    # New facts may come up after a decision: it is checked, and decided, once more.
    AbuseVerb.CHECK_FACTS: AbuseMove(
        frozenset({_S.RECEPTION_HELD, _S.FACTS_CHECKED, _S.DECIDED}), _S.FACTS_CHECKED
    ),
    AbuseVerb.INVESTIGATE_ENTRY: AbuseMove(
        frozenset({_S.RECEPTION_HELD, _S.FACTS_CHECKED}), None, ward_only=True
    ),
    # Decided by two: one proposes, and until another confirms it nothing is decided.
    AbuseVerb.PROPOSE_DECISION: AbuseMove(
        frozenset({_S.RECEPTION_HELD, _S.FACTS_CHECKED}), _S.DECISION_PROPOSED, ward_only=True
    ),
    AbuseVerb.DECIDE: AbuseMove(frozenset({_S.DECISION_PROPOSED}), _S.DECIDED, ward_only=True),
    # Back to where it was proposed.
    AbuseVerb.REJECT_DECISION: AbuseMove(frozenset({_S.DECISION_PROPOSED}), None, ward_only=True),
    AbuseVerb.WITHDRAW_DECISION: AbuseMove(frozenset({_S.DECISION_PROPOSED}), None, ward_only=True),
    AbuseVerb.PLAN: AbuseMove(frozenset({_S.DECIDED, _S.EVALUATED}), _S.PLANNED),
    AbuseVerb.EVALUATE: AbuseMove(frozenset({_S.PLANNED}), _S.EVALUATED),
    AbuseVerb.CLOSE: AbuseMove(frozenset({_S.DECIDED, _S.EVALUATED}), _S.CLOSED, ward_only=True),
    # What was taken though the procedure is not for it.
    AbuseVerb.CLOSE_ELSEWHERE: AbuseMove(
        frozenset(AbuseStatus) - {_S.CLOSED}, _S.CLOSED, ward_only=True
    ),
}
ABUSE_OPEN = frozenset(AbuseStatus) - {_S.CLOSED}
#: The verbs that end a proposal without a decision.
TAKING_BACK = frozenset({AbuseVerb.REJECT_DECISION, AbuseVerb.WITHDRAW_DECISION})
#: Where a finding stands.
WITH_FINDING = frozenset({_S.DECIDED, _S.PLANNED, _S.EVALUATED, _S.CLOSED})
#: What can be found without a fact check, and after one.
FINDINGS: dict[AbuseStatus, frozenset[Finding]] = {
    _S.RECEPTION_HELD: frozenset({Finding.NOT_CHECKED}),
    _S.FACTS_CHECKED: frozenset(Finding) - {Finding.NOT_CHECKED},
}
#: Findings that call for a response; after the others a report may be closed at once.
NEEDS_RESPONSE = frozenset({Finding.FOUND, Finding.UNDETERMINED})
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


def abuse_target(verb: AbuseVerb, situation: AbuseSituation) -> AbuseStatus | AbuseRefusal:
    """Return where `verb` leads from this situation, or why it leads nowhere."""
    move = ABUSE_MOVES[verb]
    if situation.status not in move.sources:
        return AbuseRefusal.STATUS
    stays = situation.proposed_from if verb in TAKING_BACK else None
    return _refusal(verb, situation) or move.target or stays or situation.status


def _refusal(verb: AbuseVerb, at: AbuseSituation) -> AbuseRefusal | None:
    if at.status == _S.RECEPTION_HELD:
        if verb is AbuseVerb.CHECK_FACTS and not at.to_check:
            return AbuseRefusal.NOT_TO_BE_CHECKED
        if verb is AbuseVerb.PROPOSE_DECISION and at.to_check:
            return AbuseRefusal.TO_BE_CHECKED
    if verb is AbuseVerb.CLOSE:
        if at.status == _S.DECIDED and at.finding in NEEDS_RESPONSE:
            return AbuseRefusal.NEEDS_RESPONSE
        if at.status == _S.EVALUATED and at.evaluation is not Evaluation.RESOLVED:
            return AbuseRefusal.GOES_ON
    return None
