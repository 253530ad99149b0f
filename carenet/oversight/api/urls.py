from rest_framework.routers import SimpleRouter

from carenet.oversight.api.incidents import IncidentViewSet
from carenet.oversight.api.trail import AuditViewSet

router = SimpleRouter(use_regex_path=False)
router.register("audit", AuditViewSet, basename="audit")
router.register("incidents", IncidentViewSet, basename="incident")
urlpatterns = router.urls
