from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.agencies.api.absences import AbsenceViewSet
from carenet.agencies.api.capacity import CapacityViewSet
from carenet.agencies.api.chasing_rules import ChasingRuleViewSet
from carenet.agencies.api.closures import ClosurePreviewViewSet, ClosureViewSet
from carenet.agencies.api.directory import AgencyViewSet
from carenet.agencies.api.invitations import InvitationViewSet, OwnInvitationViewSet
from carenet.agencies.api.me import MeViewSet
from carenet.agencies.api.members_and_calendar import (
    AgencyMemberViewSet,
    CalendarExceptionViewSet,
    CalendarViewSet,
)
from carenet.agencies.api.notification_settings import AgencySettingsViewSet, NotificationsViewSet
from carenet.agencies.api.operator_changes import OperatorChangeViewSet
from carenet.agencies.api.section_moves import SectionMoveViewSet

router = SimpleRouter(use_regex_path=False)
router.register("agencies", AgencyViewSet, basename="agency")
router.register("agency-closures", ClosureViewSet, basename="closure-preview")
router.register("operator-changes", OperatorChangeViewSet, basename="operator-change")
router.register("section-moves", SectionMoveViewSet, basename="section-move")

parts = SimpleRouter(use_regex_path=False)
parts.register("members", AgencyMemberViewSet, basename="agency-member")
parts.register("invitations", InvitationViewSet, basename="agency-invitation")
parts.register("calendar/exceptions", CalendarExceptionViewSet, basename="calendar-exception")
parts.register("chasing", ChasingRuleViewSet, basename="chasing-rule")

of_oneself = SimpleRouter(use_regex_path=False)
of_oneself.register("invitations", OwnInvitationViewSet, basename="own-invitation")

of_member = SimpleRouter(use_regex_path=False)
of_member.register("absences", AbsenceViewSet, basename="absence")

calendar = CalendarViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
settings = AgencySettingsViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
notifications = NotificationsViewSet.as_view({"get": "retrieve", "put": "replace"})
closure = ClosurePreviewViewSet.as_view({"get": "retrieve"})
capacity = CapacityViewSet.as_view({"get": "retrieve", "put": "publish"})

urlpatterns = [
    *router.urls,
    path("agencies/<uuid:agency_id>/calendar/", calendar, name="agency-calendar"),
    path("agencies/<uuid:agency_id>/settings/", settings, name="agency-settings"),
    path("agencies/<uuid:agency_id>/capacity/", capacity, name="agency-capacity"),
    path("agencies/<uuid:agency_id>/closure/", closure, name="agency-closure"),
    path("agencies/<uuid:agency_id>/", include(parts.urls)),
    path("agencies/<uuid:agency_id>/members/<uuid:member_id>/", include(of_member.urls)),
    path("me/", MeViewSet.as_view({"get": "retrieve"}), name="me"),
    path("me/agency/", MeViewSet.as_view({"put": "choose"}), name="me-agency"),
    path("me/", include(of_oneself.urls)),
    path("me/notifications/", notifications, name="me-notifications"),
]
