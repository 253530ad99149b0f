from django.urls import path

from carenet.staff.pages import (
    consultation_edit,
    consultation_new,
    consultations,
    desk_calls,
    search,
)

HERE = "desk/consultations/"
urlpatterns = [
    path(HERE, consultations.ConsultationsView.as_view(), name="staff-consultations"),
    path(
        f"{HERE}new/", consultation_new.NewConsultationView.as_view(), name="staff-consultation-new"
    ),
    path(f"{HERE}draft/", consultation_new.DraftView.as_view(), name="staff-consultation-draft"),
    path(
        f"{HERE}open-case/",
        consultation_new.OpenCaseView.as_view(),
        name="staff-consultation-open-case",
    ),
    path(f"{HERE}people/", search.PeopleView.as_view(), name="staff-consultation-people"),
    path(f"{HERE}agencies/", search.AgenciesView.as_view(), name="staff-consultation-agencies"),
    path(f"{HERE}<uuid:id>/", consultations.ConsultationPage.as_view(), name="staff-consultation"),
    path(
        f"{HERE}<uuid:id>/triage/",
        consultations.TriageView.as_view(),
        name="staff-consultation-triage",
    ),
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
    path(
        f"{HERE}<uuid:id>/edit/",
        consultation_edit.EditView.as_view(),
        name="staff-consultation-edit",
    ),
]
