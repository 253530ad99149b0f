from django.urls import path

from carenet.staff.pages import operator_changes

urlpatterns = [
    path(
        "desk/operator-changes/",
        operator_changes.OperatorChangesView.as_view(),
        name="staff-operator-changes",
    ),
    path(
        "desk/operator-changes/agencies/<uuid:id>/",
        operator_changes.PlanView.as_view(),
        name="staff-operator-change-plan",
    ),
    path(
        "desk/operator-changes/<uuid:id>/",
        operator_changes.OperatorChangeView.as_view(),
        name="staff-operator-change",
    ),
    path(
        "desk/operator-changes/<uuid:id>/confirm/",
        operator_changes.ConfirmView.as_view(),
        name="staff-operator-change-confirm",
    ),
    path(
        "desk/operator-changes/<uuid:id>/withdraw/",
        operator_changes.WithdrawView.as_view(),
        name="staff-operator-change-withdraw",
    ),
]
