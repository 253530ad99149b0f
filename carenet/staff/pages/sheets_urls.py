from django.urls import path

from carenet.staff.pages import sheets

urlpatterns = [
    path("desk/answer/", sheets.CodeView.as_view(), name="staff-answer"),
    path("desk/referrals/<uuid:id>/sheet/", sheets.SheetView.as_view(), name="staff-sheet"),
    path(
        "desk/referrals/<uuid:id>/sheet.pdf",
        sheets.SheetFileView.as_view(),
        name="staff-sheet-file",
    ),
]
