from django.urls import path

from carenet.accounts.api.email import EmailViewSet
from carenet.accounts.api.handed_out_codes import HandedOutCodeViewSet

email = EmailViewSet.as_view({"get": "retrieve", "put": "replace"})
prove_email = EmailViewSet.as_view({"post": "prove"})
hand_out_code = HandedOutCodeViewSet.as_view({"post": "hand_out"})

urlpatterns = [
    path(
        "agencies/<uuid:agency_id>/members/<uuid:id>/hand-out-code/",
        hand_out_code,
        name="agency-member-hand-out-code",
    ),
    path("me/email/", email, name="me-email"),
    path("me/email/prove/", prove_email, name="me-email-prove"),
]
