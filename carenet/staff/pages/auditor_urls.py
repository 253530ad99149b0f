"""The addresses of auditors: the trail, who has read a record, bases, incidents."""

from django.urls import path

from carenet.staff.pages.auditor import trail

urlpatterns = [
    path("desk/trail/", trail.TrailView.as_view(), name="staff-trail"),
    path("desk/trail/find/", trail.FindView.as_view(), name="staff-trail-find"),
]
