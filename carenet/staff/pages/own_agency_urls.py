"""The addresses of one's own agency: who works in it, when, and how it is told."""

from django.urls import path

from carenet.staff.pages.own_agency import absences, held_work, members

MEMBERS = "desk/members/"
ONE = f"{MEMBERS}<uuid:id>/"
urlpatterns = [
    path(MEMBERS, members.MembersView.as_view(), name="staff-members"),
    path(ONE, members.MemberView.as_view(), name="staff-member"),
    path(f"{ONE}roles/", members.RolesView.as_view(), name="staff-member-roles"),
    path(f"{ONE}absence/", absences.AbsenceView.as_view(), name="staff-member-absence"),
    path(
        f"{ONE}absence/<uuid:absence_id>/end/",
        absences.EndAbsenceView.as_view(),
        name="staff-member-absence-end",
    ),
    path(f"{ONE}hand-on/", held_work.HandOnView.as_view(), name="staff-member-hand-on"),
    path(f"{ONE}end/", held_work.EndView.as_view(), name="staff-member-end"),
]
