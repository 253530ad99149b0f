"""The addresses of the administrators' pages."""

from django.urls import path

from carenet.staff.pages.administration import (
    administrators,
    agencies,
    clients,
    imports,
    overview,
)

ROOT = "administration/"
urlpatterns = [
    path(ROOT, overview.OverviewView.as_view(), name="administration"),
    path(f"{ROOT}health/", overview.HealthView.as_view(), name="administration-health"),
    path(f"{ROOT}agencies/", agencies.AgenciesView.as_view(), name="administration-agencies"),
    path(
        f"{ROOT}agencies/new/",
        agencies.NewAgencyView.as_view(),
        name="administration-agency-new",
    ),
    path(f"{ROOT}agencies/<uuid:id>/", agencies.AgencyView.as_view(), name="administration-agency"),
    path(
        f"{ROOT}agencies/<uuid:id>/people/",
        agencies.PersonView.as_view(),
        name="administration-agency-person",
    ),
    path(
        f"{ROOT}agencies/<uuid:id>/areas/",
        agencies.AreaView.as_view(),
        name="administration-agency-area",
    ),
    path(
        f"{ROOT}agencies/<uuid:id>/areas/<uuid:part>/end/",
        agencies.AreaEndView.as_view(),
        name="administration-agency-area-end",
    ),
    path(
        f"{ROOT}administrators/",
        administrators.AdministratorsView.as_view(),
        name="administration-administrators",
    ),
    path(
        f"{ROOT}administrators/<uuid:id>/end/",
        administrators.EndView.as_view(),
        name="administration-administrator-end",
    ),
    path(
        f"{ROOT}appointment/",
        administrators.AcceptView.as_view(),
        name="administration-appointment",
    ),
    path(f"{ROOT}clients/", clients.ClientsView.as_view(), name="administration-clients"),
    path(
        f"{ROOT}clients/requests/<uuid:id>/confirm/",
        clients.ConfirmView.as_view(),
        name="administration-client-confirm",
    ),
    path(
        f"{ROOT}clients/requests/<uuid:id>/withdraw/",
        clients.WithdrawView.as_view(),
        name="administration-client-withdraw",
    ),
    path(
        f"{ROOT}clients/requests/<uuid:id>/secret/",
        clients.SecretView.as_view(),
        name="administration-client-secret",
    ),
    path(
        f"{ROOT}clients/<str:id>/new-secret/",
        clients.NewSecretView.as_view(),
        name="administration-client-new-secret",
    ),
    path(
        f"{ROOT}clients/<str:id>/end/",
        clients.EndClientView.as_view(),
        name="administration-client-end",
    ),
    path(f"{ROOT}import/", imports.ImportView.as_view(), name="administration-import"),
]
