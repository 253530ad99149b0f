"""An invitation to act for an agency: it has no effect on anybody before the invited accepts it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.agencies.models.agency import Agency, Membership, User
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel

#: As long as a user name may be.
LONGEST_USERNAME = 150


class InvitationAnswer(models.TextChoices):
    """How an invitation has ended."""

    ACCEPTED = "accepted", pgettext_lazy("invitation", "accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("invitation", "expired")


class InvitationState(models.TextChoices):
    """What an invitation is waiting for, or how it has ended."""

    OPEN = "open", _("waits for an answer")
    WAITS_FOR_MANAGER = "waits_for_manager", _("waits for a manager's consent")
    ACCEPTED = InvitationAnswer.ACCEPTED.value, InvitationAnswer.ACCEPTED.label
    DECLINED = InvitationAnswer.DECLINED.value, InvitationAnswer.DECLINED.label
    WITHDRAWN = InvitationAnswer.WITHDRAWN.value, InvitationAnswer.WITHDRAWN.label
    EXPIRED = InvitationAnswer.EXPIRED.value, InvitationAnswer.EXPIRED.label


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by what the clock and the inviting agency say of them."""

    def open(self) -> InvitationQuerySet:
        """Those that wait for somebody, of agencies that take part, by whoever still manages them."""
        managers = Membership.objects.current().filter(
            agency=OuterRef("agency"), user=OuterRef("invited_by"), roles__contains=[Role.MANAGER]
        )
        return self.filter(
            Q(invited_by=None) | Exists(managers),
            answer="",
            until__gt=clock.now(),
            agency__active=True,
        )

    def for_answer(self, user: User) -> InvitationQuerySet:
        """Those that this person may accept or decline now."""
        agreed = ~Q(roles__contains=[Role.AUDITOR]) | ~Q(agreed_by=None)
        return self.open().filter(agreed, username=user.username)


class Invitation(UUIDModel, VersionedModel):
    """A place in an agency that is offered to whoever signs in under a user name.

    Only the name is stored, as it was typed: the row is the same whether anybody bears it or not.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    username = models.CharField(max_length=LONGEST_USERNAME)
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    # None: the operator of the service.
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # The second person behind an auditor: a manager of the agency.
    agreed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=InvitationAnswer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # When the invited was told by mail, where an account of this name has an address.
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["username"], condition=Q(answer=""), name="invitation_by_username"
            ),
            models.Index(fields=["agency", "made_at"], name="invitation_by_agency"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "username"],
                condition=Q(answer=""),
                name="one_open_invitation_per_agency",
            ),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="invitation_has_a_role"),
            models.CheckConstraint(
                condition=~Q(roles__contains=[Role.INTEGRATION]),
                name="invitation_is_for_people",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="invitation_is_answered_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.username} → {self.agency_id}"

    @property
    def state(self) -> InvitationState:
        """What it waits for, or how it has ended, as the clock has it now."""
        if self.answer:
            return InvitationState(self.answer)
        if self.until <= clock.now():
            return InvitationState.EXPIRED
        if Role.AUDITOR in self.roles and self.agreed_by_id is None:
            return InvitationState.WAITS_FOR_MANAGER
        return InvitationState.OPEN

    @property
    def role_labels(self) -> list[str]:
        """What the roles are called."""
        return [str(role.label) for role in Role if role in self.roles]
