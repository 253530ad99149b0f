from django.urls import path

from carenet.staff.pages import referral_draft, referrals
from carenet.staff.pages.referral_forms import STEPS

urlpatterns = [
    path("desk/referrals/", referrals.ReferralsView.as_view(), name="staff-referrals"),
    path("desk/referrals/<uuid:id>/", referrals.ReferralPage.as_view(), name="staff-referral"),
    path("desk/referrals/<uuid:id>/draft/", referral_draft.DraftView.as_view(), name="staff-draft"),
    *(
        path(
            f"desk/referrals/<uuid:id>/{verb.value}/",
            referrals.TransitionView.as_view(verb=verb),
            name=f"staff-referral-{verb.value}",
        )
        for verb in STEPS
    ),
]
