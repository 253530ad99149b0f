from django.urls import path

from carenet.staff.pages import people

urlpatterns = [
    path("desk/people/", people.PeopleView.as_view(), name="staff-people"),
    path("desk/people/<uuid:id>/", people.PersonPage.as_view(), name="staff-resident"),
    path(
        "desk/people/<uuid:id>/consultation/",
        people.TakeView.as_view(),
        name="staff-resident-consultation",
    ),
]
