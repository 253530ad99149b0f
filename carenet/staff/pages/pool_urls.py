from django.urls import path

from carenet.staff.pages import pool

urlpatterns = [
    path("desk/referrals/pool/", pool.BoardView.as_view(), name="staff-pool"),
    path("desk/referrals/pool/<uuid:id>/", pool.OfferedView.as_view(), name="staff-pool-entry"),
    path("desk/referrals/pool/<uuid:id>/claim/", pool.ClaimView.as_view(), name="staff-pool-claim"),
]
