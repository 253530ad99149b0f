from django.urls import path

from carenet.staff.pages import work

urlpatterns = [
    path("desk/work/", work.WorkView.as_view(), name="staff-work"),
    path(
        "desk/work/new-import/",
        work.StartView.as_view(kind="list.import"),
        name="staff-work-import",
    ),
    path("desk/work/new-list/", work.StartView.as_view(kind="list.export"), name="staff-work-list"),
    path(
        "desk/work/new-visits/",
        work.StartView.as_view(kind="visits.export"),
        name="staff-work-visits",
    ),
    path(
        "desk/work/new-trail/",
        work.StartView.as_view(kind="trail.export"),
        name="staff-work-trail",
    ),
    path("desk/work/<uuid:id>/", work.JobView.as_view(), name="staff-work-job"),
    path("desk/work/<uuid:id>/cancel/", work.CancelView.as_view(), name="staff-work-cancel"),
    path(
        "desk/work/<uuid:id>/carry-out/", work.CarryOutView.as_view(), name="staff-work-carry-out"
    ),
    path("desk/work/<uuid:id>/file/", work.FileView.as_view(), name="staff-work-file"),
]
