from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.urls import URLPattern, path

from carenet.agencies.actors import Actor
from carenet.staff.pages import (
    concerns,
    dangers,
    incidents,
    inquiries,
    subject_links,
    unclear_matches,
)
from carenet.staff.pages.subject_links import SubjectLinkView


def subject(address: str, find_page: Callable[[Actor, UUID], str], name: str) -> URLPattern:
    """Return the address of a subject, which leads on to the page that `find_page` returns."""
    view = SubjectLinkView.as_view(find_page=find_page)
    return path(f"desk/{address}/<uuid:id>/", view, name=name)


urlpatterns = [
    path("desk/concerns/", concerns.ConcernsView.as_view(), name="staff-concerns"),
    path("desk/concerns/<uuid:id>/", concerns.ConcernPage.as_view(), name="staff-concern"),
    path("desk/unclear/", unclear_matches.UnclearView.as_view(), name="staff-unclear"),
    path(
        "desk/unclear/<uuid:id>/", unclear_matches.UnclearPage.as_view(), name="staff-unclear-line"
    ),
    path("desk/inquiries/<uuid:id>/", inquiries.InquiryPage.as_view(), name="staff-inquiry"),
    path(
        "desk/inquiries/<uuid:id>/share/",
        inquiries.ShareView.as_view(),
        name="staff-inquiry-share",
    ),
    path(
        "desk/inquiries/<uuid:id>/decline/",
        inquiries.DeclineView.as_view(),
        name="staff-inquiry-decline",
    ),
    path("desk/incidents/<uuid:id>/", incidents.IncidentPage.as_view(), name="staff-incident"),
    subject("abuse/deadlines", subject_links.of_deadline, "staff-abuse-deadline"),
    path("desk/dangers/<uuid:id>/", dangers.DangerPage.as_view(), name="staff-danger"),
    subject("bases", subject_links.of_basis, "staff-basis"),
    subject("pauses", subject_links.of_pause, "staff-pause"),
    subject("ends", subject_links.of_end, "staff-watches-ending"),
    subject("lists", subject_links.of_list, "staff-list"),
    subject("goals", subject_links.of_goal, "staff-goal"),
    subject("shares", subject_links.of_grant, "staff-grant"),
    subject("consents", subject_links.of_consent, "staff-consent"),
    subject("messages", subject_links.of_message, "staff-message"),
]
