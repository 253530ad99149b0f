from rest_framework.routers import SimpleRouter

from carenet.areas.api.views import AreaViewSet

router = SimpleRouter(use_regex_path=False)
router.register("areas", AreaViewSet, basename="area")

urlpatterns = router.urls
