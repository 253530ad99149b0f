"""How long and how many: the terms of the rooms, each of which an installation may set."""

from __future__ import annotations

from config.settings.environment import env

# Referrals: when somebody is chased, and how long an ended one stays in sight -----------------

REFERRAL_ANSWER_HOURS_TODAY = env.float("REFERRAL_ANSWER_HOURS_TODAY", default=2.0)
REFERRAL_ANSWER_WORKING_DAYS = {
    "soon": env.int("REFERRAL_ANSWER_WORKING_DAYS_SOON", default=1),
    "normal": env.int("REFERRAL_ANSWER_WORKING_DAYS_NORMAL", default=3),
}
REFERRAL_SENDER_WORKING_DAYS = env.int("REFERRAL_SENDER_WORKING_DAYS", default=3)
REFERRAL_START_WORKING_DAYS = env.int("REFERRAL_START_WORKING_DAYS", default=3)
REFERRAL_PROGRESS_WORKING_DAYS = env.int("REFERRAL_PROGRESS_WORKING_DAYS", default=10)
# How long the sender may take to tell a receiver that reads nothing here.
REFERRAL_TELLING_WORKING_DAYS = env.int("REFERRAL_TELLING_WORKING_DAYS", default=1)
REFERRAL_CHASE_WORKING_DAYS = env.int("REFERRAL_CHASE_WORKING_DAYS", default=1)
# How long the receiver may be silent on a requested withdrawal before the coordinator may agree.
REFERRAL_WITHDRAWAL_WORKING_DAYS = env.int("REFERRAL_WITHDRAWAL_WORKING_DAYS", default=3)
REFERRAL_REOPEN_DAYS = env.int("REFERRAL_REOPEN_DAYS", default=30)
REFERRAL_VISIBLE_DAYS_AFTER_END = env.int("REFERRAL_VISIBLE_DAYS_AFTER_END", default=90)

# Cases -------------------------------------------------------------------------------------------

#: After which an abuse report without a date, and a watch that does not begin, is told of.
ABUSE_STILL_DAYS = env.int("ABUSE_STILL_DAYS", default=7)
WATCH_REST_DAYS = env.int("WATCH_REST_DAYS", default=30)
#: Before the last day of a watch, or of the basis of a list, on which its agency is told.
WATCH_ENDING_DAYS = env.int("WATCH_ENDING_DAYS", default=14)
CASE_GRANT_ENDING_WORKING_DAYS = env.int("CASE_GRANT_ENDING_WORKING_DAYS", default=5)

# Lawful bases: for how long at most each carries what it opens (docs/permissions.md) ------------

BASIS_DAYS_AFTER_CASE = env.int("BASIS_DAYS_AFTER_CASE", default=90)
BASIS_ORGAN_DAYS = env.int("BASIS_ORGAN_DAYS", default=90)
BASIS_DANGER_DAYS = env.int("BASIS_DANGER_DAYS", default=7)
# What has no day of its own yet (a consent without an end, a case that is open) is asked again.
BASIS_LONGEST_DAYS = env.int("BASIS_LONGEST_DAYS", default=365)

# What is said of WITHIN_PURPOSE beside the choice; the operator's words, checked by the operator.
BASIS_PURPOSE_TEXT = env("BASIS_PURPOSE_TEXT", default="")

# Residents: how long what is known of them is believed ------------------------------------------

RESIDENT_CONTACT_VALID_DAYS = env.int("RESIDENT_CONTACT_VALID_DAYS", default=365)
RESIDENT_CERTIFICATION_NOTICE_DAYS = env.int("RESIDENT_CERTIFICATION_NOTICE_DAYS", default=60)
RESIDENT_CONSENT_NOTICE_DAYS = env.int("RESIDENT_CONSENT_NOTICE_DAYS", default=30)
RESIDENT_CHASE_WORKING_DAYS = env.int("RESIDENT_CHASE_WORKING_DAYS", default=5)
RESIDENT_REINSTATE_DAYS = env.int("RESIDENT_REINSTATE_DAYS", default=30)

# Residents: how long an inquiry waits for an answer, and how long what it shared stays in sight -

INQUIRY_OPEN_DAYS = env.int("INQUIRY_OPEN_DAYS", default=14)
INQUIRY_SHARE_DAYS = env.int("INQUIRY_SHARE_DAYS", default=90)

# Concerns: of how many dangers to life without a name a desk is told one by one within an hour --

CONCERN_DANGERS_AN_HOUR = env.int("CONCERN_DANGERS_AN_HOUR", default=5)

# The review of watch-over: from where on something shows there ----------------------------------

#: How far ahead a date may lie that silences somebody (`carenet/rest/limits.py`).
REFERRAL_HOLD_MOST_DAYS = env.int("REFERRAL_HOLD_MOST_DAYS", default=90)
#: From where on the review shows that something is put off for longer than usual.
REFERRAL_HOLD_LONG_DAYS = env.int("REFERRAL_HOLD_LONG_DAYS", default=30)
REFERRAL_ANSWER_MOST_DAYS = env.int("REFERRAL_ANSWER_MOST_DAYS", default=60)
CASE_NEXT_ACTION_MOST_DAYS = env.int("CASE_NEXT_ACTION_MOST_DAYS", default=180)
TASK_MOST_DAYS = env.int("TASK_MOST_DAYS", default=180)
CASE_GOAL_MOST_DAYS = env.int("CASE_GOAL_MOST_DAYS", default=1100)
CASE_REVIEW_MOST_DAYS = env.int("CASE_REVIEW_MOST_DAYS", default=400)
RESIDENT_CONTACT_MOST_DAYS = env.int("RESIDENT_CONTACT_MOST_DAYS", default=1100)
RESIDENT_CERTIFICATION_MOST_DAYS = env.int("RESIDENT_CERTIFICATION_MOST_DAYS", default=1500)
RESIDENT_CONSENT_MOST_DAYS = env.int("RESIDENT_CONSENT_MOST_DAYS", default=3660)
RESIDENT_FACT_MOST_DAYS = env.int("RESIDENT_FACT_MOST_DAYS", default=3660)
AGENCY_CLOSED_MOST_DAYS = env.int("AGENCY_CLOSED_MOST_DAYS", default=366)
AGENCY_OPERATOR_MOST_DAYS = env.int("AGENCY_OPERATOR_MOST_DAYS", default=366)
AGENCY_ABSENCE_MOST_DAYS = env.int("AGENCY_ABSENCE_MOST_DAYS", default=1100)
WATCH_HANDOVER_MOST_DAYS = env.int("WATCH_HANDOVER_MOST_DAYS", default=1100)
WATCH_PAUSE_MOST_DAYS = env.int("WATCH_PAUSE_MOST_DAYS", default=180)
#: How far back what is told may lie, where nothing nearer limits it.
RECORDED_LATE_MOST_DAYS = env.int("RECORDED_LATE_MOST_DAYS", default=3660)
WATCH_ACKNOWLEDGED_MOST_HOURS = env.int("WATCH_ACKNOWLEDGED_MOST_HOURS", default=24)
WATCH_LONGEST_DAYS_AHEAD = env.int("WATCH_LONGEST_DAYS_AHEAD", default=100)
WATCH_REVIEW_MOST_WATCHES = env.int("WATCH_REVIEW_MOST_WATCHES", default=15)
WATCH_REVIEW_TERM_DAYS = env.int("WATCH_REVIEW_TERM_DAYS", default=60)
WATCH_REVIEW_PAUSE_DAYS = env.int("WATCH_REVIEW_PAUSE_DAYS", default=30)
WATCH_REVIEW_INDIRECT_IN_A_ROW = env.int("WATCH_REVIEW_INDIRECT_IN_A_ROW", default=3)
WATCH_REVIEW_SMALL_COUNT = env.int("WATCH_REVIEW_SMALL_COUNT", default=5)
WATCH_REVIEW_MOST_READ = env.int("WATCH_REVIEW_MOST_READ", default=20000)
