from django.urls import path

from carenet.staff.pages import (
    abuse,
    concerns,
    dangers,
    incidents,
    inquiries,
    subject_links,
    unclear_matches,
)
from carenet.staff.pages.subject_links import SubjectLinkView

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
    path("desk/abuse/<uuid:id>/", abuse.AbuseReportPage.as_view(), name="staff-abuse-report"),
    path(
        "desk/abuse/deadlines/<uuid:id>/",
        SubjectLinkView.as_view(way=subject_links.of_deadline),
        name="staff-abuse-deadline",
    ),
    path("desk/abuse/<uuid:id>/propose/", abuse.ProposeView.as_view(), name="staff-abuse-propose"),
    path("desk/abuse/<uuid:id>/confirm/", abuse.ConfirmView.as_view(), name="staff-abuse-confirm"),
    path("desk/abuse/<uuid:id>/reject/", abuse.RejectView.as_view(), name="staff-abuse-reject"),
    path(
        "desk/abuse/<uuid:id>/withdraw/", abuse.WithdrawView.as_view(), name="staff-abuse-withdraw"
    ),
    path(
        "desk/abuse/<uuid:id>/elsewhere/",
        abuse.ElsewhereView.as_view(),
        name="staff-abuse-elsewhere",
    ),
    path("desk/dangers/<uuid:id>/", dangers.DangerPage.as_view(), name="staff-danger"),
    path(
        "desk/bases/<uuid:id>/",
        SubjectLinkView.as_view(way=subject_links.of_basis),
        name="staff-basis",
    ),
    path(
        "desk/pauses/<uuid:id>/",
        SubjectLinkView.as_view(way=subject_links.of_pause),
        name="staff-pause",
    ),
    path(
        "desk/ends/<uuid:id>/",
        SubjectLinkView.as_view(way=subject_links.of_end),
        name="staff-watches-ending",
    ),
    path(
        "desk/lists/<uuid:id>/",
        SubjectLinkView.as_view(way=subject_links.of_list),
        name="staff-list",
    ),
    path(
        "desk/goals/<uuid:id>/",
        SubjectLinkView.as_view(way=subject_links.of_goal),
        name="staff-goal",
    ),
    path(
        "desk/shares/<uuid:id>/",
        SubjectLinkView.as_view(way=subject_links.of_grant),
        name="staff-grant",
    ),
    path(
        "desk/consents/<uuid:id>/",
        SubjectLinkView.as_view(way=subject_links.of_consent),
        name="staff-consent",
    ),
    path(
        "desk/messages/<uuid:id>/",
        SubjectLinkView.as_view(way=subject_links.of_message),
        name="staff-message",
    ),
]
