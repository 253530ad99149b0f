"""The assessment (アセスメント): how somebody's situation was seen on a day, domain by domain."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core import clock
from carenet.core.models import UUIDModel, append_only


class AssessmentOccasion(models.TextChoices):
    """Why it was written."""

    FIRST = "first", _("first assessment")
    REVIEW = "review", _("reassessment")
    CHANGE = "change", _("change in the situation")
    CORRECTION = "correction", _("correction of the one before")


class AssessmentDomain(models.TextChoices):
    """A part of life that is looked at."""

    HEALTH = "health", pgettext_lazy("assessment", "health")
    DAILY_LIVING = "daily_living", _("daily living")
    COGNITION = "cognition", _("cognition")
    HOUSING = "housing", pgettext_lazy("assessment", "housing")
    MONEY = "money", _("money")
    FAMILY = "family", _("family and relations")
    RIGHTS = "rights", _("rights and risks")
    STRENGTHS = "strengths", _("strengths and wishes")


class Concern(models.TextChoices):
    """How much there is to worry about in a domain."""

    UNKNOWN = "unknown", pgettext_lazy("concern", "not known yet")
    NONE = "none", pgettext_lazy("concern", "none")
    SOME = "some", pgettext_lazy("concern", "some")
    GREAT = "great", pgettext_lazy("concern", "great")
    URGENT = "urgent", pgettext_lazy("concern", "urgent")


class Assessment(UUIDModel):
    """One agency's assessment of a case: replaced by its next one, corrected by it, never changed.

    Each agency in the support has a row of its own versions; the current one is that which no other
    replaces.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="assessments")
    author_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveSmallIntegerField()  # within the case and the agency, from 1
    occasion = models.CharField(max_length=12, choices=AssessmentOccasion)
    assessed_on = models.DateField()
    overall = models.TextField(max_length=10_000, blank=True)
    written_at = models.DateTimeField(default=clock.now)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="assessment_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "author_agency", "number"], name="assessments_are_counted"
            ),
            models.CheckConstraint(
                condition=Q(number=1, replaces=None) | (Q(number__gt=1, replaces__isnull=False)),
                name="each_assessment_replaces_one",
            ),
            models.CheckConstraint(
                condition=~Q(occasion=AssessmentOccasion.CORRECTION) | Q(number__gt=1),
                name="corrections_correct_something",
            ),
        ]
        triggers = [append_only("assessments_append_only")]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.number}"

    @property
    def is_current(self) -> bool:
        """Whether no later one of the same agency replaces it; needs `replaced_by` fetched."""
        return getattr(self, "replaced_by", None) is None


class AssessmentFinding(UUIDModel):
    """What an assessment says of one domain."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="findings")
    domain = models.CharField(max_length=12, choices=AssessmentDomain)
    concern = models.CharField(max_length=8, choices=Concern)
    text = models.TextField(max_length=5000, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "domain"], name="one_finding_per_domain")
        ]
        triggers = [append_only("findings_append_only")]

    def __str__(self) -> str:
        return f"{self.domain}: {self.concern}"
