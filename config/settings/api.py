"""The API: how it reads, answers, throttles and describes itself, and what it keeps for a while."""

from __future__ import annotations

from datetime import timedelta

from config.settings.environment import env

# How many proxies stand in front: the caller's address is read that far from the end of
# X-Forwarded-For.
NUM_PROXIES = env.int("NUM_PROXIES", default=0)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "carenet.accounts.api.authentication.ClientAuthentication",
        "carenet.accounts.api.authentication.StaffAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["carenet.agencies.api.permissions.AbilityRequired"],
    "DEFAULT_PARSER_CLASSES": ["carenet.rest.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "carenet.rest.schema.CarenetSchema",
    "DEFAULT_THROTTLE_CLASSES": ["carenet.rest.throttles.PrincipalThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "principal": env("API_RATE", default="1200/min"),
        "search": env("SEARCH_RATE", default="120/min"),
        "matching": env("MATCHING_RATE", default="400/hour"),
        "concern": env("CONCERN_RATE", default="20/hour"),
        "one_tap": env("ONE_TAP_RATE", default="120/hour"),
        "receipt": env("RECEIPT_RATE", default="60/hour"),
    },
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": NUM_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "carenet.rest.problems.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "carenet.rest.problems.ProblemFormatter",
    "NESTED_FIELD_SEPARATOR": "/",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "carenet",
    "DESCRIPTION": "Referrals between the welfare agencies of a ward, tracked until the loop is closed.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "AgencyKind": "carenet.agencies.models.AgencyKind",
        "CapacityState": "carenet.agencies.models.CapacityState",
        "SectionMoveState": "carenet.agencies.states.SectionMoveState",
        "SectionOutcome": "carenet.agencies.states.SectionOutcome",
        "SectionGround": "carenet.agencies.states.SectionGround",
        "InvitationState": "carenet.agencies.models.InvitationState",
        "Role": "carenet.agencies.roles.Role",
        "HumanRole": "carenet.agencies.api.serializers.ROLE_CHOICES",
        "Topic": "carenet.cases.models.Topic",
        "Urgency": "carenet.cases.models.Urgency",
        "NoteKind": "carenet.cases.models.NoteKind",
        "NoteChannel": "carenet.cases.models.NoteChannel",
        "Counterpart": "carenet.cases.models.Counterpart",
        "AudienceEnum": "carenet.cases.models.NoteAudience",
        "FactAudience": "carenet.residents.models.FactAudience",
        "FactKind": "carenet.residents.models.FactKind",
        "FactSource": "carenet.residents.models.FactSource",
        "ReviewOutcome": "carenet.cases.models.ReviewOutcome",
        "EndReason": "carenet.cases.models.EndReason",
        "CallerRelationship": "carenet.cases.models.CallerRelationship",
        "ContactRelationship": "carenet.residents.models.ContactRelationship",
        "ConsentMethod": "carenet.residents.models.ConsentMethod",
        "EndedBecause": "carenet.residents.models.EndedBecause",
        "TaskStatus": "carenet.tasks.states.TaskStatus",
        "TaskSource": "carenet.tasks.states.TaskSource",
        "HandOnCause": "carenet.tasks.states.HandOnCause",
        "CaseStatus": "carenet.cases.states.CaseStatus",
        "ConsultationStatus": "carenet.cases.states.ConsultationStatus",
        "TriageOutcome": "carenet.cases.states.TRIAGE_OUTCOMES",
        "AbuseStatus": "carenet.abuse.states.AbuseStatus",
        "DeskKind": "carenet.abuse.states.desks.DeskKind",
        "ConsultationChannelEnum": "carenet.cases.models.ConsultationChannel",
        "RuleBasis": "carenet.deadlines.states.RuleBasis",
        "ReferralKind": "carenet.referrals.states.ReferralKind",
        "ReferralStatus": "carenet.referrals.states.ReferralStatus",
        "VerbEnum": "carenet.referrals.states.Verb",
        "Side": "carenet.referrals.states.Side",
        "Need": "carenet.referrals.models.Need",
        "DeclineCode": "carenet.referrals.models.DeclineCode",
        "Outcome": "carenet.referrals.models.ReferralOutcome",
        "ReferralDelivery": "carenet.referrals.states.ReferralDelivery",
        "EventChannel": "carenet.referrals.models.EventChannel",
        "ReplyChannel": "carenet.referrals.api.transition_serializers.CHANNELS",
        "SharingBasis": "carenet.access.models.SharingBasis",
        "InquiryState": "carenet.residents.models.InquiryState",
        "MatchReason": "carenet.residents.matching.Reason",
        "RecordChange": "carenet.residents.models.RecordChange",
        "MethodEnum": "carenet.abuse.models.CheckMethod",
        "WatchStatus": "carenet.watchover.states.WatchStatus",
        "WatchEndReason": "carenet.watchover.states.WatchEndReason",
        "WatchMethod": "carenet.watchover.states.WatchMethod",
        "HolidayPolicy": "carenet.watchover.states.HolidayPolicy",
        "ExpectationState": "carenet.watchover.states.ExpectationState",
        "CheckInOutcome": "carenet.watchover.states.CheckInOutcome",
        "PauseReason": "carenet.watchover.states.PauseReason",
        "AreaKind": "carenet.areas.models.AreaKind",
        "AlertKind": "carenet.watchover.states.AlertKind",
        "AlertState": "carenet.watchover.states.AlertState",
        "AlertOutcome": "carenet.watchover.states.AlertOutcome",
        "SignalResult": "carenet.watchover.actions.signals.SignalResult",
        "ConcernState": "carenet.watchover.models.concern.ConcernState",
        "ConcernOutcome": "carenet.watchover.models.concern.ConcernOutcome",
        "ListState": "carenet.watchlists.states.ListState",
        "ListVerb": "carenet.watchlists.states.ListVerb",
        "ScreenReason": "carenet.watchlists.states.ScreenReason",
        "LineResult": "carenet.watchlists.actions.list_import.LineResult",
        "JobState": "carenet.jobs.states.JobState",
        "ReporterKind": "carenet.watchover.models.concern.ReporterKind",
        "HandoverStatus": "carenet.watchover.states.HandoverStatus",
        "HandoverObstacle": "carenet.watchover.states.Obstacle",
        "HandoverRemarkKind": "carenet.watchover.states.HandoverRemark",
        "ReportItem": "carenet.watchover.states.ReportItem",
        "ReportSection": "carenet.watchover.states.ReportSection",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums"],
}
IDEMPOTENCY_WAIT_SECONDS = 5
IDEMPOTENCY_KEEP = timedelta(hours=24)
# How long a form that has acted is known again: longer than a page is left open.
SENT_FORM_KEEP = timedelta(days=7)
# How long what is half written is kept after the last stroke.
DRAFT_KEEP = timedelta(hours=24)
