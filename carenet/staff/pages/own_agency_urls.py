"""The addresses of one's own agency: who works in it, when, and how it is told."""

from django.urls import path

from carenet.staff.pages.own_agency import (
    absences,
    calendar,
    capacity,
    chasing_rules,
    directory,
    held_work,
    home,
    members,
    notification_settings,
)
from carenet.staff.pages.review import escalation_policy

AGENCY = "desk/agency/"
MEMBERS = "desk/members/"
ONE = f"{MEMBERS}<uuid:id>/"
urlpatterns = [
    path(AGENCY, home.OwnAgencyView.as_view(), name="staff-own-agency"),
    path(f"{AGENCY}calendar/", calendar.CalendarView.as_view(), name="staff-calendar"),
    path(f"{AGENCY}calendar/days/", calendar.DayView.as_view(), name="staff-calendar-day"),
    path(
        f"{AGENCY}calendar/days/<uuid:id>/remove/",
        calendar.RemoveDayView.as_view(),
        name="staff-calendar-day-remove",
    ),
    path(f"{AGENCY}capacity/", capacity.CapacityView.as_view(), name="staff-capacity"),
    path(
        f"{AGENCY}notifications/",
        notification_settings.SettingsView.as_view(),
        name="staff-agency-notifications",
    ),
    path(f"{AGENCY}chasing/", chasing_rules.ChasingRulesView.as_view(), name="staff-chasing"),
    path(f"{AGENCY}chasing/new/", chasing_rules.NewRuleView.as_view(), name="staff-chasing-new"),
    path(
        f"{AGENCY}chasing/<uuid:id>/",
        chasing_rules.RuleView.as_view(),
        name="staff-chasing-rule",
    ),
    path(
        f"{AGENCY}chasing/<uuid:id>/remove/",
        chasing_rules.RemoveRuleView.as_view(),
        name="staff-chasing-rule-remove",
    ),
    path(f"{AGENCY}ladders/", escalation_policy.OwnPoliciesView.as_view(), name="staff-ladders"),
    path(
        f"{AGENCY}ladders/<str:kind>/",
        escalation_policy.OwnPolicyView.as_view(),
        name="staff-ladder",
    ),
    path("desk/agencies/<uuid:id>/", directory.AgencyView.as_view(), name="staff-directory-agency"),
    path(
        "account/notifications/",
        notification_settings.ChoiceView.as_view(),
        name="staff-notifications",
    ),
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
