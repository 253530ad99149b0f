"""What somebody outside has noticed about a person whom perhaps nobody here knows."""

from __future__ import annotations

from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel, code_of
from carenet.watchover.models.assignment import WatchAssignment


class ReporterKind(models.TextChoices):
    """Who has noticed something."""

    NEIGHBOUR = "neighbour", _("neighbour")
    FAMILY = "family", _("family")
    COMMISSIONER = "commissioner", _("commissioned welfare volunteer")
    SHOP = "shop", _("shop")
    DELIVERY = "delivery", _("delivery service")
    UTILITY = "utility", _("electricity, gas or water company")
    LANDLORD = "landlord", _("landlord or caretaker")
    AGENCY = "agency", _("another agency")
    OTHER = "other", _("other")


class ConcernState(models.TextChoices):
    """All that a reporter ever learns."""

    RECEIVED = "received", pgettext_lazy("concern", "received")
    DEALT_WITH = "dealt_with", _("dealt with")


class ConcernOutcome(models.TextChoices):
    """What triage has made of a concern."""

    CONSULTATION = "consultation", _("a consultation")
    JOINED = "joined", _("joined to what is known")
    NOTHING = "nothing", _("nothing to do")


class Concern(UUIDModel, VersionedModel):
    """A report about somebody who may not be registered, for the desk that serves the place.

    Its words stay as they were said. Without `from_agency` it came in without an account. The
    reporter holds a receipt, of which the hash alone is kept, and learns nothing but the state.
    """

    number = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=Func(Value("watchover_concern_number"), function="nextval"),
    )
    received_at = models.DateTimeField(default=clock.now)
    receipt = models.CharField(max_length=64, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    danger_to_life = models.BooleanField(default=False)
    reporter_kind = models.CharField(max_length=20, choices=ReporterKind)
    reporter_name = models.CharField(max_length=100, blank=True)
    reporter_phone = models.CharField(max_length=30, blank=True)
    what = models.CharField(max_length=2000)
    where = models.CharField(max_length=300)
    whom = models.CharField(max_length=200, blank=True)
    observed_at = models.DateTimeField(null=True, blank=True)
    from_agency = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_user = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_client = models.CharField(max_length=100, blank=True)
    claimed_person = models.CharField(max_length=100, blank=True)
    # Of many that come in without a name at once: the first one, under which one reminder chases all.
    gathered_under = models.UUIDField(null=True, blank=True, editable=False)
    triaged_at = models.DateTimeField(null=True, blank=True)
    triaged_by = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=12, choices=ConcernOutcome, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    consultation = models.ForeignKey(
        "cases.Consultation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resident = models.ForeignKey(
        "residents.Resident", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    assignment = models.ForeignKey(
        WatchAssignment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reporter_kind__in=ReporterKind.values), name="reporter_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(triaged_at=None, outcome="")
                | Q(triaged_at__isnull=False, outcome__in=ConcernOutcome.values),
                name="concern_triaged_to_something",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=ConcernOutcome.CONSULTATION) | Q(consultation__isnull=False),
                name="concern_became_a_consultation",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=ConcernOutcome.JOINED) | Q(resident__isnull=False),
                name="concern_joined_to_a_resident",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=ConcernOutcome.NOTHING) | ~Q(reason=""),
                name="concern_set_aside_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="concern_of_agency")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The human code, e.g. `N-26-000012`."""
        return code_of("N", self.received_at, self.number)

    @property
    def state(self) -> ConcernState:
        """What its reporter may learn."""
        return ConcernState.DEALT_WITH if self.triaged_at else ConcernState.RECEIVED
