"""Reads of abuse reports: always from the visible set, in a fixed number of queries."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from carenet.abuse import policy
from carenet.abuse.models import (
    AbuseDeadline,
    AbuseEvent,
    AbuseReport,
    DeadlineRule,
    ReporterReader,
)
from carenet.abuse.states import AbuseVerb
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.cases.models import CaseMember
from carenet.cases.policy import live_members, living
from carenet.core.models import not_ended


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


def abuse_events(report: AbuseReport) -> QuerySet[AbuseEvent]:
    """Return the story of a visible report."""
    return report.events.select_related("by_agency", "by_user")


def reporter_readers(report: AbuseReport) -> QuerySet[ReporterReader]:
    """Return all namings to the compartment of a report, ended ones too."""
    return ReporterReader.objects.filter(report=report).select_related("user", "given_by")


def deadline_rules(actor: Actor) -> QuerySet[DeadlineRule]:
    """Return the rules of all municipalities, with whoever set them."""
    return policy.rules_visible_to(actor).select_related("set_by")


def rule_for(
    municipality_code: str, step: AbuseVerb, kind: tuple[str, str], at: datetime
) -> DeadlineRule | None:
    """Return the rule of a municipality for a kind that was in force then, None: the default counts.

    `kind` is who may be suffering × by whom: a rule of one kind counts for no other.
    """
    return (
        DeadlineRule.objects.filter(
            not_ended(at, "valid_until"),
            municipality_code=municipality_code,
            step=step,
            victim=kind[0],
            alleged=kind[1],
            valid_from__lte=at,
        )
        .order_by("-valid_from")
        .first()
    )


def parts_of(report: AbuseReport) -> list[Agency]:
    """Return the agencies whose named people see a report; the ward office once if it took it."""
    return list(dict.fromkeys([report.taken_by, report.ward_office]))


def at_work_on(report: AbuseReport, agency: Agency) -> QuerySet[User]:
    """Return the agency's named staff; where no staff is named, whoever of it is."""
    named = live_members(report.case).values("user")
    staff = members_in_roles(agency, {Role.STAFF}).filter(pk__in=named)
    everybody = members_in_roles(agency, set(Role)).filter(pk__in=named)
    return staff if staff.exists() else everybody


def deciders_on(report: AbuseReport) -> QuerySet[User]:
    """Return the managers and coordinators of the ward office."""
    return members_in_roles(report.ward_office, {Role.MANAGER, Role.COORDINATOR})
