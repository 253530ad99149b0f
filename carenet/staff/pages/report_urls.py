from django.urls import path

from carenet.staff.pages import report

urlpatterns = [
    path("pocket/report/", report.ReportView.as_view(), name="staff-report"),
    path("pocket/report/<uuid:id>/", report.ReportView.as_view(), name="staff-report-of"),
]
