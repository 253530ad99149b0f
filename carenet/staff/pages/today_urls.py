from django.urls import path
from django.views.generic import RedirectView

from carenet.staff.pages import date_preview, today

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="staff-today"), name="staff-home"),
    path("desk/when/", date_preview.WhenView.as_view(), name="staff-when"),
    path("desk/", today.TodayView.as_view(), name="staff-today"),
    path("desk/reminders/<uuid:id>/read/", today.ReadView.as_view(), name="staff-reminder-read"),
    path(
        "desk/reminders/<uuid:id>/acknowledge/",
        today.AcknowledgeView.as_view(),
        name="staff-reminder-acknowledge",
    ),
]
