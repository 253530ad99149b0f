from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.cases.api.assessments import AssessmentViewSet
from carenet.cases.api.cases import CaseViewSet
from carenet.cases.api.co_agencies import CoAgenciesViewSet
from carenet.cases.api.consultation_readers import ConsultationReaderViewSet
from carenet.cases.api.consultations import ConsultationViewSet
from carenet.cases.api.handover import HandoverViewSet, PackViewSet
from carenet.cases.api.notes_and_shares import GrantViewSet, MemberViewSet, NoteViewSet
from carenet.cases.api.plans import GoalViewSet, PlanViewSet

router = SimpleRouter(use_regex_path=False)
router.register("consultations", ConsultationViewSet, basename="consultation")
router.register("cases", CaseViewSet, basename="case")

parts = SimpleRouter(use_regex_path=False)
parts.register("notes", NoteViewSet, basename="case-note")
parts.register("grants", GrantViewSet, basename="case-grant")
parts.register("named-members", MemberViewSet, basename="case-member")
parts.register("assessments", AssessmentViewSet, basename="case-assessment")
parts.register("plans", PlanViewSet, basename="case-plan")
parts.register("goals", GoalViewSet, basename="case-goal")

of_consultation = SimpleRouter(use_regex_path=False)
of_consultation.register("readers", ConsultationReaderViewSet, basename="consultation-reader")

urlpatterns = [
    path("cases/handover/", HandoverViewSet.as_view({"post": "create"})),
    path("cases/without-person/", HandoverViewSet.as_view({"get": "list"})),
    *router.urls,
    path("cases/<uuid:case_id>/agencies/", CoAgenciesViewSet.as_view({"get": "retrieve"})),
    path("cases/<uuid:case_id>/handover/", PackViewSet.as_view({"get": "retrieve"})),
    path("cases/<uuid:case_id>/", include(parts.urls)),
    path("consultations/<uuid:consultation_id>/", include(of_consultation.urls)),
]
