from django.urls import path

from carenet.staff.pages.review import (
    coverage,
    escalation_policy,
    flagged,
    handover,
    hands,
    lists,
    mail_choice,
    overview,
    referrals,
    rehearsal,
    schedule,
    term,
    watch,
    watch_changes,
    watch_transitions,
    watchers,
)
from carenet.watchover.actions import handover_plan
from carenet.watchover.actions.handover_execution import carry_out

urlpatterns = [
    path("review/", overview.OverviewView.as_view(), name="staff-review"),
    path("review/weekly-mail/", mail_choice.MailChoiceView.as_view(), name="staff-review-mail"),
    path("review/single-points/", flagged.SinglePointsView.as_view(), name="staff-review-single"),
    path("review/terms/", flagged.TermsView.as_view(), name="staff-review-terms"),
    path("review/signals/", flagged.SignalsView.as_view(), name="staff-review-signals"),
    path("review/load/", flagged.LoadView.as_view(), name="staff-review-load"),
    path("review/watches/", flagged.WatchesView.as_view(), name="staff-review-watches"),
    path("review/hands/", hands.HandsView.as_view(), name="staff-review-hands"),
    path("review/referrals/", referrals.AgeingView.as_view(), name="staff-review-referrals"),
    path("review/referrals/funnel/", referrals.FunnelView.as_view(), name="staff-review-funnel"),
    path(
        "review/referrals/list/",
        referrals.ReferralsListView.as_view(),
        name="staff-review-referrals-list",
    ),
    path("review/lists/", lists.ListsFunnelView.as_view(), name="staff-review-lists"),
    path("review/lists/to-visit/", lists.ToVisitView.as_view(), name="staff-review-to-visit"),
    path("review/lists/people/", lists.ListedView.as_view(), name="staff-review-listed"),
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
    path(
        "review/watches/<uuid:id>/people/", watchers.PeopleView.as_view(), name="staff-watch-people"
    ),
    path("review/watches/<uuid:id>/pause/", watch.PauseView.as_view(), name="staff-watch-pause"),
    path(
        "review/watches/<uuid:id>/rhythm/",
        schedule.ScheduleView.as_view(),
        name="staff-watch-rhythm",
    ),
    path(
        "review/watches/<uuid:id>/edit/", watch_changes.EditView.as_view(), name="staff-watch-edit"
    ),
    path(
        "review/watches/<uuid:id>/link/", watch_changes.LinkView.as_view(), name="staff-watch-link"
    ),
    path("review/watches/<uuid:id>/term/", term.TermView.as_view(), name="staff-watch-term"),
    path(
        "review/watches/<uuid:id>/another/",
        watchers.AnotherView.as_view(),
        name="staff-watch-another",
    ),
    path(
        "review/watches/<uuid:id>/ladder/",
        escalation_policy.EscalationPolicyView.as_view(),
        name="staff-watch-ladder",
    ),
    *(
        path(
            f"review/watches/<uuid:id>/{verb.value}/",
            watch_transitions.MoveView.as_view(verb=verb),
            name=f"staff-watch-{verb.value}",
        )
        for verb in watch_transitions.WORDINGS
    ),
    path("review/pauses/<uuid:id>/end/", watch.EndPauseView.as_view(), name="staff-pause-end"),
    path(
        "review/watches/<uuid:id>/rehearsal/",
        rehearsal.RehearsalView.as_view(),
        name="staff-watch-rehearsal",
    ),
    path("review/coverage/", coverage.CoverageView.as_view(), name="staff-review-coverage"),
    path("review/network/", coverage.NetworkView.as_view(), name="staff-review-network"),
    path("review/handovers/", handover.HandoversView.as_view(), name="staff-handovers"),
    path("review/handovers/new/", handover.NewHandoverView.as_view(), name="staff-handover-new"),
    path("review/handovers/<uuid:id>/", handover.HandoverView.as_view(), name="staff-handover"),
    path(
        "review/handovers/<uuid:id>/people/",
        handover.ChangeHandoverView.as_view(),
        name="staff-handover-people",
    ),
    path(
        "review/handovers/<uuid:id>/consents/",
        handover.ConsentsView.as_view(),
        name="staff-handover-consents",
    ),
    path(
        "review/handovers/<uuid:id>/release/",
        handover.HandoverActionView.as_view(deed=handover_plan.release),
        name="staff-handover-release",
    ),
    path(
        "review/handovers/<uuid:id>/schedule/",
        handover.HandoverActionView.as_view(deed=handover_plan.schedule),
        name="staff-handover-schedule",
    ),
    path(
        "review/handovers/<uuid:id>/carry-out/",
        handover.HandoverActionView.as_view(deed=carry_out),
        name="staff-handover-carry-out",
    ),
    path(
        "review/handovers/<uuid:id>/cancel/",
        handover.HandoverActionView.as_view(deed=handover_plan.call_off),
        name="staff-handover-cancel",
    ),
]
