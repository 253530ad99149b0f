from django.urls import path

from carenet.staff.pages import invitations

urlpatterns = [
    path("desk/invitations/", invitations.InvitationsView.as_view(), name="staff-invitations"),
    path(
        "desk/invitations/<uuid:id>/withdraw/",
        invitations.WithdrawView.as_view(),
        name="staff-invitation-withdraw",
    ),
    path(
        "desk/invitations/<uuid:id>/agree/",
        invitations.AgreeView.as_view(),
        name="staff-invitation-agree",
    ),
    path(
        "account/invitations/",
        invitations.OwnInvitationsView.as_view(),
        name="staff-own-invitations",
    ),
    path(
        "account/invitations/<uuid:id>/accept/",
        invitations.AcceptView.as_view(),
        name="staff-invitation-accept",
    ),
    path(
        "account/invitations/<uuid:id>/decline/",
        invitations.DeclineView.as_view(),
        name="staff-invitation-decline",
    ),
]
