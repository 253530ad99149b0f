from django.urls import path
from django.views.i18n import set_language

from carenet.staff.pages import email, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="account_login"),
    path("sign-in/code/", sign_in.CodeView.as_view(), name="mfa_authenticate"),
    path("sign-in/again/", sign_in.AgainView.as_view(), name="account_reauthenticate"),
    path("sign-in/again/code/", sign_in.AgainByCodeView.as_view(), name="mfa_reauthenticate"),
    path("sign-in/forgotten/", sign_in.ForgottenView.as_view(), name="staff-forgotten"),
    path("session/", sign_in.SessionView.as_view(), name="staff-session"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="account_logout"),
    path("account/", sign_in.AccountView.as_view(), name="mfa_index"),
    path("account/agency/", sign_in.AgencyView.as_view(), name="staff-agency"),
    path("account/email/", email.EmailView.as_view(), name="staff-email"),
    path("account/password/", sign_in.PasswordView.as_view(), name="account_change_password"),
    path("account/code/", sign_in.ActivateView.as_view(), name="mfa_activate_totp"),
    path("account/code/off/", sign_in.DeactivateView.as_view(), name="mfa_deactivate_totp"),
    path("account/recovery/", sign_in.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path(
        "account/recovery/new/",
        sign_in.NewRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path("language/", set_language, name="set_language"),
]
