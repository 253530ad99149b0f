from django.urls import path

from carenet.staff.pages import cases

urlpatterns = [
    path("desk/cases/", cases.CasesView.as_view(), name="staff-cases"),
    path("desk/cases/<uuid:id>/", cases.CasePage.as_view(), name="staff-case"),
    path("desk/cases/<uuid:id>/next/", cases.NextActionView.as_view(), name="staff-case-next"),
    path("desk/cases/<uuid:id>/notes/", cases.NoteView.as_view(), name="staff-case-note"),
    path("desk/cases/<uuid:id>/pack/", cases.PackView.as_view(), name="staff-case-pack"),
]
