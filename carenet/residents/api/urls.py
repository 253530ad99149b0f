from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.residents.api.households import (
    HouseholdMemberViewSet,
    HouseholdsOfResidentViewSet,
    HouseholdViewSet,
)
from carenet.residents.api.parts import CertificationViewSet, ConsentViewSet, ContactViewSet
from carenet.residents.api.views import ResidentViewSet

router = SimpleRouter(use_regex_path=False)
router.register("residents", ResidentViewSet, basename="resident")
router.register("households", HouseholdViewSet, basename="household")

parts = SimpleRouter(use_regex_path=False)
parts.register("contacts", ContactViewSet, basename="resident-contact")
parts.register("certifications", CertificationViewSet, basename="resident-certification")
parts.register("consents", ConsentViewSet, basename="resident-consent")
parts.register("households", HouseholdsOfResidentViewSet, basename="resident-household")

of_household = SimpleRouter(use_regex_path=False)
of_household.register("members", HouseholdMemberViewSet, basename="household-member")

urlpatterns = [
    *router.urls,
    path("residents/<uuid:resident_id>/", include(parts.urls)),
    path("households/<uuid:household_id>/", include(of_household.urls)),
]
