from django.urls import path

from carenet.staff.pages import referral_sheet

urlpatterns = [
    path("desk/answer/", referral_sheet.CodeView.as_view(), name="staff-answer"),
    path("desk/referrals/<uuid:id>/sheet/", referral_sheet.SheetView.as_view(), name="staff-sheet"),
    path(
        "desk/referrals/<uuid:id>/sheet.pdf",
        referral_sheet.SheetFileView.as_view(),
        name="staff-sheet-file",
    ),
]
