"""What each operation of the contract that changes something is called in the trail.

A test that does one over its page says so: `@pytest.mark.operation("cases_close_create")`. The suite then
looks whether a request to a page has written that deed (`tests/conftest.py`). A new operation without a
page, or with a page that no test uses, fails `test_operations.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponseBase

from carenet.audit.models import AuditAction, AuditEntry

API = "/api/"
TESTS = Path(__file__).parents[1]
#: Operation → the deed.
DEEDS: dict[str, str] = {
    "abuse_reports_check_facts_create": "abuse_report.check_facts",
    "abuse_reports_close_create": "abuse_report.close",
    "abuse_reports_close_elsewhere_create": "abuse_report.close_elsewhere",
    "abuse_reports_confirm_decision_create": "abuse_report.decide",
    "abuse_reports_create": "abuse_report.report",
    "abuse_reports_decide_create": "abuse_report.propose_decision",
    "abuse_reports_evaluate_create": "abuse_report.evaluate",
    "abuse_reports_hold_reception_create": "abuse_report.hold_reception",
    "abuse_reports_investigate_entry_create": "abuse_report.investigate_entry",
    "abuse_reports_name_create": "abuse_report.name",
    "abuse_reports_plan_create": "abuse_report.plan",
    "abuse_reports_reject_decision_create": "abuse_report.reject_decision",
    "abuse_reports_reporter_partial_update": "abuse_report.correct_reporter",
    "abuse_reports_reporter_readers_create": "abuse_report.name_reader",
    "abuse_reports_reporter_readers_end_create": "abuse_report.end_reader",
    "abuse_reports_withdraw_decision_create": "abuse_report.withdraw_decision",
    "agencies_calendar_exceptions_create": "agency.add_exception",
    "agencies_calendar_exceptions_remove_create": "agency.remove_exception",
    "agencies_calendar_partial_update": "agency.set_calendar",
    "agencies_capacity_update": "agency.publish_capacity",
    "agencies_chasing_create": "agency.add_chasing_rule",
    "agencies_chasing_partial_update": "agency.change_chasing_rule",
    "agencies_chasing_remove_create": "agency.remove_chasing_rule",
    "agencies_invitations_agree_create": "agency.agree_to_auditor",
    "agencies_invitations_create": "agency.invite",
    "agencies_invitations_withdraw_create": "agency.withdraw_invitation",
    "agencies_members_absences_create": "agency.record_absence",
    "agencies_members_absences_end_create": "agency.end_absence",
    "agencies_members_end_create": "agency.end_membership",
    "agencies_members_hand_out_code_create": "account.hand_out_code",
    "agencies_members_partial_update": "agency.change_roles",
    "agencies_settings_partial_update": "agency.set_settings",
    "agency_closures_confirm_create": "agency.confirm_closure",
    "agency_closures_create": "agency.propose_closure",
    "agency_closures_withdraw_create": "agency.withdraw_closure",
    "agency_ladder_remove": "agency.remove_ladder",
    "agency_ladder_replace": "agency.set_ladder",
    "alerts_acknowledge_create": "alert.acknowledge",
    "alerts_resolve_create": "alert.resolve",
    "cases_assessments_create": "case.assess",
    "cases_close_create": "case.close",
    "cases_create": "case.open",
    "cases_discontinue_create": "case.discontinue",
    "cases_goals_assign_create": "goal.assign",
    "cases_goals_drop_create": "goal.drop",
    "cases_goals_reach_create": "goal.reach",
    "cases_goals_reopen_create": "goal.reopen",
    "cases_grants_create": "grant.give",
    "cases_grants_prolong_create": "grant.give",
    "cases_grants_revoke_create": "grant.revoke",
    "cases_handover_create": "case.hand_over",
    "cases_monitor_create": "case.monitor",
    "cases_named_members_create": "case.name_member",
    "cases_named_members_end_create": "case.end_member",
    "cases_notes_create": "case.write_note",
    "cases_plan_create": "case.plan",
    "cases_plans_agree_create": "plan.agree",
    "cases_plans_create": "plan.write",
    "cases_plans_end_create": "plan.end",
    "cases_plans_partial_update": "plan.edit",
    "cases_plans_review_create": "plan.review",
    "cases_reassign_create": "case.reassign",
    "cases_reopen_create": "case.reopen",
    "cases_restrict_create": "case.restrict",
    "cases_support_create": "case.support",
    "cases_take_back_create": "case.take_back",
    "cases_unrestrict_create": "case.unrestrict",
    "check_ins_create": "watch.check_in",
    "concerns_create": "concern.report",
    "concerns_triage_create": "concern.triage",
    "consultations_create": "consultation.record",
    "consultations_desk_calls_create": "desk_call.record",
    "consultations_partial_update": "consultation.edit",
    "consultations_readers_create": "consultation.name",
    "consultations_take_back_create": "consultation.take_back",
    "consultations_triage_create": "consultation.triage",
    "deadline_rules_create": "deadline_rule.set",
    "deadline_rules_end_create": "deadline_rule.end",
    "households_create": "household.join",
    "households_members_create": "household.join",
    "households_members_end_create": "household.leave",
    "incidents_close_create": "incident.close",
    "inquiries_create": "inquiry.ask",
    "inquiries_decline_create": "inquiry.decline",
    "inquiries_share_create": "inquiry.share",
    "jobs_cancel_create": "job.cancel",
    "jobs_refuse_create": "job.refuse",
    "jobs_release_create": "job.release",
    "list_entries_assign_create": "list.assign",
    "list_entries_match_create": "list.match",
    "list_entries_refuse_create": "list.refuse",
    "list_entries_screen_create": "list.screen",
    "list_entries_screen_many": "list.screen",
    "list_entries_send": "list.send",
    "list_entries_undo_create": "list.undo",
    "list_entries_visit_create": "list.visit",
    "list_entries_wants_create": "list.wants",
    "me_agency_update": "account.choose_agency",
    "me_email_prove_create": "account.change_email",
    "me_email_update": "account.ask_for_email",
    "me_invitations_accept_create": "agency.accept_invitation",
    "me_invitations_decline_create": "agency.decline_invitation",
    "me_notifications_update": "account.choose_notifications",
    "operator_changes_confirm_create": "agency.review_operator_change",
    "operator_changes_create": "agency.plan_operator_change",
    "operator_changes_withdraw_create": "agency.withdraw_operator_change",
    "other_desks_create": "other_desk.set",
    "other_desks_end_create": "other_desk.end",
    "pauses_create": "watch.pause",
    "pauses_end_create": "watch.end_pause",
    "referrals_accept_create": "referral.accept",
    "referrals_agree_withdrawal_create": "referral.agree-withdrawal",
    "referrals_answer_create": "referral.answer",
    "referrals_ask_create": "referral.ask",
    "referrals_attachments_create": "referral.attach",
    "referrals_attachments_remove_create": "referral.take_away",
    "referrals_claim_create": "referral.claim",
    "referrals_close_create": "referral.close",
    "referrals_complete_create": "referral.complete",
    "referrals_confirm_decline_create": "referral.confirm-decline",
    "referrals_contest_decline_create": "referral.contest-decline",
    "referrals_create": "referral.draft",
    "referrals_deliver_create": "referral.deliver",
    "referrals_discard_create": "referral.discard",
    "referrals_fail_create": "referral.fail",
    "referrals_hold_create": "referral.hold",
    "referrals_partial_update": "referral.edit",
    "referrals_propose_decline_create": "referral.propose-decline",
    "referrals_receive_create": "referral.receive",
    "referrals_reopen_create": "referral.reopen",
    "referrals_request_withdrawal_create": "referral.request-withdrawal",
    "referrals_reroute_create": "referral.reroute",
    "referrals_resume_create": "referral.resume",
    "referrals_retract_decline_create": "referral.retract-decline",
    "referrals_send_create": "referral.send",
    "referrals_start_create": "referral.start",
    "referrals_void_create": "referral.void",
    "referrals_withdraw_create": "referral.withdraw",
    "reminders_acknowledge_create": "reminder.acknowledge",
    "reminders_delegate_create": "reminder.delegate",
    "reminders_read_create": "reminder.read",
    "reminders_snooze_create": "reminder.snooze",
    "reminders_take_back_create": "reminder.take_back",
    "residents_certifications_create": "resident.certify",
    "residents_consents_create": "consent.record",
    "residents_consents_withdraw_create": "consent.withdraw",
    "residents_contacts_confirm_create": "contact.confirm",
    "residents_contacts_create": "contact.add",
    "residents_contacts_end_create": "contact.end",
    "residents_contacts_partial_update": "contact.edit",
    "residents_create": "resident.register",
    "residents_end_create": "resident.end",
    "residents_facts_correct_create": "fact.correct",
    "residents_facts_create": "fact.record",
    "residents_facts_end_create": "fact.end",
    "residents_merge_create": "resident.merge",
    "residents_partial_update": "resident.edit",
    "residents_reinstate_create": "resident.reinstate",
    "residents_unmerge_create": "resident.unmerge",
    "section_moves_choose_create": "agency.choose_sections",
    "section_moves_confirm_create": "agency.confirm_sections",
    "section_moves_create": "agency.prepare_sections",
    "section_moves_withdraw_create": "agency.withdraw_sections",
    "tasks_create": "task.give",
    "tasks_drop_create": "task.drop",
    "tasks_finish_create": "task.finish",
    "tasks_hand_on_create": "task.handed_on",
    "tasks_partial_update": "task.change",
    "watch_assignments_activate_create": "watch.activate",
    "watch_assignments_assign_many": "watch.propose",
    "watch_assignments_consent_create": "watch.consent",
    "watch_assignments_create": "watch.propose",
    "watch_assignments_end_create": "watch.end",
    "watch_assignments_link_create": "watch.link",
    "watch_assignments_partial_update": "watch.edit",
    "watch_assignments_reassign_create": "watch.reassign",
    "watch_assignments_reassign_many": "watch.reassign",
    "watch_assignments_resume_create": "watch.resume",
    "watch_assignments_schedule_create": "watch.schedule",
    "watch_assignments_suspend_create": "watch.suspend",
    "watch_handovers_cancel_create": "handover.cancel",
    "watch_handovers_carry_out_create": "handover.carry_out",
    "watch_handovers_create": "handover.plan",
    "watch_handovers_partial_update": "handover.change",
    "watch_handovers_release_create": "handover.release",
    "watch_handovers_schedule_create": "handover.schedule",
    # The work that a page starts takes the list in: its own request writes that it began.
    "watch_lists_import": "job.start",
}
#: Asked by POST, so that no person stands in an address: they change nothing.
QUESTIONS = {
    "public_concerns_receipt",
    "referrals_duplicates_create",
    "residents_matches_create",
    "residents_search",
    "watch_assignments_rehearsal",
}
#: What no page does, and why. No more than twelve.
FOR_MACHINES: dict[str, str] = {
    "cases_partial_update": "its next action is a task, its aim a plan: pages give and write those",
    "signals_create": "sensors and meters send signals; people see what they said on the page of the watch",
    "public_concerns_create": "the municipality's own site sends it; who works here tells a concern in the pocket",
    "areas_lookup_create": "a question for partners: a page that takes an address finds the area by itself",
}
#: What has no page yet, or no test that uses it.
NOT_YET: set[str] = set()


@contextmanager
def pages_asked() -> Iterator[list[str]]:
    """Give a list to which the ids of all requests to pages are added meanwhile."""
    requests: list[str] = []
    answer = BaseHandler.get_response

    def noted(handler: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        given = answer(handler, request)
        if not request.path_info.startswith(API):
            requests.append(given.headers.get("X-Request-Id", ""))
        return given

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", noted)
        yield requests


def deeds_of(requests: list[str]) -> set[str]:
    """Return what these requests have written into the trail."""
    found = AuditEntry.objects.filter(deed=AuditAction.WRITE, request_id__in=requests)
    return set(found.values_list("action", flat=True))


def marked_operations() -> set[str]:
    """Return the operations that a test says it does over its page."""
    return {name for path in TESTS.rglob("test_*.py") for name in _marks_in(path)}


def _marks_in(path: Path) -> Iterator[str]:
    text = path.read_text()
    if "operation(" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("operation"):
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))
