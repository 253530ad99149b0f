from django.urls import path

from carenet.staff.pages import closures

urlpatterns = [
    path("desk/closures/", closures.ClosuresView.as_view(), name="staff-closures"),
    path(
        "desk/closures/agencies/<uuid:id>/",
        closures.PreviewView.as_view(),
        name="staff-closure-preview",
    ),
    path(
        "desk/closures/agencies/<uuid:id>/propose/",
        closures.ProposeView.as_view(),
        name="staff-closure-propose",
    ),
    path("desk/closures/<uuid:id>/", closures.ClosureView.as_view(), name="staff-closure"),
    path(
        "desk/closures/<uuid:id>/confirm/",
        closures.ConfirmView.as_view(),
        name="staff-closure-confirm",
    ),
    path(
        "desk/closures/<uuid:id>/withdraw/",
        closures.WithdrawView.as_view(),
        name="staff-closure-withdraw",
    ),
]
