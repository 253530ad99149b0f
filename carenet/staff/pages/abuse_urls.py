"""The addresses of abuse reports, of who reported, and of what the ward office sets for them."""

from django.urls import path

from carenet.staff.pages.abuse import report_new, reporter
from carenet.staff.pages.abuse.report_page import AbuseReportPage
from carenet.staff.pages.abuse.steps import STEPS, StepView

REPORT = "desk/abuse/<uuid:id>/"
urlpatterns = [
    path(
        "desk/consultations/<uuid:id>/abuse/",
        report_new.ReportView.as_view(),
        name="staff-consultation-abuse",
    ),
    path(
        "desk/cases/<uuid:id>/abuse/", report_new.CaseReportView.as_view(), name="staff-case-abuse"
    ),
    path(
        "desk/people/<uuid:id>/abuse/",
        report_new.PersonReportView.as_view(),
        name="staff-resident-abuse",
    ),
    path(
        "desk/referrals/<uuid:id>/abuse/",
        report_new.ReferralReportView.as_view(),
        name="staff-referral-abuse",
    ),
    path(REPORT, AbuseReportPage.as_view(), name="staff-abuse-report"),
    path(f"{REPORT}name/", reporter.NameView.as_view(), name="staff-abuse-name"),
    path(f"{REPORT}reporter/", reporter.ReporterView.as_view(), name="staff-abuse-reporter"),
    path(
        f"{REPORT}reporter/correct/",
        reporter.CorrectView.as_view(),
        name="staff-abuse-reporter-correct",
    ),
    path(f"{REPORT}reporter-readers/", reporter.ReadersView.as_view(), name="staff-abuse-readers"),
    path(
        f"{REPORT}reporter-readers/<uuid:reader_id>/end/",
        reporter.EndReaderView.as_view(),
        name="staff-abuse-reader-end",
    ),
    *(
        path(f"{REPORT}{step.name}/", StepView.as_view(verb=verb), name=f"staff-abuse-{step.name}")
        for verb, step in STEPS.items()
    ),
]
