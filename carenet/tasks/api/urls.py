from rest_framework.routers import SimpleRouter

from carenet.tasks.api.views import TaskViewSet

router = SimpleRouter(use_regex_path=False)
router.register("tasks", TaskViewSet, basename="task")

urlpatterns = router.urls
