"""The addresses of the desk, and of the account, topic by topic."""

from django.urls import path

from carenet.staff.pages import (
    case_assessments,
    case_new,
    case_notes,
    case_people,
    case_plans,
    case_referral,
    case_shares,
    case_steps,
    cases,
    closures,
    consultation_edit,
    consultation_list,
    consultation_new,
    consultations,
    date_preview,
    desk_calls,
    devices,
    files,
    home,
    invitations,
    jobs,
    operator_changes,
    patterns,
    pool,
    referral_draft,
    referral_sheet,
    referrals,
    search,
    sections,
    tasks,
    today,
)
from carenet.staff.pages.referral_forms import STEPS

CONSULTATIONS = "desk/consultations/"
urlpatterns = [
    path("", home.HomeView.as_view(), name="staff-home"),
    path("desk/help/", home.HelpView.as_view(), name="staff-help"),
    path("desk/patterns/", patterns.PatternsView.as_view(), name="staff-patterns"),
    path("desk/when/", date_preview.WhenView.as_view(), name="staff-when"),
    path("desk/", today.TodayView.as_view(), name="staff-today"),
    path("desk/reminders/<uuid:id>/read/", today.ReadView.as_view(), name="staff-reminder-read"),
    path(
        "desk/reminders/<uuid:id>/acknowledge/",
        today.AcknowledgeView.as_view(),
        name="staff-reminder-acknowledge",
    ),
    path(
        "desk/reminders/<uuid:id>/snooze/",
        today.SnoozeView.as_view(),
        name="staff-reminder-snooze",
    ),
    path(
        "desk/reminders/<uuid:id>/delegate/",
        today.DelegateView.as_view(),
        name="staff-reminder-delegate",
    ),
    path(
        "desk/reminders/<uuid:id>/take-back/",
        today.TakeBackView.as_view(),
        name="staff-reminder-take-back",
    ),
    path("desk/tasks/<uuid:id>/done/", today.TaskDoneView.as_view(), name="staff-task-done"),
    path(CONSULTATIONS, consultation_list.ConsultationsView.as_view(), name="staff-consultations"),
    path(
        f"{CONSULTATIONS}new/",
        consultation_new.NewConsultationView.as_view(),
        name="staff-consultation-new",
    ),
    path(
        f"{CONSULTATIONS}draft/",
        consultation_new.DraftView.as_view(),
        name="staff-consultation-draft",
    ),
    path(
        f"{CONSULTATIONS}open-case/",
        consultation_new.OpenCaseView.as_view(),
        name="staff-consultation-open-case",
    ),
    path(f"{CONSULTATIONS}people/", search.PeopleView.as_view(), name="staff-consultation-people"),
    path(
        f"{CONSULTATIONS}agencies/",
        search.AgenciesView.as_view(),
        name="staff-consultation-agencies",
    ),
    path(
        f"{CONSULTATIONS}<uuid:id>/",
        consultations.ConsultationPage.as_view(),
        name="staff-consultation",
    ),
    path(
        f"{CONSULTATIONS}<uuid:id>/triage/",
        consultations.TriageView.as_view(),
        name="staff-consultation-triage",
    ),
    path(
        f"{CONSULTATIONS}<uuid:id>/take-back/",
        consultations.TakeBackView.as_view(),
        name="staff-consultation-take-back",
    ),
    path(
        f"{CONSULTATIONS}<uuid:id>/desk-calls/",
        desk_calls.DeskCallsView.as_view(),
        name="staff-desk-calls",
    ),
    path(
        f"{CONSULTATIONS}<uuid:id>/readers/",
        desk_calls.ReadersView.as_view(),
        name="staff-consultation-readers",
    ),
    path(
        f"{CONSULTATIONS}<uuid:id>/edit/",
        consultation_edit.EditView.as_view(),
        name="staff-consultation-edit",
    ),
    path("desk/people/<uuid:id>/case/", case_new.NewCaseView.as_view(), name="staff-resident-case"),
    path("desk/cases/", cases.CasesView.as_view(), name="staff-cases"),
    path("desk/cases/<uuid:id>/", cases.CasePage.as_view(), name="staff-case"),
    path("desk/cases/<uuid:id>/next/", cases.TurnView.as_view(), name="staff-case-next"),
    path(
        "desk/cases/<uuid:id>/previous/",
        cases.TurnView.as_view(backwards=True),
        name="staff-case-previous",
    ),
    path("desk/cases/<uuid:id>/story/", cases.StoryView.as_view(), name="staff-case-story"),
    *(
        path(
            f"desk/cases/<uuid:id>/{name}/",
            case_steps.StepView.as_view(name=name),
            name=f"staff-case-{name}",
        )
        for name in case_steps.STEPS
    ),
    path(
        "desk/cases/<uuid:id>/referral/",
        case_referral.CaseReferralView.as_view(),
        name="staff-case-referral",
    ),
    path("desk/cases/<uuid:id>/plans/", case_plans.PlansPage.as_view(), name="staff-case-plans"),
    path(
        "desk/cases/<uuid:id>/plans/new/",
        case_plans.NewPlanView.as_view(),
        name="staff-case-plan-new",
    ),
    path(
        "desk/cases/<uuid:id>/plans/<uuid:plan_id>/",
        case_plans.EditPlanView.as_view(),
        name="staff-case-plan-edit",
    ),
    *(
        path(
            f"desk/cases/<uuid:id>/plans/<uuid:plan_id>/{name}/",
            case_plans.PlanVerbView.as_view(name=name),
            name=f"staff-case-plan-{name}",
        )
        for name in case_plans.VERBS
    ),
    *(
        path(
            f"desk/cases/<uuid:id>/goals/<uuid:goal_id>/{verb.value}/",
            case_plans.GoalView.as_view(verb=verb),
            name=f"staff-case-goal-{verb.value}",
        )
        for verb in case_plans.GOAL_LABELS
    ),
    path(
        "desk/cases/<uuid:id>/goals/<uuid:goal_id>/assign/",
        case_plans.AssignGoalView.as_view(),
        name="staff-case-goal-assign",
    ),
    path(
        "desk/cases/<uuid:id>/assessments/",
        case_assessments.AssessmentsPage.as_view(),
        name="staff-case-assessments",
    ),
    path(
        "desk/cases/<uuid:id>/assessments/new/",
        case_assessments.NewAssessmentView.as_view(),
        name="staff-case-assessment-new",
    ),
    path(
        "desk/cases/<uuid:id>/reassign/",
        case_people.ReassignView.as_view(),
        name="staff-case-reassign",
    ),
    path(
        "desk/cases/<uuid:id>/take-back/",
        case_people.TakeBackView.as_view(),
        name="staff-case-take-back",
    ),
    path(
        "desk/cases/<uuid:id>/shares/",
        case_shares.SharesView.as_view(),
        name="staff-case-shares",
    ),
    path(
        "desk/cases/<uuid:id>/shares/<uuid:grant_id>/prolong/",
        case_shares.ProlongView.as_view(),
        name="staff-case-share-prolong",
    ),
    path(
        "desk/cases/<uuid:id>/shares/<uuid:grant_id>/end/",
        case_shares.EndShareView.as_view(),
        name="staff-case-share-end",
    ),
    path(
        "desk/cases/<uuid:id>/members/",
        case_people.MembersView.as_view(),
        name="staff-case-members",
    ),
    path(
        "desk/cases/<uuid:id>/members/<uuid:member_id>/end/",
        case_people.EndMemberView.as_view(),
        name="staff-case-member-end",
    ),
    path("desk/cases/<uuid:id>/tasks/", tasks.NewTaskView.as_view(), name="staff-case-task"),
    path("desk/cases/<uuid:id>/notes/", cases.NoteView.as_view(), name="staff-case-note"),
    path(
        "desk/cases/<uuid:id>/notes/draft/",
        case_notes.NoteDraftView.as_view(),
        name="staff-case-note-draft",
    ),
    path(
        "desk/cases/<uuid:id>/notes/<uuid:note_id>/correct/",
        case_notes.CorrectView.as_view(),
        name="staff-case-note-correct",
    ),
    path("desk/cases/<uuid:id>/pack/", cases.PackView.as_view(), name="staff-case-pack"),
    path("desk/tasks/", tasks.TasksView.as_view(), name="staff-tasks"),
    path("desk/tasks/<uuid:id>/", tasks.TaskPage.as_view(), name="staff-task"),
    path("desk/tasks/<uuid:id>/finish/", tasks.FinishView.as_view(), name="staff-task-finish"),
    path("desk/tasks/<uuid:id>/change/", tasks.ChangeView.as_view(), name="staff-task-change"),
    path("desk/tasks/<uuid:id>/drop/", tasks.DropView.as_view(), name="staff-task-drop"),
    path("desk/tasks/<uuid:id>/hand-on/", tasks.HandOnView.as_view(), name="staff-task-hand-on"),
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
    path("desk/referrals/pool/", pool.BoardView.as_view(), name="staff-pool"),
    path("desk/referrals/pool/<uuid:id>/", pool.OfferedView.as_view(), name="staff-pool-entry"),
    path("desk/referrals/pool/<uuid:id>/claim/", pool.ClaimView.as_view(), name="staff-pool-claim"),
    path("desk/referrals/<uuid:id>/files/", files.FilesView.as_view(), name="staff-files"),
    path(
        "desk/referrals/<uuid:id>/files/<uuid:file>/", files.FileView.as_view(), name="staff-file"
    ),
    path(
        "desk/referrals/<uuid:id>/files/<uuid:file>/take-away/",
        files.TakeAwayView.as_view(),
        name="staff-file-take-away",
    ),
    path("desk/answer/", referral_sheet.CodeView.as_view(), name="staff-answer"),
    path("desk/referrals/<uuid:id>/sheet/", referral_sheet.SheetView.as_view(), name="staff-sheet"),
    path(
        "desk/referrals/<uuid:id>/sheet.pdf",
        referral_sheet.SheetFileView.as_view(),
        name="staff-sheet-file",
    ),
    path("desk/devices/", devices.DevicesView.as_view(), name="staff-devices"),
    path("desk/devices/end/", devices.EndOwnView.as_view(), name="staff-devices-end"),
    path(
        "desk/devices/<uuid:id>/", devices.MemberDevicesView.as_view(), name="staff-member-devices"
    ),
    path(
        "desk/devices/<uuid:id>/code/",
        devices.MemberCodeView.as_view(),
        name="staff-member-code",
    ),
    path(
        "desk/devices/<uuid:id>/end/",
        devices.EndMemberView.as_view(),
        name="staff-member-devices-end",
    ),
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
    path("desk/sections/", sections.SectionMovesView.as_view(), name="staff-section-moves"),
    path(
        "desk/sections/<uuid:id>/",
        sections.SectionMoveView.as_view(),
        name="staff-section-move",
    ),
    path(
        "desk/sections/<uuid:id>/confirm/",
        sections.ConfirmView.as_view(),
        name="staff-section-move-confirm",
    ),
    path(
        "desk/sections/<uuid:id>/withdraw/",
        sections.WithdrawView.as_view(),
        name="staff-section-move-withdraw",
    ),
    path("desk/closures/", closures.ClosuresView.as_view(), name="staff-closures"),
    path(
        "desk/closures/agencies/<uuid:id>/",
        closures.PreviewView.as_view(),
        name="staff-closure-preview",
    ),
    path(
        "desk/closures/agencies/<uuid:id>/propose/",
        closures.ProposeView.as_view(),
        name="staff-closure-propose",
    ),
    path("desk/closures/<uuid:id>/", closures.ClosureView.as_view(), name="staff-closure"),
    path(
        "desk/closures/<uuid:id>/confirm/",
        closures.ConfirmView.as_view(),
        name="staff-closure-confirm",
    ),
    path(
        "desk/closures/<uuid:id>/withdraw/",
        closures.WithdrawView.as_view(),
        name="staff-closure-withdraw",
    ),
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
    path("desk/work/", jobs.WorkView.as_view(), name="staff-work"),
    path(
        "desk/work/new-import/",
        jobs.StartView.as_view(kind="list.import"),
        name="staff-work-import",
    ),
    path("desk/work/new-list/", jobs.StartView.as_view(kind="list.export"), name="staff-work-list"),
    path(
        "desk/work/new-visits/",
        jobs.StartView.as_view(kind="visits.export"),
        name="staff-work-visits",
    ),
    path(
        "desk/work/new-trail/",
        jobs.StartView.as_view(kind="trail.export"),
        name="staff-work-trail",
    ),
    path("desk/work/<uuid:id>/", jobs.JobView.as_view(), name="staff-work-job"),
    path("desk/work/<uuid:id>/release/", jobs.ReleaseView.as_view(), name="staff-work-release"),
    path("desk/work/<uuid:id>/cancel/", jobs.CancelView.as_view(), name="staff-work-cancel"),
    path(
        "desk/work/<uuid:id>/carry-out/", jobs.CarryOutView.as_view(), name="staff-work-carry-out"
    ),
    path("desk/work/<uuid:id>/file/", jobs.FileView.as_view(), name="staff-work-file"),
]
