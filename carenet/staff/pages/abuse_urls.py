"""The addresses of abuse reports, of who reported, and of what the ward office sets for them."""

from django.urls import path

from carenet.staff.pages.abuse import municipal, report_new, reporter
from carenet.staff.pages.abuse.report_list import ReportsView
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
    path("desk/abuse/", ReportsView.as_view(), name="staff-abuse-reports"),
    path("desk/deadline-rules/", municipal.RulesView.as_view(), name="staff-deadline-rules"),
    path(
        "desk/deadline-rules/<uuid:id>/end/",
        municipal.EndRuleView.as_view(),
        name="staff-deadline-rule-end",
    ),
    path("desk/other-desks/", municipal.DesksView.as_view(), name="staff-other-desks"),
    path(
        "desk/other-desks/<uuid:id>/end/",
        municipal.EndDeskView.as_view(),
        name="staff-other-desk-end",
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
