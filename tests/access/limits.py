"""Every date and time that somebody can send, and what limits it.

`after`: the setting that limits it upwards, or NOW for what has been. `before`:
what limits it downwards. Without either a reason says why it needs none. `beside` is what has to be sent
with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NOW = "now"
#: What limits downwards.
AHEAD = "now"
BORN, OPENED, SENT, BEFORE = "born", "opened", "sent", "what comes before it"


@dataclass(frozen=True)
class Limits:
    """What limits a date, upwards and downwards, or why nothing does."""

    after: str = ""
    before: str = ""
    because: str = ""
    beside: dict[str, Any] = field(default_factory=dict)


PAST = Limits(NOW, OPENED)
SEASON = Limits(NOW, "three months")
SIGHT = Limits("", AHEAD, "how long somebody may read: without it as long as the case is theirs")
BASIS = Limits("", AHEAD, "what the basis does not carry is cut, and the answer says so")
TERM = Limits("", "", "a watch goes on meanwhile and ends by itself; the review shows when")
CONSENT = {
    "pole": "given",
    "agency_kinds": ["WARD_OFFICE"],
    "categories": ["support"],
    "method": "oral",
}
STATED = Limits(NOW, BORN)
LASTING = Limits("RESIDENT_CONSENT_MOST_DAYS", AHEAD)
CONFIRMED = Limits(NOW, BORN)
BELIEVED = Limits("RESIDENT_CONTACT_MOST_DAYS", AHEAD)
GOALS = {"goals": [{"what": "転ばない", "others": "本人"}]}

#: Method, address and field of the contract.
INPUTS: dict[str, Limits] = {
    "post abuse-reports/ received_at": Limits(NOW, BORN),
    **{
        f"post abuse-reports/{{id}}/{verb}/ happened_at": Limits(NOW, BEFORE)
        for verb in (
            "hold-reception", "check-facts", "investigate-entry", "decide", "plan", "evaluate", "close",
            "close-elsewhere",
        )
    },
    "post abuse-reports/{report_id}/reporter-readers/ until": SIGHT,
    "post agencies/{agency_id}/calendar/exceptions/ on": Limits(
        because="one day of a calendar: it moves what is due by a day"
    ),
    "put agencies/{agency_id}/capacity/ closed_until": Limits(
        "AGENCY_CLOSED_MOST_DAYS", AHEAD, beside={"state": "closed"}
    ),
    "post agencies/{agency_id}/members/{member_id}/absences/ since": Limits(
        "AGENCY_ABSENCE_MOST_DAYS", BEFORE, beside={"until": None}
    ),
    "post agencies/{agency_id}/members/{member_id}/absences/ until": Limits(
        "AGENCY_ABSENCE_MOST_DAYS", AHEAD
    ),
    "post operator-changes/ on": Limits("AGENCY_OPERATOR_MOST_DAYS", AHEAD),
    "post alerts/{id}/acknowledge/ until": Limits("WATCH_ACKNOWLEDGED_MOST_HOURS", AHEAD),
    "post areas/lookup/ on": Limits(because="a question: it writes nothing"),
    "post cases/{case_id}/assessments/ assessed_on": PAST,
    "post cases/{case_id}/grants/ until": BASIS,
    "post cases/{case_id}/grants/{id}/prolong/ until": BASIS,
    "post cases/{case_id}/named-members/ until": SIGHT,
    "post cases/{case_id}/notes/ happened_at": PAST,
    "post cases/{case_id}/plans/ goals[].until": Limits("CASE_GOAL_MOST_DAYS", OPENED, beside=GOALS),
    "patch cases/{case_id}/plans/{id}/ goals[].until": Limits(
        "CASE_GOAL_MOST_DAYS", OPENED, beside=GOALS
    ),
    "post cases/{case_id}/plans/{id}/agree/ agreed_on": PAST,
    "post cases/{case_id}/plans/{id}/agree/ review_on": Limits("CASE_REVIEW_MOST_DAYS", AHEAD),
    "post cases/{case_id}/plans/{id}/agree/ valid_from": Limits("CASE_REVIEW_MOST_DAYS", OPENED),
    "post cases/{case_id}/plans/{id}/review/ next_review_on": Limits("CASE_REVIEW_MOST_DAYS", AHEAD),
    "post cases/{case_id}/plans/{id}/review/ reviewed_on": Limits(NOW, BEFORE),
    "patch cases/{id}/ next_action_on": Limits(
        "CASE_NEXT_ACTION_MOST_DAYS", OPENED, beside={"next_action": "電話"}
    ),
    "post tasks/ due_on": Limits("TASK_MOST_DAYS", OPENED),
    "patch tasks/{id}/ due_on": Limits("TASK_MOST_DAYS", OPENED),
    "post check-ins/ observed_at": SEASON,
    "post concerns/ observed_at": SEASON,
    "post public/concerns/ observed_at": SEASON,
    "post consultations/ received_at": PAST,
    "patch consultations/{id}/ received_at": PAST,
    "post consultations/{consultation_id}/desk-calls/ called_at": PAST,
    "post other-desks/ valid_from": Limits(
        because="a municipality's own setting: never before now, and the others hold until then"
    ),
    "post other-desks/ checked_on": Limits(because="never ahead; an old day says that it was long ago"),
    "post other-desks/{id}/end/ until": Limits(because="never before now, and the desk holds until then"),
    "post deadline-rules/ valid_from": Limits(
        because="a municipality's own rule: never before now, and the one before it holds until then"
    ),
    "post deadline-rules/{id}/end/ until": Limits(because="never before now, and the rule holds until then"),
    "post households/ since": Limits(NOW, BORN),
    "post households/{household_id}/members/ since": Limits(NOW, BORN),
    "post households/{household_id}/members/{id}/end/ until": Limits(NOW, BORN),
    "post inquiries/{id}/share/ until": BASIS,
    "post list-entries/{id}/visit/ at": SEASON,
    "post pauses/ since": Limits("WATCH_PAUSE_MOST_DAYS", "a year", beside={"until": None}),
    "post pauses/ until": Limits("WATCH_PAUSE_MOST_DAYS", BEFORE),
    "post referrals/ answer_wanted_by": Limits("", "", "a draft: `send` looks at it"),
    "patch referrals/{id}/ answer_wanted_by": Limits("", "", "a draft: `send` looks at it"),
    "post referrals/{id}/hold/ review_on": Limits("REFERRAL_HOLD_MOST_DAYS", AHEAD),
    "post referrals/{id}/start/ first_contact_on": Limits(NOW, SENT),
    "post reminders/{id}/snooze/ until": Limits("REMINDER_SNOOZE_WORKING_DAYS", AHEAD),
    "post residents/ birth_date": Limits(NOW, "", "1880: of no day is more known"),
    "patch residents/{id}/ birth_date": Limits(NOW, "", "1880: of no day is more known"),
    "post residents/matches/ birth_date": Limits(because="a question: it writes nothing"),
    "post residents/{id}/end/ on": Limits(NOW, BORN),
    "post residents/{resident_id}/certifications/ certified_from": Limits(
        "RESIDENT_CERTIFICATION_MOST_DAYS", "the law", beside={"care_level": "01", "certified_until": None}
    ),
    "post residents/{resident_id}/certifications/ certified_until": Limits(
        "RESIDENT_CERTIFICATION_MOST_DAYS", BEFORE
    ),
    "post residents/{resident_id}/consents/ stated_on": STATED,
    "post residents/{resident_id}/consents/ expires_on": LASTING,
    "post residents/{resident_id}/consents/{id}/withdraw/ withdrawn_on": Limits(NOW, BEFORE),
    "post residents/{resident_id}/contacts/ confirmed_on": CONFIRMED,
    "post residents/{resident_id}/contacts/ expires_on": BELIEVED,
    "post residents/{resident_id}/contacts/{id}/confirm/ confirmed_on": CONFIRMED,
    "post residents/{resident_id}/contacts/{id}/confirm/ expires_on": BELIEVED,
    "post residents/{resident_id}/facts/ known_on": Limits(NOW, BORN),
    "post residents/{resident_id}/facts/ expires_on": Limits("RESIDENT_FACT_MOST_DAYS", BEFORE),
    "post residents/{resident_id}/facts/{id}/correct/ known_on": Limits(NOW, BORN),
    "post residents/{resident_id}/facts/{id}/correct/ expires_on": Limits(
        "RESIDENT_FACT_MOST_DAYS", BEFORE
    ),
    "post residents/{resident_id}/facts/{id}/end/ ended_on": Limits(NOW, BEFORE),
    "post signals/ signals[].observed_at": Limits(
        because="each sign gets its own answer, `wrong_time` beyond three months"
    ),
    "post watch-assignments/{assignment_id}/rehearsal/ began_at": Limits(because="writes nothing"),
    "post watch-assignments/{assignment_id}/rehearsal/ missed_on": Limits(because="writes nothing"),
    "post watch-assignments/{assignment_id}/schedule/ begins_at": Limits(
        "", "", "a rule by which nobody is expected within a year is refused"
    ),
    "post watch-assignments/{assignment_id}/schedule/ effective_from": Limits(
        "WATCH_LONGEST_DAYS_AHEAD", AHEAD
    ),
    "post watch-handovers/ effective_on": Limits("WATCH_HANDOVER_MOST_DAYS", AHEAD),
    "patch watch-handovers/{id}/ effective_on": Limits("WATCH_HANDOVER_MOST_DAYS", AHEAD),
    "post watch-handovers/ term_until": Limits("", BEFORE, TERM.because),
    "patch watch-handovers/{id}/ term_until": Limits("", BEFORE, TERM.because),
    "post watch-lists/import/ delivered_on": PAST,
    "post watch-lists/import/ basis_until": TERM,
}  # fmt: skip
#: Fields that mean the same wherever they stand.
EVERYWHERE: dict[str, Limits] = {
    "consent_said.stated_on": Limits(NOW, BORN, "as `consents/` itself: the same action writes it"),
    "consent_said.expires_on": Limits(
        LASTING.after, AHEAD, "as `consents/` itself: the same action writes it"
    ),
    "basis_until": TERM,
    "term_from": Limits("WATCH_LONGEST_DAYS_AHEAD", "", "a term that has begun is one"),
    "term_until": TERM,
}
#: What is typed on a page goes through the same actions: form and field, and the input that it becomes.
TYPED: dict[str, str] = {
    "Description.birth": "post residents/ birth_date",
    "CapacityForm.closed_until": "put agencies/{agency_id}/capacity/ closed_until",
    "DayForm.on": "post agencies/{agency_id}/calendar/exceptions/ on",
    "Sharing.until": "post cases/{case_id}/grants/ until",
    "Prolonging.until": "post cases/{case_id}/grants/{id}/prolong/ until",
    "Change.due_on": "patch tasks/{id}/ due_on",
    "AbsenceForm.since": "post agencies/{agency_id}/members/{member_id}/absences/ since",
    "AbsenceForm.until": "post agencies/{agency_id}/members/{member_id}/absences/ until",
    "Agreement.agreed_on": "post cases/{case_id}/plans/{id}/agree/ agreed_on",
    "Agreement.review_on": "post cases/{case_id}/plans/{id}/agree/ review_on",
    "Agreement.valid_from": "post cases/{case_id}/plans/{id}/agree/ valid_from",
    "AssessmentForm.assessed_on": "post cases/{case_id}/assessments/ assessed_on",
    "BeginForm.begins_at": "post watch-assignments/{assignment_id}/schedule/ begins_at",
    "BeginForm.effective_from": "post watch-assignments/{assignment_id}/schedule/ effective_from",
    "Call.birth": "post residents/ birth_date",
    "Call.received_at": "post consultations/ received_at",
    "CallForm.called_at": "post consultations/{consultation_id}/desk-calls/ called_at",
    "CertificationForm.certified_from": "post residents/{resident_id}/certifications/ certified_from",
    "CertificationForm.certified_until": "post residents/{resident_id}/certifications/ certified_until",
    "Confirmation.confirmed_on": "post residents/{resident_id}/contacts/{id}/confirm/ confirmed_on",
    "Confirmation.expires_on": "post residents/{resident_id}/contacts/{id}/confirm/ expires_on",
    "ConsentForm.expires_on": "post residents/{resident_id}/consents/ expires_on",
    "ConsentForm.stated_on": "post residents/{resident_id}/consents/ stated_on",
    "Correction.happened_at": "post cases/{case_id}/notes/ happened_at",
    "DeskForm.checked_on": "post other-desks/ checked_on",
    "DeskForm.valid_from": "post other-desks/ valid_from",
    "DraftForm.answer_wanted_by": "patch referrals/{id}/ answer_wanted_by",
    "Elsewhere.happened_at": "post abuse-reports/{id}/close-elsewhere/ happened_at",
    "EndForm.on": "post residents/{id}/end/ on",
    "Entry.happened_at": "post abuse-reports/{id}/investigate-entry/ happened_at",
    "FactCheck.happened_at": "post abuse-reports/{id}/check-facts/ happened_at",
    "FactEnd.ended_on": "post residents/{resident_id}/facts/{id}/end/ ended_on",
    "FactForm.expires_on": "post residents/{resident_id}/facts/ expires_on",
    "FactForm.known_on": "post residents/{resident_id}/facts/ known_on",
    "FirstWatchForm.basis_until": "post watch-assignments/ basis_until",
    "FirstWatchForm.term_from": "post watch-assignments/ term_from",
    "FirstWatchForm.term_until": "post watch-assignments/ term_until",
    "ImportForm.basis_until": "post watch-lists/import/ basis_until",
    "ImportForm.delivered_on": "post watch-lists/import/ delivered_on",
    "Intake.birth": "post residents/ birth_date",
    "Intake.received_at": "post consultations/ received_at",
    "Joining.since": "post households/{household_id}/members/ since",
    "Leaving.until": "post households/{household_id}/members/{id}/end/ until",
    "NewContact.confirmed_on": "post residents/{resident_id}/contacts/ confirmed_on",
    "NewContact.expires_on": "post residents/{resident_id}/contacts/ expires_on",
    "NewTask.due_on": "post tasks/ due_on",
    "Note.happened_at": "post cases/{case_id}/notes/ happened_at",
    "OperatorForm.on": "post operator-changes/ on",
    "Pause.review_on": "post referrals/{id}/hold/ review_on",
    "PauseForm.since": "post pauses/ since",
    "PauseForm.until": "post pauses/ until",
    "PlanForm.effective_on": "post watch-handovers/ effective_on",
    "PlanForm.term_until": "post watch-handovers/ term_until",
    "Proposal.happened_at": "post abuse-reports/{id}/decide/ happened_at",
    "PutOff.until": "post reminders/{id}/snooze/ until",
    "ReaderNaming.until": "post abuse-reports/{report_id}/reporter-readers/ until",
    "Reception.happened_at": "post abuse-reports/{id}/hold-reception/ happened_at",
    "RecordForm.birth": "patch residents/{id}/ birth_date",
    "ReportClosing.happened_at": "post abuse-reports/{id}/close/ happened_at",
    "ReportForm.received_at": "post abuse-reports/ received_at",
    "ResponseEvaluation.happened_at": "post abuse-reports/{id}/evaluate/ happened_at",
    "ResponsePlan.happened_at": "post abuse-reports/{id}/plan/ happened_at",
    "Review.next_review_on": "post cases/{case_id}/plans/{id}/review/ next_review_on",
    "Review.reviewed_on": "post cases/{case_id}/plans/{id}/review/ reviewed_on",
    "SameWatchForm.basis_until": "post list-entries/{id}/assign/ basis_until",
    "SameWatchForm.term_from": "post list-entries/{id}/assign/ term_from",
    "SameWatchForm.term_until": "post list-entries/{id}/assign/ term_until",
    "RuleForm.valid_from": "post deadline-rules/ valid_from",
    "ScheduleForm.begins_at": "post watch-assignments/{assignment_id}/schedule/ begins_at",
    "ScheduleForm.effective_from": "post watch-assignments/{assignment_id}/schedule/ effective_from",
    "Search.birth": "post residents/matches/ birth_date",
    "SettingEnd.until": "post deadline-rules/{id}/end/ until",
    "ShareForm.until": "post inquiries/{id}/share/ until",
    "Start.first_contact_on": "post referrals/{id}/start/ first_contact_on",
    "TermForm.basis_until": "patch watch-assignments/{id}/ basis_until",
    "TermForm.term_until": "patch watch-assignments/{id}/ term_until",
    "VisitForm.at": "post list-entries/{id}/visit/ at",
    "WatchForm.basis_until": "post list-entries/{id}/assign/ basis_until",
    "WatchForm.term_from": "post list-entries/{id}/assign/ term_from",
    "WatchForm.term_until": "post list-entries/{id}/assign/ term_until",
    "WhenForm.began_at": "post watch-assignments/{assignment_id}/rehearsal/ began_at",
    "WhenForm.missed_on": "post watch-assignments/{assignment_id}/rehearsal/ missed_on",
    "WithdrawalForm.withdrawn_on": "post residents/{resident_id}/consents/{id}/withdraw/ withdrawn_on",
}
#: Days that a list is asked for by.
ASKED = {
    "Days.readers_since", "Days.readers_until", "PersonForm.birth",
    "Filters.received_from", "Filters.received_until", "TrailFilters.since", "TrailFilters.until",
    "TrailForm.since", "TrailForm.until",
}  # fmt: skip
