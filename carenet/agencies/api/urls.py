from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.agencies.api.areas import AreaViewSet
from carenet.agencies.api.directory import AgencyViewSet
from carenet.agencies.api.me import MeViewSet
from carenet.agencies.api.parts import (
    AgencyMemberViewSet,
    CalendarExceptionViewSet,
    CalendarViewSet,
)

router = SimpleRouter(use_regex_path=False)
router.register("agencies", AgencyViewSet, basename="agency")
router.register("areas", AreaViewSet, basename="area")

parts = SimpleRouter(use_regex_path=False)
parts.register("members", AgencyMemberViewSet, basename="agency-member")
parts.register("calendar/exceptions", CalendarExceptionViewSet, basename="calendar-exception")

calendar = CalendarViewSet.as_view({"get": "retrieve", "patch": "partial_update"})

urlpatterns = [
    *router.urls,
    path("agencies/<uuid:agency_id>/calendar/", calendar, name="agency-calendar"),
    path("agencies/<uuid:agency_id>/", include(parts.urls)),
    path("me/", MeViewSet.as_view({"get": "retrieve"}), name="me"),
    path("me/agency/", MeViewSet.as_view({"put": "choose"}), name="me-agency"),
]
