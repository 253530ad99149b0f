from rest_framework.routers import SimpleRouter

from carenet.residents.api.views import ResidentViewSet

router = SimpleRouter(use_regex_path=False)
router.register("residents", ResidentViewSet, basename="resident")
urlpatterns = router.urls
