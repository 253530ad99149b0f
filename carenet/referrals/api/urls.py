from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.referrals.api.attachments import AttachmentViewSet
from carenet.referrals.api.duplicates import CaseReferralViewSet, DuplicateViewSet
from carenet.referrals.api.pool import PoolViewSet
from carenet.referrals.api.views import EventViewSet, ReferralViewSet

router = SimpleRouter(use_regex_path=False)
router.register("referrals", ReferralViewSet, basename="referral")
router.register("referral-pool", PoolViewSet, basename="referral-pool")

parts = SimpleRouter(use_regex_path=False)
parts.register("events", EventViewSet, basename="referral-event")
parts.register("attachments", AttachmentViewSet, basename="referral-attachment")

claim = PoolViewSet.as_view({"post": "claim"})
duplicates = DuplicateViewSet.as_view({"post": "find"})
of_case = CaseReferralViewSet.as_view({"get": "list"})

urlpatterns = [
    path("referrals/duplicates/", duplicates, name="referral-duplicates"),
    path("referrals/<uuid:id>/claim/", claim, name="referral-claim"),
    *router.urls,
    path("referrals/<uuid:referral_id>/", include(parts.urls)),
    path("cases/<uuid:case_id>/referrals/", of_case, name="case-referral"),
]
