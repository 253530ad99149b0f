from django.urls import path

from carenet.staff.pages import files

urlpatterns = [
    path("desk/referrals/<uuid:id>/files/", files.FilesView.as_view(), name="staff-files"),
    path(
        "desk/referrals/<uuid:id>/files/<uuid:file>/", files.FileView.as_view(), name="staff-file"
    ),
    path(
        "desk/referrals/<uuid:id>/files/<uuid:file>/take-away/",
        files.TakeAwayView.as_view(),
        name="staff-file-take-away",
    ),
]
