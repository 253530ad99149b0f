"""What an open abuse report keeps from happening to its case.

Nobody ends it or opens it to others over the head of the ward office, or takes that office out of it.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from carenet.abuse.models import AbuseReport
from carenet.abuse.states import ABUSE_OPEN
from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.cases.models import Case, CaseMember
from carenet.core.errors import Conflict


def end_refusal(case: Case) -> Conflict | None:
    """Return why a case may not end, None where it may: while an abuse report of it is open."""
    if not has_open_report(case):
        return None
    return Conflict(
        _("An abuse report of this case is open. The ward office closes it first."),
        code="abuse_report_open",
    )


def opening_refusal(case: Case) -> Conflict | None:
    """Return why a case stays restricted, None where it need not: its abuse report is open."""
    if not has_open_report(case):
        return None
    return Conflict(
        _("While an abuse report of this case is open, it stays restricted."),
        code="abuse_report_open",
    )


def refuse_to_end(*, actor: Actor, case: Case) -> None:  # noqa: ARG001 - as registries call it
    """Raise `Conflict` when a case ends whose abuse report is open."""
    refused = end_refusal(case)
    if refused:
        raise refused


def refuse_to_open(*, actor: Actor, case: Case) -> None:  # noqa: ARG001 - as registries call it
    """Raise `Conflict` when a case is no longer restricted whose abuse report is open."""
    refused = None if case.restricted else opening_refusal(case)
    if refused:
        raise refused


def demand_that_the_ward_stays(*, case: Case, remaining: QuerySet[CaseMember]) -> None:
    """Raise `Conflict` when nobody would be named any more who can decide for the ward office."""
    for report in _open_reports(case).select_related("ward_office"):
        deciders = members_in_roles(report.ward_office, {Role.MANAGER, Role.COORDINATOR})
        if not remaining.filter(until=None, user__in=deciders).exists():
            raise Conflict(
                _("An abuse report is open: somebody of the ward office who decides stays named."),
                code="abuse_report_open",
            )


def with_open_report(case: str = "pk") -> Q:
    """Return the condition "an abuse report of the case is open"; `case` names it in the outer query."""
    opened = AbuseReport.objects.filter(case=OuterRef(case), status__in=sorted(ABUSE_OPEN))
    return Q(Exists(opened))


def has_open_report(case: Case) -> bool:
    """Whether an abuse report of the case is open."""
    return _open_reports(case).exists()


def _open_reports(case: Case) -> QuerySet[AbuseReport]:
    return AbuseReport.objects.filter(case=case, status__in=sorted(ABUSE_OPEN))
