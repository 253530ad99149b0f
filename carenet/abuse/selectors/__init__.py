"""Reads of abuse reports: always from the visible set, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from carenet.abuse import policy
from carenet.abuse.models import (
    AbuseDeadline,
    AbuseEvent,
    AbuseReport,
    ReporterReader,
)
from carenet.abuse.states import AbuseStatus
from carenet.access.models import NO_DATE
from carenet.access.selectors import Key
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.cases.models import CaseMember
from carenet.cases.policy import live_members, living
from carenet.cases.policy import visible_to as visible_cases


def abuse_reports(actor: Actor) -> QuerySet[AbuseReport]:
    """Return the visible abuse reports with what their representation shows; never who reported."""
    deadlines = AbuseDeadline.objects.select_related("rule").order_by("id")
    named = CaseMember.objects.filter(living()).select_related("user").order_by("id")
    return (
        policy.reports_visible_to(actor)
        .select_related("case__resident", "taken_by", "recorded_by", "ward_office", "proposed_by")
        .prefetch_related(
            Prefetch("deadlines", deadlines), Prefetch("case__members", named, to_attr="named_now")
        )
    )


def reports_with_ways(actor: Actor) -> QuerySet[AbuseReport]:
    """Return the visible reports, each with what else the actor may open from it.

    `case_seen`: its case. `reads_reporter`: the compartment, whose policy asks once more.
    """
    of_this = OuterRef("pk")
    return abuse_reports(actor).annotate(
        case_seen=Exists(visible_cases(actor).filter(pk=OuterRef("case"))),
        reads_reporter=Exists(policy.readers(actor).filter(report=of_this)),
    )


def abuse_events(report: AbuseReport) -> QuerySet[AbuseEvent]:
    """Return the story of a visible report."""
    return report.events.select_related("by_agency", "by_user")


def reporter_readers(report: AbuseReport) -> QuerySet[ReporterReader]:
    """Return all namings to the compartment of a report, ended ones too."""
    return ReporterReader.objects.filter(report=report).select_related("user", "given_by")


def parts_of(report: AbuseReport) -> list[Agency]:
    """Return the agencies whose named people see a report; the ward office once if it took it."""
    return list(dict.fromkeys([report.taken_by, report.ward_office]))


def at_work_on(report: AbuseReport, agency: Agency) -> QuerySet[User]:
    """Return the agency's named staff; where no staff is named, whoever of it is."""
    named = live_members(report.case).values("user")
    staff = members_in_roles(agency, {Role.STAFF}).filter(pk__in=named)
    everybody = members_in_roles(agency, set(Role)).filter(pk__in=named)
    return staff if staff.exists() else everybody


def people_at_work(report: AbuseReport) -> dict[User, Agency]:
    """Return whom of its agencies a report is for, each with the agency for which."""
    return {user: agency for agency in parts_of(report) for user in at_work_on(report, agency)}


def deciders_on(report: AbuseReport) -> QuerySet[User]:
    """Return the managers and coordinators of the ward office."""
    return members_in_roles(report.ward_office, {Role.MANAGER, Role.COORDINATOR})


def report_page(
    actor: Actor,
    *,
    statuses: Iterable[AbuseStatus],
    after: Key | None,
    backwards: bool,
    limit: int,
) -> tuple[list[AbuseReport], list[Key]]:
    """Return one page of the visible reports in these statuses, next due first, with their keys."""
    due = AbuseDeadline.objects.filter(report=OuterRef("pk"), over_at=None).order_by("due_at")
    next_due = Coalesce(Subquery(due.values("due_at")[:1]), Value(NO_DATE))
    rows: QuerySet[Any] = abuse_reports(actor).annotate(next_due=next_due)
    rows = rows.filter(status__in=[each.value for each in statuses])
    if after is not None and backwards:
        rows = rows.filter(Q(next_due__lt=after[0]) | Q(next_due=after[0], pk__lt=after[1]))
    elif after is not None:
        rows = rows.filter(Q(next_due__gt=after[0]) | Q(next_due=after[0], pk__gt=after[1]))
    order = ("-next_due", "-pk") if backwards else ("next_due", "pk")
    found = list(rows.order_by(*order)[:limit])
    if backwards:
        found.reverse()
    return found, [(each.next_due, each.pk) for each in found]
