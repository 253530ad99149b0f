"""Where a line leads whose subject is read on the page of something else.

A share is read in its case, a consent at its person. The page is looked up when somebody goes there,
from what they may see then, so that a list of lines costs nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode

from carenet.abuse import policy
from carenet.abuse.models import AbuseDeadline
from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.cases import policy as cases
from carenet.cases.models import PlanGoal
from carenet.core.errors import NotFound
from carenet.referrals import policy as referrals
from carenet.reminders.models import Delivery
from carenet.reminders.policy import may_see_subject
from carenet.residents import policy as residents
from carenet.staff.pages.abuse.report_page import expected_of
from carenet.staff.pages.abuse.steps import step_address
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.inbox import address_of
from carenet.staff.pages.redirects import redirect_to
from carenet.watchlists.policy import lists_visible_to
from carenet.watchover import policy as watches


def of_goal(actor: Actor, goal_id: UUID) -> str:
    """Return the page of the case whose plan has this goal."""
    seen = cases.visible_to(actor)
    goal = get_object_or_404(PlanGoal.objects.filter(plan__case__in=seen), pk=goal_id)
    return reverse("staff-case", args=[goal.plan.case_id])


def of_grant(actor: Actor, grant_id: UUID) -> str:
    """Return the page of the case that is shared by it."""
    grant = get_object_or_404(Grant, pk=grant_id, subject_kind="case")
    case = get_object_or_404(cases.visible_to(actor), pk=grant.subject_id)
    return reverse("staff-case", args=[case.pk])


def of_basis(actor: Actor, about_id: UUID) -> str:
    """Return the page of the case, person or referral that was open to another agency."""
    grant = Grant.objects.filter(pk=about_id).first()
    if grant is None:
        referral = get_object_or_404(referrals.visible_to(actor), pk=about_id)
        return reverse("staff-referral", args=[referral.pk])
    if grant.subject_kind == "resident":
        person = get_object_or_404(residents.visible_to(actor), pk=grant.subject_id)
        return reverse("staff-resident", args=[person.pk])
    return of_grant(actor, about_id)


def of_pause(actor: Actor, pause_id: UUID) -> str:
    """Return the page of the newest watch over the person who is away."""
    pause = get_object_or_404(watches.pauses_visible_to(actor), pk=pause_id)
    theirs = watches.visible_to(actor).filter(resident=pause.resident_id)
    return reverse("staff-watch", args=[theirs.latest("pk").pk])


def of_end(actor: Actor, watch_id: UUID) -> str:
    """Return the page of what ends before long, of the watch alone for whoever may not review."""
    watch = get_object_or_404(watches.visible_to(actor), pk=watch_id)
    if actor.may("watch.review"):
        return reverse("staff-review-terms")
    return reverse("staff-watch", args=[watch.pk])


def of_list(actor: Actor, list_id: UUID) -> str:
    """Return the page of the lines of a list, where what waits is settled."""
    found = get_object_or_404(lists_visible_to(actor), pk=list_id)
    return f"{reverse('staff-list-lines')}?{urlencode({'list': str(found.pk)})}"


def of_consent(actor: Actor, consent_id: UUID) -> str:
    """Return the page of the person who has said it."""
    consent = get_object_or_404(residents.consents_visible_to(actor), pk=consent_id)
    return reverse("staff-resident", args=[consent.resident_id])


def of_deadline(actor: Actor, deadline_id: UUID) -> str:
    """Return the step that an abuse report waits for, where the actor may take it; else its page."""
    seen = policy.reports_visible_to(actor)
    found = AbuseDeadline.objects.filter(report__in=seen).select_related("report")
    report = get_object_or_404(found, pk=deadline_id).report
    expected = expected_of(report)
    if expected in policy.verbs_open_to(actor, report):
        return step_address(report.pk, expected)
    return reverse("staff-abuse-report", args=[report.pk])


def of_message(actor: Actor, message_id: UUID) -> str:
    """Return the page of what a message of one's own agency was about that may not have arrived."""
    found = Delivery.objects.select_related("reminder__agency", "reminder__person")
    about = get_object_or_404(found, pk=message_id, agency=actor.agency_id).reminder
    if not may_see_subject(actor, about):
        raise NotFound
    # Without a code its reader is not to know whom it is about, but may claim it.
    kind = about.subject_kind if about.subject_code else f"offered {about.subject_kind}"
    return address_of(kind, about.subject_id) or reverse("staff-today")


class SubjectLinkView(StaffView):
    """Go to where something is read, if one may see it now."""

    abilities = {"get": "reminders.view"}
    find_page: Callable[[Actor, UUID], str] = staticmethod(of_message)

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        return redirect_to(request, self.find_page(self.actor, id))
