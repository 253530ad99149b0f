from django.urls import path

from carenet.staff.pages import consultations

urlpatterns = [
    path(
        "desk/consultations/new/",
        consultations.NewConsultationView.as_view(),
        name="staff-consultation-new",
    ),
    path(
        "desk/consultations/draft/",
        consultations.DraftView.as_view(),
        name="staff-consultation-draft",
    ),
    path(
        "desk/consultations/people/",
        consultations.PeopleView.as_view(),
        name="staff-consultation-people",
    ),
    path(
        "desk/consultations/agencies/",
        consultations.AgenciesView.as_view(),
        name="staff-consultation-agencies",
    ),
]
