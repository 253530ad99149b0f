from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.referrals.api.views import EventViewSet, ReferralViewSet

router = SimpleRouter(use_regex_path=False)
router.register("referrals", ReferralViewSet, basename="referral")

parts = SimpleRouter(use_regex_path=False)
parts.register("events", EventViewSet, basename="referral-event")

urlpatterns = [*router.urls, path("referrals/<uuid:referral_id>/", include(parts.urls))]
