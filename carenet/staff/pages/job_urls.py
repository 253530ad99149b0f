from django.urls import path

from carenet.staff.pages import jobs

urlpatterns = [
    path("desk/work/", jobs.WorkView.as_view(), name="staff-work"),
    path(
        "desk/work/new-import/",
        jobs.StartView.as_view(kind="list.import"),
        name="staff-work-import",
    ),
    path("desk/work/new-list/", jobs.StartView.as_view(kind="list.export"), name="staff-work-list"),
    path(
        "desk/work/new-visits/",
        jobs.StartView.as_view(kind="visits.export"),
        name="staff-work-visits",
    ),
    path(
        "desk/work/new-trail/",
        jobs.StartView.as_view(kind="trail.export"),
        name="staff-work-trail",
    ),
    path("desk/work/<uuid:id>/", jobs.JobView.as_view(), name="staff-work-job"),
    path("desk/work/<uuid:id>/cancel/", jobs.CancelView.as_view(), name="staff-work-cancel"),
    path(
        "desk/work/<uuid:id>/carry-out/", jobs.CarryOutView.as_view(), name="staff-work-carry-out"
    ),
    path("desk/work/<uuid:id>/file/", jobs.FileView.as_view(), name="staff-work-file"),
]
