"""An abuse report (虐待通報), and the events that tell its story."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _

from carenet.abuse.states import (
    ABUSE_OPEN,
    WITH_FINDING,
    AbuseSituation,
    AbuseStatus,
    AbuseVerb,
    Evaluation,
    Finding,
)
from carenet.abuse.states.desks import (
    AllegedOf,
    DeskKind,
    Victim,
    competent_elsewhere,
    kind_of_case,
)
from carenet.cases.models.channel import ConsultationChannel
from carenet.cases.models.consultation import Urgency
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel, append_only, code_of


class SuspectedAbuse(models.TextChoices):
    """What is suspected."""

    PHYSICAL = "physical", _("physical abuse")
    NEGLECT = "neglect", _("neglect")
    PSYCHOLOGICAL = "psychological", _("psychological abuse")
    SEXUAL = "sexual", _("sexual abuse")
    ECONOMIC = "economic", _("economic abuse")


class CheckMethod(models.TextChoices):
    """How the facts were checked."""

    VISIT = "visit", _("home visit")
    INTERVIEW = "interview", _("interview")
    RECORDS = "records", _("records")


class AbuseReport(UUIDModel, VersionedModel):
    """One report. What was reported is frozen; what follows is an event.

    Who reported stands elsewhere (`ReporterIdentity`). Its case is restricted while it is open.
    `code` names it on paper and grants nothing.
    """

    # By chance (`report_abuse`): a code on paper would tell how many reports there are.
    number = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=Func(Value("cases_abuse_report_number"), function="nextval"),
    )
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="abuse_reports")
    consultation = models.OneToOneField(
        "cases.Consultation", null=True, on_delete=models.PROTECT, related_name="abuse_report"
    )
    taken_by = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    ward_office = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=ConsultationChannel)
    victim = models.CharField(max_length=20, choices=Victim)
    # The partner's violence: an older person's or a disability case, and the partners' desk's too.
    by_partner = models.BooleanField(default=False, db_default=False)
    suspected = ArrayField(models.CharField(max_length=20, choices=SuspectedAbuse))
    alleged = models.CharField(max_length=20, choices=AllegedOf)
    content = models.TextField(max_length=10_000)

    # Where it stands.
    status = models.CharField(max_length=20, choices=AbuseStatus, default=AbuseStatus.RECEIVED)
    urgency = models.CharField(max_length=10, choices=Urgency, blank=True)
    to_check = models.BooleanField(null=True)
    finding = models.CharField(max_length=20, choices=Finding, blank=True)
    grounds = models.TextField(max_length=10_000, blank=True)
    deciders = ArrayField(models.UUIDField(), default=list, blank=True)  # users of the ward office
    decided_at = models.DateTimeField(null=True, blank=True)
    evaluation = models.CharField(max_length=20, choices=Evaluation, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Of what was taken by a procedure that is not for it: which desk sees to it instead.
    closed_for_desk = models.CharField(max_length=200, blank=True, db_default="")

    # A finding that one person proposes and nobody has confirmed yet.
    proposed_finding = models.CharField(max_length=20, choices=Finding, blank=True, db_default="")
    proposed_grounds = models.TextField(max_length=10_000, blank=True, db_default="")
    proposed_deciders = ArrayField(models.UUIDField(), null=True, blank=True)
    proposed_by = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_from = models.CharField(max_length=20, choices=AbuseStatus, blank=True, db_default="")

    class Meta:
        app_label = "cases"
        indexes = [models.Index(fields=["case", "-id"], name="abuse_report_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(suspected__len__gt=0), name="abuse_report_suspects_something"
            ),
            # Nobody sets a finding alone, whatever the code forgets.
            models.CheckConstraint(
                condition=Q(finding="", grounds="", deciders=[], decided_at=None)
                | (
                    ~Q(finding="")
                    & ~Q(grounds="")
                    & Q(deciders__len__gte=2, decided_at__isnull=False)
                ),
                name="finding_has_grounds_and_deciders",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=sorted(WITH_FINDING)) & ~Q(finding=""))
                | (~Q(status__in=sorted(WITH_FINDING)) & Q(finding=""))
                | (Q(status=AbuseStatus.CLOSED) & ~Q(closed_for_desk="")),
                name="finding_stands_where_decided_or_for_another_desk",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=AbuseStatus.DECISION_PROPOSED, proposed_by__isnull=False)
                    & Q(proposed_at__isnull=False)
                    & ~Q(proposed_finding="")
                    & ~Q(proposed_grounds="")
                    & ~Q(proposed_from="")
                )
                | (
                    ~Q(status=AbuseStatus.DECISION_PROPOSED)
                    & Q(proposed_by=None, proposed_at=None, proposed_finding="")
                    & Q(proposed_grounds="", proposed_from="")
                ),
                name="proposed_decision_says_what_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(status=AbuseStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=AbuseStatus.CLOSED) & Q(closed_at=None)),
                name="closed_abuse_reports_say_when",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The human code, e.g. `A-26-000017`."""
        return code_of("A", self.recorded_at, self.number)

    @property
    def is_open(self) -> bool:
        """Whether somebody is at work on it."""
        return self.status in ABUSE_OPEN

    @property
    def kind(self) -> tuple[str, str]:
        """Who × by whom, as the deadline rules count it."""
        if self.by_partner:
            return kind_of_case(Victim.PARTNER, self.alleged, self.victim)
        return kind_of_case(self.victim, self.alleged)

    @property
    def elsewhere(self) -> DeskKind | None:
        """For what another desk is competent; None where the procedure here is for it."""
        return competent_elsewhere(*self.kind)

    @property
    def situation(self) -> AbuseSituation:
        """The report as the transition table looks at it."""
        return AbuseSituation(
            status=AbuseStatus(self.status),
            to_check=self.to_check,
            finding=Finding(self.finding) if self.finding else None,
            evaluation=Evaluation(self.evaluation) if self.evaluation else None,
            proposed_from=AbuseStatus(self.proposed_from) if self.proposed_from else None,
        )


class AbuseEvent(UUIDModel):
    """One thing that happened to a report: exactly one per step, never changed."""

    report = models.ForeignKey(AbuseReport, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=20, choices=AbuseVerb)
    from_status = models.CharField(max_length=20, choices=AbuseStatus, blank=True)
    to_status = models.CharField(max_length=20, choices=AbuseStatus)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    by_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=10_000, blank=True)
    data = models.JSONField(default=dict)  # what this step needs besides

    class Meta:
        app_label = "cases"
        indexes = [models.Index(fields=["report", "-id"], name="event_of_abuse_report")]
        triggers = [append_only("abuse_events_are_append_only")]
