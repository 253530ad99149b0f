"""The addresses of people and of what hangs on one of them."""

from django.urls import path

from carenet.staff.pages import elsewhere, facts, people, person_watch
from carenet.staff.pages.person import (
    certifications,
    consents,
    contacts,
    household,
    merge,
    picture,
    record,
    record_end,
    story,
)

ONE = "desk/people/<uuid:id>/"
CONTACT = f"{ONE}contacts/<uuid:contact_id>/"
urlpatterns = [
    path("desk/people/", people.PeopleView.as_view(), name="staff-people"),
    path(
        "desk/people/elsewhere/",
        elsewhere.ElsewhereView.as_view(),
        name="staff-people-elsewhere",
    ),
    path("desk/people/elsewhere/ask/", elsewhere.AskView.as_view(), name="staff-people-ask"),
    path(ONE, people.PersonPage.as_view(), name="staff-resident"),
    path(
        f"{ONE}consultation/",
        people.TakeView.as_view(),
        name="staff-resident-consultation",
    ),
    path(f"{ONE}watch/", person_watch.FirstWatchView.as_view(), name="staff-resident-watch"),
    path(f"{ONE}facts/", facts.FactsView.as_view(), name="staff-resident-facts"),
    path(
        f"{ONE}facts/<uuid:fact_id>/",
        facts.FactView.as_view(),
        name="staff-resident-fact",
    ),
    path(
        f"{ONE}facts/<uuid:fact_id>/end/",
        facts.EndView.as_view(),
        name="staff-resident-fact-end",
    ),
    path(f"{ONE}record/", record.RecordView.as_view(), name="staff-resident-record"),
    path(f"{ONE}contacts/", contacts.ContactsView.as_view(), name="staff-resident-contacts"),
    path(CONTACT, contacts.ContactView.as_view(), name="staff-resident-contact"),
    path(
        f"{CONTACT}confirm/", contacts.ConfirmView.as_view(), name="staff-resident-contact-confirm"
    ),
    path(f"{CONTACT}end/", contacts.EndContactView.as_view(), name="staff-resident-contact-end"),
    path(
        f"{ONE}certifications/",
        certifications.CertificationsView.as_view(),
        name="staff-resident-certifications",
    ),
    path(f"{ONE}consents/", consents.ConsentsView.as_view(), name="staff-resident-consents"),
    path(
        f"{ONE}consents/<uuid:consent_id>/",
        consents.ConsentView.as_view(),
        name="staff-resident-consent",
    ),
    path(f"{ONE}household/", household.HouseholdView.as_view(), name="staff-resident-household"),
    path(
        f"{ONE}household/<uuid:member_id>/leave/",
        household.LeaveView.as_view(),
        name="staff-resident-leave",
    ),
    path(f"{ONE}end/", record_end.EndRecordView.as_view(), name="staff-resident-end"),
    path(f"{ONE}reinstate/", record_end.ReinstateView.as_view(), name="staff-resident-reinstate"),
    path(f"{ONE}doubles/", merge.DoublesView.as_view(), name="staff-resident-doubles"),
    path(f"{ONE}merge/<uuid:other_id>/", merge.MergeView.as_view(), name="staff-resident-merge"),
    path(
        f"{ONE}unmerge/<uuid:other_id>/", merge.UnmergeView.as_view(), name="staff-resident-unmerge"
    ),
    path(f"{ONE}picture/", picture.PictureView.as_view(), name="staff-resident-picture"),
    path(f"{ONE}story/", story.PersonStoryView.as_view(), name="staff-resident-story"),
]
