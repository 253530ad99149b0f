from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.cases.api.cases import CaseViewSet
from carenet.cases.api.consultations import ConsultationViewSet
from carenet.cases.api.parts import GrantViewSet, MemberViewSet, NoteViewSet

router = SimpleRouter(use_regex_path=False)
router.register("consultations", ConsultationViewSet, basename="consultation")
router.register("cases", CaseViewSet, basename="case")

parts = SimpleRouter(use_regex_path=False)
parts.register("notes", NoteViewSet, basename="case-note")
parts.register("grants", GrantViewSet, basename="case-grant")
parts.register("named-members", MemberViewSet, basename="case-member")

urlpatterns = [*router.urls, path("cases/<uuid:case_id>/", include(parts.urls))]
