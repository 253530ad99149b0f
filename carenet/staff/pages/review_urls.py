from django.urls import path

from carenet.staff.pages.review import overview, rehearsal, watch

urlpatterns = [
    path("review/", overview.OverviewView.as_view(), name="staff-review"),
    path("review/single-points/", overview.SinglePointsView.as_view(), name="staff-review-single"),
    path("review/terms/", overview.TermsView.as_view(), name="staff-review-terms"),
    path("review/signals/", overview.SignalsView.as_view(), name="staff-review-signals"),
    path("review/load/", overview.LoadView.as_view(), name="staff-review-load"),
    path("review/watches/", overview.WatchesView.as_view(), name="staff-review-watches"),
    path(
        "review/alerts/<uuid:id>/acknowledge/",
        overview.AcknowledgeAlertView.as_view(),
        name="staff-alert-acknowledge",
    ),
    path(
        "review/alerts/<uuid:id>/resolve/",
        overview.ResolveAlertView.as_view(),
        name="staff-alert-resolve",
    ),
    path("review/watches/<uuid:id>/", watch.WatchPage.as_view(), name="staff-watch"),
    path("review/watches/<uuid:id>/people/", watch.PeopleView.as_view(), name="staff-watch-people"),
    path("review/watches/<uuid:id>/pause/", watch.PauseView.as_view(), name="staff-watch-pause"),
    path("review/pauses/<uuid:id>/end/", watch.EndPauseView.as_view(), name="staff-pause-end"),
    path(
        "review/watches/<uuid:id>/rehearsal/",
        rehearsal.RehearsalView.as_view(),
        name="staff-watch-rehearsal",
    ),
]
