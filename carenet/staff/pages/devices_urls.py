from django.urls import path

from carenet.staff.pages import devices

urlpatterns = [
    path("desk/devices/", devices.DevicesView.as_view(), name="staff-devices"),
    path("desk/devices/end/", devices.EndOwnView.as_view(), name="staff-devices-end"),
    path(
        "desk/devices/<uuid:id>/", devices.MemberDevicesView.as_view(), name="staff-member-devices"
    ),
    path(
        "desk/devices/<uuid:id>/code/",
        devices.MemberCodeView.as_view(),
        name="staff-member-code",
    ),
    path(
        "desk/devices/<uuid:id>/end/",
        devices.EndMemberView.as_view(),
        name="staff-member-devices-end",
    ),
]
