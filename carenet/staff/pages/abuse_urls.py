"""The addresses of abuse reports, of who reported, and of what the ward office sets for them."""

from django.urls import path

from carenet.staff.pages.abuse.report_page import AbuseReportPage
from carenet.staff.pages.abuse.steps import STEPS, StepView

REPORT = "desk/abuse/<uuid:id>/"
urlpatterns = [
    path(REPORT, AbuseReportPage.as_view(), name="staff-abuse-report"),
    *(
        path(f"{REPORT}{step.name}/", StepView.as_view(verb=verb), name=f"staff-abuse-{step.name}")
        for verb, step in STEPS.items()
    ),
]
