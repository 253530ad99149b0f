from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.residents.api.contacts_and_consents import (
    CertificationViewSet,
    ConsentViewSet,
    ContactViewSet,
)
from carenet.residents.api.facts import FactViewSet
from carenet.residents.api.history import MergeViewSet, VersionViewSet
from carenet.residents.api.households import (
    HouseholdMemberViewSet,
    HouseholdsOfResidentViewSet,
    HouseholdViewSet,
)
from carenet.residents.api.inquiries import InquiryViewSet
from carenet.residents.api.search import MatchViewSet, SearchViewSet
from carenet.residents.api.views import ResidentViewSet

router = SimpleRouter(use_regex_path=False)
router.register("residents", ResidentViewSet, basename="resident")
router.register("households", HouseholdViewSet, basename="household")
router.register("inquiries", InquiryViewSet, basename="inquiry")

parts = SimpleRouter(use_regex_path=False)
parts.register("contacts", ContactViewSet, basename="resident-contact")
parts.register("certifications", CertificationViewSet, basename="resident-certification")
parts.register("consents", ConsentViewSet, basename="resident-consent")
parts.register("facts", FactViewSet, basename="resident-fact")
parts.register("households", HouseholdsOfResidentViewSet, basename="resident-household")

of_household = SimpleRouter(use_regex_path=False)
of_household.register("members", HouseholdMemberViewSet, basename="household-member")

of_resident = "residents/<uuid:resident_id>"
urlpatterns = [
    path("residents/search/", SearchViewSet.as_view({"post": "list"}), name="resident-search"),
    path("residents/matches/", MatchViewSet.as_view({"post": "look_up"}), name="resident-matches"),
    path(f"{of_resident}/versions/", VersionViewSet.as_view({"get": "list"}), name="versions"),
    path(f"{of_resident}/merges/", MergeViewSet.as_view({"get": "list"}), name="merges"),
    *router.urls,
    path(f"{of_resident}/", include(parts.urls)),
    path("households/<uuid:household_id>/", include(of_household.urls)),
]
