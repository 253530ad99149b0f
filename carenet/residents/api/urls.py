from django.urls import path
from rest_framework.routers import SimpleRouter

from carenet.residents.api.finding import MatchViewSet, SearchViewSet
from carenet.residents.api.inquiries import InquiryViewSet
from carenet.residents.api.records import MergeViewSet, VersionViewSet
from carenet.residents.api.views import ResidentViewSet

router = SimpleRouter(use_regex_path=False)
router.register("residents", ResidentViewSet, basename="resident")
router.register("inquiries", InquiryViewSet, basename="inquiry")
of_resident = "residents/<uuid:resident_id>"
urlpatterns = [
    path("residents/search/", SearchViewSet.as_view({"post": "list"}), name="resident-search"),
    path("residents/matches/", MatchViewSet.as_view({"post": "look_up"}), name="resident-matches"),
    path(f"{of_resident}/versions/", VersionViewSet.as_view({"get": "list"}), name="versions"),
    path(f"{of_resident}/merges/", MergeViewSet.as_view({"get": "list"}), name="merges"),
    *router.urls,
]
