from django.urls import include, path
from rest_framework.routers import SimpleRouter

from carenet.watchlists.api.views import (
    EntryViewSet,
    FunnelView,
    ListEventViewSet,
    WatchListViewSet,
)

router = SimpleRouter(use_regex_path=False)
router.register("watch-lists", WatchListViewSet, basename="watch-list")
router.register("list-entries", EntryViewSet, basename="list-entry")

parts = SimpleRouter(use_regex_path=False)
parts.register("events", ListEventViewSet, basename="list-event")

urlpatterns = [
    path("watch-lists/import/", WatchListViewSet.as_view({"post": "take_in"})),
    path("list-entries/screen/", EntryViewSet.as_view({"post": "screen_many"})),
    path("list-entries/send/", EntryViewSet.as_view({"post": "send"})),
    path("list-entries/suggestions/", EntryViewSet.as_view({"get": "suggestions"})),
    path("watch-review/funnel/", FunnelView.as_view({"get": "funnel"})),
    path("list-entries/<uuid:entry_id>/", include(parts.urls)),
    *router.urls,
]
