"""Every address of the service. A test declares the outcome of each for every kind of caller."""

from django.urls import include, path
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from oauth2_provider.views import RevokeTokenView

from carenet.accounts.api.tokens import TokenView
from carenet.reminders.api.health import healthz
from carenet.watchover.api.one_tap import OneTapView

api = [
    path("", include("carenet.agencies.api.urls")),
    path("", include("carenet.accounts.api.urls")),
    path("", include("carenet.areas.api.urls")),
    path("", include("carenet.residents.api.urls")),
    path("", include("carenet.tasks.api.urls")),
    path("", include("carenet.cases.api.urls")),
    path("", include("carenet.abuse.api.urls")),
    path("", include("carenet.referrals.api.urls")),
    path("", include("carenet.watchover.api.urls")),
    path("", include("carenet.watchlists.api.urls")),
    path("", include("carenet.reminders.api.urls")),
    path("", include("carenet.jobs.api.urls")),
    path("", include("carenet.oversight.api.urls")),
]

DAY = 24 * 60 * 60
OPEN_TO_ALL: dict[str, list[type]] = {"authentication_classes": [], "permission_classes": []}

urlpatterns = [
    path("api/v1/", include(api)),
    path(
        "api/v1/openapi.json",
        # In each process: it is a whole answer, and the shared cache holds JSON alone.
        cache_page(DAY, cache="process")(
            SpectacularJSONAPIView.as_view(**OPEN_TO_ALL, urlconf=[path("api/v1/", include(api))])
        ),
        name="openapi",
    ),
    path(
        "api/v1/docs/",
        SpectacularSwaggerSplitView.as_view(
            **OPEN_TO_ALL, url_name="openapi", template_name="rest/docs.html"
        ),
        name="api-docs",
    ),
    path("auth/browser/v1/", include("carenet.accounts.api.sign_in_urls")),
    path("oauth/token/", TokenView.as_view(), name="oauth-token"),
    path("oauth/revoke_token/", RevokeTokenView.as_view(), name="oauth-revoke"),
    path("w/<str:secret>/", OneTapView.as_view(), name="one-tap"),
    path("", include("carenet.staff.urls")),
    path("healthz", healthz, name="healthz"),
]

handler400 = "carenet.staff.pages.error_pages.bad_request"
handler404 = "carenet.staff.pages.error_pages.page_not_found"
handler429 = "carenet.staff.pages.error_pages.too_many"  # of allauth, for those who sign in
handler500 = "carenet.staff.pages.error_pages.server_error"
handler503 = "carenet.staff.pages.error_pages.unavailable"  # of carenet.rest.database
