"""The addresses of the pocket."""

from django.urls import path

from carenet.staff.pages import pocket, pocket_alerts, pocket_self_service, report

urlpatterns = [
    path("pocket/", pocket.VisitsView.as_view(), name="staff-pocket"),
    path("pocket/visits/<uuid:id>/", pocket.VisitView.as_view(), name="staff-pocket-visit"),
    path("pocket/alerts/", pocket_alerts.AlertsView.as_view(), name="staff-pocket-alerts"),
    # Where the lines of Today lead that are about an alert.
    path("pocket/alerts/<uuid:id>/", pocket_alerts.AlertView.as_view(), name="staff-alert"),
    path(
        "pocket/alerts/<uuid:id>/take-on/",
        pocket_alerts.TakeOnView.as_view(),
        name="staff-pocket-alert-take-on",
    ),
    path(
        "pocket/alerts/<uuid:id>/resolve/",
        pocket_alerts.ResolveView.as_view(),
        name="staff-pocket-alert-resolve",
    ),
    path("pocket/absence/", pocket_self_service.AbsenceView.as_view(), name="staff-absence"),
    path(
        "pocket/absence/<uuid:id>/end/",
        pocket_self_service.EndAbsenceView.as_view(),
        name="staff-absence-end",
    ),
    path("pocket/concern/", pocket_self_service.ConcernView.as_view(), name="staff-report-concern"),
    path("pocket/state/", pocket.StateView.as_view(), name="staff-pocket-state"),
    path("pocket/offline/", pocket.OfflineView.as_view(), name="staff-pocket-offline"),
    path("pocket/worker.js", pocket.WorkerView.as_view(), name="staff-pocket-worker"),
    path("pocket/report/", report.ReportView.as_view(), name="staff-report"),
    path("pocket/report/<uuid:id>/", report.ReportView.as_view(), name="staff-report-of"),
]
