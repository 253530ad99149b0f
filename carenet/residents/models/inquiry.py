"""Hints that another agency may know a person, and the inquiries that follow from them."""

from __future__ import annotations

from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel, code_of
from carenet.residents.models.resident import Resident


class MatchHint(models.Model):
    """A hint: "another agency may know this person"; for one agency, to be used once.

    Its id says nothing, not even when it was given; whom it is about stays on this side.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    given_to = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    given_to_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["resident"], name="hints_of_resident")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("given_at")), name="hint_ends_later")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class InquiryState(models.TextChoices):
    """Where an inquiry stands; `expired` is what the clock makes of an open one."""

    OPEN = "open", pgettext_lazy("inquiry", "open")
    SHARED = "shared", pgettext_lazy("inquiry", "shared")
    DECLINED = "declined", pgettext_lazy("inquiry", "declined")
    EXPIRED = "expired", pgettext_lazy("inquiry", "expired")


class InquiryBox(models.TextChoices):
    """Whose inquiries."""

    SENT = "sent", _("sent by the own agency")
    RECEIVED = "received", _("received by the own agency")


class Inquiry(UUIDModel, VersionedModel):
    """One agency asks another, which it does not know, about a person whom that one may know.

    `code` names it on paper and grants nothing.
    """

    number = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=Func(Value("residents_inquiry_number"), function="nextval"),
    )
    hint = models.OneToOneField(MatchHint, on_delete=models.PROTECT, related_name="inquiry")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="inquiries")
    asked_by = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    asked_by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_of = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    words = models.TextField(max_length=2000)
    state = models.CharField(max_length=10, choices=InquiryState, default=InquiryState.OPEN)
    until = models.DateTimeField()  # nobody needs to answer any more from then on
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "inquiries"
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="inquiries_sent"),
            models.Index(fields=["asked_of", "-id"], name="inquiries_received"),
            models.Index(fields=["resident"], name="inquiries_of_resident"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(asked_by=F("asked_of")), name="inquiry_goes_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | Q(state="shared", answered_at__isnull=False)
                | (Q(state="declined", answered_at__isnull=False) & ~Q(answer="")),
                name="answered_inquiries_say_when",
            ),
        ]
        triggers = [pgtrigger.Protect(name="inquiries_are_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The human code, e.g. `Q-26-000012`."""
        return code_of("Q", self.asked_at, self.number)

    @property
    def stands(self) -> InquiryState:
        """Where it stands by the clock: an open one that nobody answered in time has expired."""
        if self.state == InquiryState.OPEN and self.until <= clock.now():
            return InquiryState.EXPIRED
        return InquiryState(self.state)
