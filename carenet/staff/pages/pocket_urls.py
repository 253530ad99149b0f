from django.urls import path

from carenet.staff.pages import pocket

urlpatterns = [
    path("pocket/", pocket.VisitsView.as_view(), name="staff-pocket"),
    path("pocket/visits/<uuid:id>/", pocket.VisitView.as_view(), name="staff-pocket-visit"),
    path("pocket/state/", pocket.StateView.as_view(), name="staff-pocket-state"),
    path("pocket/offline/", pocket.OfflineView.as_view(), name="staff-pocket-offline"),
    path("pocket/worker.js", pocket.WorkerView.as_view(), name="staff-pocket-worker"),
]
