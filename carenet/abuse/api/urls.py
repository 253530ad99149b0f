from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.abuse.api.deadlines import DeadlineRuleViewSet
from carenet.abuse.api.desks import DeskCallViewSet, OtherDeskViewSet
from carenet.abuse.api.reporter import ReporterReaderViewSet, ReporterViewSet
from carenet.abuse.api.reports import AbuseEventViewSet, AbuseReportViewSet

router = SimpleRouter(use_regex_path=False)
router.register("abuse-reports", AbuseReportViewSet, basename="abuse-report")
router.register("deadline-rules", DeadlineRuleViewSet, basename="deadline-rule")
router.register("other-desks", OtherDeskViewSet, basename="other-desk")

of_report = SimpleRouter(use_regex_path=False)
of_report.register("events", AbuseEventViewSet, basename="abuse-event")
of_report.register("reporter-readers", ReporterReaderViewSet, basename="reporter-reader")

of_consultation = SimpleRouter(use_regex_path=False)
of_consultation.register("desk-calls", DeskCallViewSet, basename="desk-call")

reporter = ReporterViewSet.as_view({"get": "retrieve", "patch": "partial_update"})

urlpatterns = [
    *router.urls,
    path("consultations/<uuid:consultation_id>/", include(of_consultation.urls)),
    path("abuse-reports/<uuid:report_id>/reporter/", reporter, name="abuse-reporter"),
    path("abuse-reports/<uuid:report_id>/", include(of_report.urls)),
]
