from django.urls import path

from carenet.staff.pages import completing, consultations, desk_calls, finding, taken

HERE = "desk/consultations/"
urlpatterns = [
    path(HERE, taken.ConsultationsView.as_view(), name="staff-consultations"),
    path(f"{HERE}new/", consultations.NewConsultationView.as_view(), name="staff-consultation-new"),
    path(f"{HERE}draft/", consultations.DraftView.as_view(), name="staff-consultation-draft"),
    path(
        f"{HERE}open-case/",
        consultations.OpenCaseView.as_view(),
        name="staff-consultation-open-case",
    ),
    path(f"{HERE}people/", finding.PeopleView.as_view(), name="staff-consultation-people"),
    path(f"{HERE}agencies/", finding.AgenciesView.as_view(), name="staff-consultation-agencies"),
    path(f"{HERE}<uuid:id>/", taken.ConsultationPage.as_view(), name="staff-consultation"),
    path(f"{HERE}<uuid:id>/triage/", taken.TriageView.as_view(), name="staff-consultation-triage"),
    path(
        f"{HERE}<uuid:id>/abuse/", desk_calls.ReportView.as_view(), name="staff-consultation-abuse"
    ),
    path(
        f"{HERE}<uuid:id>/desk-calls/", desk_calls.DeskCallsView.as_view(), name="staff-desk-calls"
    ),
    path(
        f"{HERE}<uuid:id>/readers/",
        desk_calls.ReadersView.as_view(),
        name="staff-consultation-readers",
    ),
    path(f"{HERE}<uuid:id>/edit/", completing.EditView.as_view(), name="staff-consultation-edit"),
]
