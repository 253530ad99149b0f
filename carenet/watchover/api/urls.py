from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.watchover.api.activity_report import ReportView
from carenet.watchover.api.briefings import BriefingView
from carenet.watchover.api.concerns import ConcernViewSet
from carenet.watchover.api.escalation import EscalationViewSet
from carenet.watchover.api.handover import HandoverViewSet
from carenet.watchover.api.one_tap import LinkViewSet
from carenet.watchover.api.outages import OutageViewSet
from carenet.watchover.api.public import PublicConcernView, PublicReceiptView
from carenet.watchover.api.rehearsal import RehearsalViewSet
from carenet.watchover.api.review import (
    EndingTermsViewSet,
    ReviewFigures,
    SinglePointsViewSet,
    WeakSignalsViewSet,
)
from carenet.watchover.api.signals import SignalViewSet
from carenet.watchover.api.views import AssignmentViewSet, ScheduleViewSet, WatchEventViewSet
from carenet.watchover.api.visits_and_alerts import (
    AlertViewSet,
    CheckInViewSet,
    ExpectationViewSet,
    PauseViewSet,
)

router = SimpleRouter(use_regex_path=False)
router.register("watch-assignments", AssignmentViewSet, basename="watch-assignment")
router.register("expectations", ExpectationViewSet, basename="expectation")
router.register("check-ins", CheckInViewSet, basename="check-in")
router.register("pauses", PauseViewSet, basename="pause")
router.register("watch-review/single-points", SinglePointsViewSet, basename="watch-single-point")
router.register("watch-review/terms", EndingTermsViewSet, basename="watch-ending")
router.register("watch-review/signals", WeakSignalsViewSet, basename="watch-signal")
router.register("outages", OutageViewSet, basename="outage")
router.register("alerts", AlertViewSet, basename="alert")
router.register("signals", SignalViewSet, basename="signal")
router.register("concerns", ConcernViewSet, basename="concern")
router.register("watch-handovers", HandoverViewSet, basename="watch-handover")

parts = SimpleRouter(use_regex_path=False)
parts.register("schedule", ScheduleViewSet, basename="watch-schedule")
parts.register("rehearsal", RehearsalViewSet, basename="watch-rehearsal")
parts.register("link", LinkViewSet, basename="watch-link")
parts.register("events", WatchEventViewSet, basename="watch-event")

escalation_policy = EscalationViewSet.as_view({"get": "retrieve", "put": "replace"})

urlpatterns = [
    path("agencies/<uuid:agency_id>/escalation/", EscalationViewSet.as_view({"get": "overview"})),
    path("agencies/<uuid:agency_id>/escalation/<str:kind>/", escalation_policy),
    path(
        "agencies/<uuid:agency_id>/escalation/<str:kind>/remove/",
        EscalationViewSet.as_view({"post": "remove"}),
    ),
    path("watch-assignments/assign/", AssignmentViewSet.as_view({"post": "assign_many"})),
    path("watch-assignments/reassign/", AssignmentViewSet.as_view({"post": "reassign_many"})),
    path("watch-review/coverage/", ReviewFigures.as_view({"get": "coverage"})),
    path("watch-review/load/", ReviewFigures.as_view({"get": "load"})),
    path("watch-review/alerts/", ReviewFigures.as_view({"get": "ages"})),
    path("watch-briefing/", BriefingView.as_view({"get": "own"})),
    path("watch-report/", ReportView.as_view({"get": "own"})),
    path("watch-report/<uuid:id>/", ReportView.as_view({"get": "retrieve"})),
    *router.urls,
    path("public/concerns/", PublicConcernView.as_view(), name="public-concerns"),
    path("public/concerns/receipt/", PublicReceiptView.as_view(), name="public-receipt"),
    path("watch-assignments/<uuid:assignment_id>/", include(parts.urls)),
]
