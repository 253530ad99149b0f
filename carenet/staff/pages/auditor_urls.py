"""The addresses of auditors: the trail, who has read a record, bases, incidents."""

from django.urls import path

from carenet.staff.pages.auditor import bases, overview, readers, trail

urlpatterns = [
    path("desk/bases-in-use/", bases.BasesView.as_view(), name="staff-bases"),
    path("desk/audit/", overview.OverviewView.as_view(), name="staff-audit"),
    path("desk/incidents/", overview.IncidentsView.as_view(), name="staff-incidents"),
    path("desk/trail/", trail.TrailView.as_view(), name="staff-trail"),
    path("desk/trail/find/", trail.FindView.as_view(), name="staff-trail-find"),
    path("desk/readers/", readers.FindPersonView.as_view(), name="staff-readers-find"),
    path("desk/readers/<uuid:id>/", readers.ReadersView.as_view(), name="staff-readers"),
    path(
        "desk/readers/<uuid:id>/sheet/",
        readers.ReadersSheetView.as_view(),
        name="staff-readers-sheet",
    ),
]
