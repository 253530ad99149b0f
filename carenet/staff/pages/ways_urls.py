from django.urls import path

from carenet.staff.pages import abuse, concerns, dangers, incidents, inquiries, unclear, ways
from carenet.staff.pages.ways import WayView

urlpatterns = [
    path("desk/concerns/", concerns.ConcernsView.as_view(), name="staff-concerns"),
    path("desk/concerns/<uuid:id>/", concerns.ConcernPage.as_view(), name="staff-concern"),
    path("desk/unclear/", unclear.UnclearView.as_view(), name="staff-unclear"),
    path("desk/unclear/<uuid:id>/", unclear.UnclearPage.as_view(), name="staff-unclear-line"),
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
        WayView.as_view(way=ways.of_deadline),
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
    path("desk/bases/<uuid:id>/", WayView.as_view(way=ways.of_basis), name="staff-basis"),
    path("desk/pauses/<uuid:id>/", WayView.as_view(way=ways.of_pause), name="staff-pause"),
    path("desk/goals/<uuid:id>/", WayView.as_view(way=ways.of_goal), name="staff-goal"),
    path("desk/shares/<uuid:id>/", WayView.as_view(way=ways.of_grant), name="staff-grant"),
    path("desk/consents/<uuid:id>/", WayView.as_view(way=ways.of_consent), name="staff-consent"),
    path("desk/messages/<uuid:id>/", WayView.as_view(way=ways.of_message), name="staff-message"),
]
