from rest_framework.routers import SimpleRouter

from carenet.reminders.api.views import ReminderViewSet

router = SimpleRouter(use_regex_path=False)
router.register("reminders", ReminderViewSet, basename="reminder")
urlpatterns = router.urls
